"""
A release as a folder: written once, verified whenever it is opened.

No file of it holds code. Numbers are safetensors, words are JSON or YAML, graphs are ONNX.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from sortyard.data.rules_file import read_rules, render_rules
from sortyard.data.taxonomy_file import read_taxonomy, write_taxonomy
from sortyard.domain.errors import DamagedBundle, MissingExtra, NewerFormat, SortyardError
from sortyard.domain.policy import DimensionPolicy
from sortyard.domain.taxonomy import Dimension, Kind, Taxonomy
from sortyard.models.calibration_file import (
    calibrator_from_dict,
    calibrator_to_dict,
    independent_calibrator_from_dict,
)
from sortyard.models.cascade import Depth, Eyes
from sortyard.models.classifier import Classifier
from sortyard.models.dimension import DimensionModel
from sortyard.models.encoders import Encoder
from sortyard.models.heads import Head
from sortyard.models.hierarchy import LabelTree
from sortyard.models.isotonic import Curve
from sortyard.models.line import Line
from sortyard.models.manifest import MANIFEST, Manifest, release_id
from sortyard.models.neighbours import Reference
from sortyard.models.rules import NO_RULES, Rulebook
from sortyard.models.wording import Wording
from sortyard.text.preparation import Preparation

FORMAT = 1
ENCODER, STATIC = "encoder", "static"  # folders that their engines write and read
TAXONOMY, PREPARATION, POLICY = "taxonomy.yaml", "preparation.json", "policy.json"
CALIBRATION, HEADS, REFERENCE = "calibration.json", "heads.safetensors", "reference.safetensors"
EXAMPLES, VOCABULARY, GRAMS = "reference.json", "wording/vocabulary.json", "wording/idf.safetensors"
RULES = "rules.yaml"  # of a release that has any
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

Arrays: TypeAlias = dict[str, NDArray[Any]]
Open: TypeAlias = Callable[[Path], Encoder]


@dataclass(frozen=True, slots=True)
class Engines:
    """How the folders of a bundle that hold an encoder are opened."""

    encoder: Open
    static: Open


def write_models(classifier: Classifier, folder: Path) -> None:
    """
    Write all that a classifier has learnt into a folder.

    The engines' own folders, `encoder` and `static`, and the manifest are written by others.
    """
    write_taxonomy(classifier.taxonomy, folder / TAXONOMY)
    _write_json(folder / PREPARATION, classifier.preparation.to_dict())
    models = {model.dimension.name: model for model in classifier.models}
    _write_json(folder / POLICY, {"dimensions": {n: _policy(m) for n, m in models.items()}})
    _write_json(
        folder / CALIBRATION, {"dimensions": {n: _calibration(m) for n, m in models.items()}}
    )
    arrays: Arrays = {}
    for number, model in enumerate(classifier.models):
        arrays |= _arrays(model, str(number))
    save_file(_contiguous(arrays), folder / HEADS)
    if classifier.rulebook:
        (folder / RULES).write_bytes(render_rules(classifier.rulebook.rules).encode())
    eyes = classifier.eyes
    _write_json(folder / VOCABULARY, eyes.wording.to_dict())
    save_file(_contiguous(eyes.wording.arrays()), folder / GRAMS)
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
    Raises MissingBundle, DamagedBundle, NewerFormat or, for a release with rules, MissingExtra,
    each with a remedy.
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
        classifier.ruled_by(NO_RULES).at_depth(Depth.FULL).classify(PROBE)
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
    return Classifier(
        release=manifest.release,
        taxonomy=taxonomy,
        preparation=Preparation.from_dict(_read_json(folder / PREPARATION, checked=False)),
        eyes=_eyes(folder, manifest, engines),
        models=tuple(
            _model(taxonomy[name], policies[name], calibrations[name], arrays, str(number))
            for number, name in enumerate(policies)
        ),
        rulebook=_rulebook(folder, manifest, taxonomy),
    )


def _rulebook(folder: Path, manifest: Manifest, taxonomy: Taxonomy) -> Rulebook:
    return Rulebook.of(read_rules(folder / RULES), taxonomy) if manifest.lists(RULES) else NO_RULES


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
    )


def _policy(model: DimensionModel) -> dict[str, Any]:
    return {"labels": list(model.labels), "lead": model.lead, "policy": model.policy.to_dict()}


def _calibration(model: DimensionModel) -> dict[str, Any]:
    lines = {"student": model.student} | ({} if model.full is None else {"full": model.full})
    return {
        "whole": None if model.whole is None else model.whole.to_dict(),
        "ways": {name: dict(figures) for name, figures in model.ways.items()},
        "lines": {
            name: {"calibrator": calibrator_to_dict(line.calibrator)} | line.to_dict()
            for name, line in lines.items()
        },
    }


def _arrays(model: DimensionModel, prefix: str) -> Arrays:
    arrays = {f"{prefix}.cuts": model.cuts}
    arrays |= model.student.wording.arrays(f"{prefix}.wording")
    arrays |= model.student.arrays(f"{prefix}.student")
    if model.full is not None:
        arrays |= model.full.arrays(f"{prefix}.full")
    return arrays


def _model(
    dimension: Dimension,
    policy: Mapping[str, Any],
    calibration: Mapping[str, Any],
    arrays: Arrays,
    prefix: str,
) -> DimensionModel:
    wording = Head.from_arrays(arrays, f"{prefix}.wording")
    single = dimension.kind is Kind.SINGLE
    read = calibrator_from_dict if single else independent_calibrator_from_dict
    lines = {
        name: Line.from_parts(
            stored,
            arrays,
            f"{prefix}.{name}",
            labels=policy["labels"],
            wording=wording,
            calibrator=read(stored["calibrator"]),
        )
        for name, stored in calibration["lines"].items()
    }
    whole = calibration["whole"]
    return DimensionModel(
        dimension=dimension,
        tree=LabelTree.of(tuple(policy["labels"])),
        student=lines["student"],
        full=lines.get("full"),
        lead=float(policy["lead"]),
        cuts=arrays[f"{prefix}.cuts"],
        whole=None if whole is None else Curve.from_dict(whole),
        policy=DimensionPolicy.from_dict(policy["policy"]),
        ways=calibration.get("ways", {}),  # a release from before has none
    )


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
