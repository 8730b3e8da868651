"""
A release as a folder: written once, verified whenever it is opened.

No file of it holds code. Numbers are safetensors, words are JSON or YAML, graphs are ONNX.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from sortyard.data.rules_file import read_rules, render_rules
from sortyard.data.taxonomy_file import read_taxonomy, write_taxonomy
from sortyard.domain.errors import DamagedBundle, MissingExtra, NewerFormat, SortyardError
from sortyard.domain.taxonomy import Taxonomy
from sortyard.models.cascade import Eyes
from sortyard.models.classifier import Classifier
from sortyard.models.dimension import DimensionModel
from sortyard.models.dimension_parts import (
    Arrays,
    arrays_of,
    calibration_of,
    model_from_parts,
    policy_of,
)
from sortyard.models.encoders import Encoder
from sortyard.models.features import NO_FEATURES, Features
from sortyard.models.languages import NO_LANGUAGES, Languages, OpenDetector
from sortyard.models.manifest import MANIFEST, Manifest, release_id
from sortyard.models.neighbours import Reference
from sortyard.models.reranker import PairScorer
from sortyard.models.rules import NO_RULES, Rulebook
from sortyard.models.wording import Wording
from sortyard.text.language.identifier import open_identifier
from sortyard.text.preparation import Preparation

FORMAT = 1
ENCODER, STATIC = "encoder", "static"  # folders that their engines write and read
RERANKER = "reranker"  # another one, of a release that reads its candidates' cards
TAXONOMY, PREPARATION, POLICY = "taxonomy.yaml", "preparation.json", "policy.json"
CALIBRATION, HEADS, REFERENCE = "calibration.json", "heads.safetensors", "reference.safetensors"
EXAMPLES, VOCABULARY, GRAMS = "reference.json", "wording/vocabulary.json", "wording/idf.safetensors"
RULES = "rules.yaml"  # of a release that has any
LANGUAGES = "languages.json"  # of one that knows which it was taught
FEATURES = "features.json"  # of one that learnt from more than words
PROBE = "a word"
NEEDED = (TAXONOMY, PREPARATION, POLICY, CALIBRATION, HEADS, VOCABULARY, GRAMS, STATIC)
# What reading a file raises that was released, and is not what it should be.
UNFIT = (
    SortyardError,
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    SafetensorError,
    TypeError,
    ValueError,
)

Open: TypeAlias = Callable[[Path], Encoder]
OpenPairs: TypeAlias = Callable[[Path], PairScorer]


@dataclass(frozen=True, slots=True)
class Engines:
    """How the folders of a bundle that hold an encoder are opened."""

    encoder: Open
    static: Open
    reranker: OpenPairs
    detector: OpenDetector = open_identifier


def write_models(classifier: Classifier, folder: Path) -> None:
    """
    Write all that a classifier has learnt into a folder.

    The engines' own folders, `encoder`, `static` and `reranker`, and the manifest are written by
    others.
    """
    write_taxonomy(classifier.taxonomy, folder / TAXONOMY)
    _write_json(folder / PREPARATION, classifier.preparation.to_dict())
    models = {model.dimension.name: model for model in classifier.models}
    _write_json(folder / POLICY, {"dimensions": {n: policy_of(m) for n, m in models.items()}})
    _write_json(
        folder / CALIBRATION, {"dimensions": {n: calibration_of(m) for n, m in models.items()}}
    )
    arrays: Arrays = {}
    for number, model in enumerate(classifier.models):
        arrays |= arrays_of(model, str(number))
    save_file(_contiguous(arrays), folder / HEADS)
    if classifier.rulebook:
        (folder / RULES).write_bytes(render_rules(classifier.rulebook.rules).encode())
    if classifier.languages.gate.languages:
        _write_json(folder / LANGUAGES, classifier.languages.to_dict())
    eyes = classifier.eyes
    _write_json(folder / VOCABULARY, eyes.wording.to_dict())
    save_file(_contiguous(eyes.wording.arrays()), folder / GRAMS)
    if eyes.features:
        _write_json(folder / FEATURES, eyes.features.to_dict())
    if eyes.reference is not None:
        _write_json(
            folder / EXAMPLES,
            {"ids": list(eyes.reference.ids), "texts": list(eyes.reference.texts)},
        )
        save_file({"vectors": eyes.reference.vectors.astype(np.float16)}, folder / REFERENCE)


def open_bundle(folder: Path, engines: Engines) -> Classifier:
    """
    Open a release, after every file was compared with its checksum.

    One text is answered before anybody's is, so that parts that do not fit are found here.
    Raises MissingBundle, DamagedBundle, NewerFormat or, for a release with rules or one that tells
    languages apart, MissingExtra, each with a remedy.
    """
    manifest = Manifest.read(folder)
    manifest.verify(folder)
    if manifest.release != release_id(manifest.files):
        raise DamagedBundle(str(folder), MANIFEST, "names another release")
    missing = [name for name in NEEDED if not manifest.lists(name)]
    if missing:
        raise DamagedBundle(str(folder), MANIFEST, f"does not list {missing[0]}")
    try:
        classifier = _read_models(folder, manifest, engines)
        plain = classifier.ruled_by(NO_RULES).knowing(NO_LANGUAGES)
        plain.reading_everything().classify(PROBE)
    except (DamagedBundle, NewerFormat, MissingExtra):
        raise
    except UNFIT as error:
        raise DamagedBundle(str(folder), "its content", "does not fit together") from error
    return classifier


def _read_models(folder: Path, manifest: Manifest, engines: Engines) -> Classifier:
    taxonomy = read_taxonomy(folder / TAXONOMY)
    policies = _read_json(folder / POLICY)["dimensions"]
    calibrations = _read_json(folder / CALIBRATION)["dimensions"]
    arrays = load_file(folder / HEADS)
    models = tuple(
        model_from_parts(taxonomy[name], policies[name], calibrations[name], arrays, str(number))
        for number, name in enumerate(policies)
    )
    reranker = _reranker(folder, manifest, models, engines)
    return Classifier(
        release=manifest.release,
        taxonomy=taxonomy,
        preparation=Preparation.from_dict(_read_json(folder / PREPARATION, checked=False)),
        eyes=replace(_eyes(folder, manifest, engines), reranker=reranker),
        models=models,
        rulebook=_rulebook(folder, manifest, taxonomy),
        languages=_languages(folder, manifest, engines),
    )


def _rulebook(folder: Path, manifest: Manifest, taxonomy: Taxonomy) -> Rulebook:
    return Rulebook.of(read_rules(folder / RULES), taxonomy) if manifest.lists(RULES) else NO_RULES


def _languages(folder: Path, manifest: Manifest, engines: Engines) -> Languages:
    if not manifest.lists(LANGUAGES):
        return NO_LANGUAGES
    return Languages.from_dict(_read_json(folder / LANGUAGES), engines.detector)


def _features(folder: Path, manifest: Manifest) -> Features:
    if not manifest.lists(FEATURES):
        return NO_FEATURES
    return Features.from_dict(_read_json(folder / FEATURES))


def _eyes(folder: Path, manifest: Manifest, engines: Engines) -> Eyes:
    reference = None
    if manifest.lists(REFERENCE) and manifest.lists(EXAMPLES):
        examples = _read_json(folder / EXAMPLES)
        vectors = load_file(folder / REFERENCE)["vectors"].astype(np.float32)
        reference = Reference(vectors, tuple(examples["ids"]), tuple(examples["texts"]))
    return Eyes(
        wording=Wording.from_parts(_read_json(folder / VOCABULARY), load_file(folder / GRAMS)),
        static=engines.static(folder / STATIC),
        encoder=engines.encoder(folder / ENCODER) if manifest.lists(ENCODER) else None,
        reference=reference,
        features=_features(folder, manifest),
    )


def _reranker(
    folder: Path, manifest: Manifest, models: Sequence[DimensionModel], engines: Engines
) -> PairScorer | None:
    """Open the reranker where a dimension needs it."""
    if not any(model.reranking for model in models):
        return None
    if not manifest.lists(RERANKER):
        raise DamagedBundle(str(folder), RERANKER, "is missing")
    return engines.reranker(folder / RERANKER)


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"format": FORMAT} | dict(content), ensure_ascii=False, indent=1)
    # Half of a surrogate pair has no UTF-8; its backslash form is what JSON writes for it.
    path.write_text(text + "\n", encoding="utf-8", errors="backslashreplace")


def _read_json(path: Path, *, checked: bool = True) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if checked and content["format"] > FORMAT:
        raise NewerFormat(str(path), content["format"], FORMAT)
    return content


def _contiguous(arrays: Arrays) -> Arrays:
    return {name: np.ascontiguousarray(array) for name, array in arrays.items()}
