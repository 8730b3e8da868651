"""A release on disk answers as it was measured, or says what is wrong with it."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

import sortyard.models
from sortyard.domain.errors import DamagedBundle, MissingBundle, NewerFormat, SortyardError
from sortyard.models.bundle import (
    CALIBRATION,
    EXAMPLES,
    GRAMS,
    HEADS,
    NEEDED,
    POLICY,
    PREPARATION,
    REFERENCE,
    TAXONOMY,
    VOCABULARY,
    open_bundle,
)
from sortyard.models.cascade import Depth
from sortyard.models.classifier import Classifier
from sortyard.models.manifest import MANIFEST, Manifest, checksums, release_id
from tests.contracts.tiny_release import (
    HASH_ENGINES,
    RECIPE,
    seal,
    tiny_dataset,
    train_tiny,
    write_tiny,
)

TEXTS = (*tiny_dataset(40, seed=4).texts, "", "unheard of", "erase my personal data", "Ünï \ud800")
JSON = (PREPARATION, POLICY, CALIBRATION, VOCABULARY, EXAMPLES)
TENSORS = (HEADS, GRAMS, REFERENCE)


@pytest.fixture
def folder(bundle: Path, tmp_path: Path) -> Path:
    """A copy that a test may break."""
    return Path(shutil.copytree(bundle, tmp_path / "release"))


def change(path: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    stored = json.loads(path.read_text(encoding="utf-8"))
    edit(stored)
    path.write_text(json.dumps(stored), encoding="utf-8")


def assert_damaged(folder: Path) -> DamagedBundle:
    with pytest.raises(DamagedBundle) as caught:
        open_bundle(folder, HASH_ENGINES)
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize("depth", Depth)
def test_what_was_written_answers_the_same(trained: Classifier, bundle: Path, depth: Depth) -> None:
    opened = open_bundle(bundle, HASH_ENGINES)
    expected = trained.named(opened.release).at_depth(depth).classify_batch(TEXTS)
    assert opened.at_depth(depth).classify_batch(TEXTS) == expected


@pytest.mark.parametrize("dimension", ["team", "topic", "flags"])
def test_what_was_written_explains_the_same(
    trained: Classifier, bundle: Path, dimension: str
) -> None:
    opened = open_bundle(bundle, HASH_ENGINES)
    expected = trained.named(opened.release).explain(TEXTS[0], dimension)
    assert opened.explain(TEXTS[0], dimension) == expected


def test_half_a_surrogate_pair_survives(trained: Classifier, tmp_path: Path) -> None:
    reference = trained.eyes.reference
    assert reference is not None
    odd = replace(reference, texts=("\ud800 é",) * len(reference), ids=("\udc80",) * len(reference))
    write_tiny(replace(trained, eyes=replace(trained.eyes, reference=odd)), tmp_path / "one")
    found = open_bundle(tmp_path / "one", HASH_ENGINES).eyes.reference
    assert found is not None
    assert (found.texts, found.ids) == (odd.texts, odd.ids)


def test_a_release_without_an_encoder_opens(tmp_path: Path) -> None:
    student = train_tiny(tiny_dataset(60), recipe=replace(RECIPE, cascade=False))
    named = write_tiny(student, tmp_path / "edge")
    opened = open_bundle(tmp_path / "edge", HASH_ENGINES)
    assert opened.eyes.encoder is None
    assert opened.eyes.reference is None
    assert opened.classify_batch(TEXTS) == named.classify_batch(TEXTS)


def test_the_same_training_makes_the_same_release(tmp_path: Path) -> None:
    one, other = (
        write_tiny(train_tiny(tiny_dataset(40)), tmp_path / name) for name in ("one", "other")
    )
    assert one.release == other.release
    assert checksums(tmp_path / "one") == checksums(tmp_path / "other")


def test_files_are_text_or_bare_numbers(bundle: Path) -> None:
    for path in (one for one in bundle.rglob("*") if one.is_file()):
        content = path.read_bytes()
        if path.suffix == ".safetensors":
            header = int.from_bytes(content[:8], "little")
            described = json.loads(content[8 : 8 + header])
            numbers = sum(np.diff(one["data_offsets"])[0] for one in described.values())
            assert len(content) == 8 + header + numbers
        else:
            assert path.suffix in {".json", ".yaml", ".html"}
            assert "\0" not in content.decode("utf-8")


def test_no_module_can_read_a_pickle() -> None:
    source = Path(sortyard.models.__file__).parent
    for path in source.rglob("*.py"):
        assert not re.search(
            r"import pickle|joblib|allow_pickle|np\.load\(", path.read_text("utf-8")
        )


@pytest.mark.parametrize("name", [*JSON, *TENSORS, TAXONOMY, "encoder/hash.json"])
def test_a_changed_byte_is_found(folder: Path, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    assert assert_damaged(folder).file == name


@pytest.mark.parametrize("name", [*JSON, *TENSORS, TAXONOMY, "static/hash.json"])
def test_a_missing_file_is_found(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert assert_damaged(folder).file == name


@pytest.mark.parametrize("name", NEEDED)
def test_a_file_that_is_not_listed_is_not_used(folder: Path, name: str) -> None:
    files = {
        one: digest
        for one, digest in Manifest.read(folder).files.items()
        if one != name and not one.startswith(f"{name}/")
    }
    change(folder / MANIFEST, lambda all_: all_.update(files=files, release=release_id(files)))
    assert_damaged(folder)


@pytest.mark.parametrize("dropped", [(REFERENCE,), (EXAMPLES,), (REFERENCE, EXAMPLES)])
def test_examples_that_are_not_listed_are_not_used(folder: Path, dropped: tuple[str, ...]) -> None:
    files = {n: d for n, d in Manifest.read(folder).files.items() if n not in dropped}
    change(folder / MANIFEST, lambda all_: all_.update(files=files, release=release_id(files)))
    assert open_bundle(folder, HASH_ENGINES).eyes.reference is None


def test_an_encoder_that_is_not_listed_is_not_opened(folder: Path) -> None:
    files = {n: d for n, d in Manifest.read(folder).files.items() if "encoder/" not in n}
    change(folder / MANIFEST, lambda all_: all_.update(files=files, release=release_id(files)))
    assert "encoder" in assert_damaged(folder).file


def test_a_release_under_another_name_is_refused(folder: Path) -> None:
    change(folder / MANIFEST, lambda all_: all_.update(release="r0123456789"))
    assert "names another release" in assert_damaged(folder).problem


def test_no_release_is_no_release(tmp_path: Path) -> None:
    with pytest.raises(MissingBundle) as caught:
        open_bundle(tmp_path, HASH_ENGINES)
    assert caught.value.remedy


@pytest.mark.parametrize("name", JSON)
def test_a_newer_format_says_what_to_do(folder: Path, name: str) -> None:
    change(folder / name, lambda stored: stored.update(format=99))
    seal(folder)
    with pytest.raises(NewerFormat, match="99") as caught:
        open_bundle(folder, HASH_ENGINES)
    assert "Upgrade" in caught.value.remedy


def test_a_newer_taxonomy_says_what_to_do(folder: Path) -> None:
    text = (folder / TAXONOMY).read_text(encoding="utf-8")
    (folder / TAXONOMY).write_text(text.replace("format: 1", "format: 99"), encoding="utf-8")
    seal(folder)
    with pytest.raises(NewerFormat):
        open_bundle(folder, HASH_ENGINES)


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"{}", b"\xff", b'{"format": "x"}'])
@pytest.mark.parametrize("name", [*JSON, TAXONOMY])
def test_a_released_file_that_says_nothing_is_damage(
    folder: Path, name: str, content: bytes
) -> None:
    (folder / name).write_bytes(content)
    seal(folder)
    assert_damaged(folder)


@pytest.mark.parametrize("name", TENSORS)
@pytest.mark.parametrize("kept", [0, 4, 40, 0.5, 0.99])
def test_truncated_numbers_are_damage(folder: Path, name: str, kept: float) -> None:
    content = (folder / name).read_bytes()
    size = int(kept * len(content)) if isinstance(kept, float) else kept
    (folder / name).write_bytes(content[:size])
    seal(folder)
    assert_damaged(folder)


@pytest.mark.parametrize(
    "array",
    ["0.cuts", "2.cuts", "0.wording.weights", "0.student.meaning.biases", "1.full.meaning.weights"],
)
def test_numbers_that_do_not_fit_are_damage(folder: Path, array: str) -> None:
    arrays = load_file(folder / HEADS)
    arrays[array] = np.ascontiguousarray(arrays[array][:-1])
    save_file(arrays, folder / HEADS)
    seal(folder)
    assert_damaged(folder)


def test_numbers_that_are_none_are_damage(folder: Path) -> None:
    arrays = load_file(folder / HEADS)
    arrays["0.full.meaning.biases"][:] = np.nan
    save_file(arrays, folder / HEADS)
    seal(folder)
    assert_damaged(folder)


Edit = tuple[str, Callable[[dict[str, Any]], object]]
MISFITS: dict[str, Edit] = {
    "a dimension is lost": (POLICY, lambda all_: all_["dimensions"].pop("team")),
    "there is one more": (POLICY, lambda all_: all_["dimensions"].update(more={})),
    "a label is lost": (POLICY, lambda all_: all_["dimensions"]["team"]["labels"].pop()),
    "a lead is a word": (POLICY, lambda all_: all_["dimensions"]["team"].update(lead="much")),
    "no fallback": (POLICY, lambda all_: all_["dimensions"]["team"]["policy"].pop("fallback")),
    "no calibration": (CALIBRATION, lambda all_: all_["dimensions"].pop("flags")),
    "no student": (CALIBRATION, lambda all_: all_["dimensions"]["team"]["lines"].pop("student")),
    "grams across texts": (VOCABULARY, lambda all_: all_["orders"].update(shortest=2)),
    "a gram is lost": (VOCABULARY, lambda all_: all_["grams"].pop()),
    "an example has no id": (EXAMPLES, lambda all_: all_["ids"].pop()),
    "an example has no text": (EXAMPLES, lambda all_: all_["texts"].pop()),
}


@pytest.mark.parametrize("misfit", MISFITS)
def test_parts_that_do_not_fit_together_are_damage(folder: Path, misfit: str) -> None:
    name, edit = MISFITS[misfit]
    change(folder / name, edit)
    seal(folder)
    assert_damaged(folder)


def test_reports_are_checked_but_make_no_name(folder: Path, bundle: Path) -> None:
    (folder / "report.html").write_text("another story")
    assert assert_damaged(folder).file == "report.html"
    assert release_id(checksums(folder)) == Manifest.read(bundle).release


def test_every_refusal_is_one_of_ours(folder: Path) -> None:
    """Files swapped for each other, which have the right kind and say something else."""
    for one, other in ((GRAMS, HEADS), (CALIBRATION, POLICY), (REFERENCE, GRAMS)):
        first, second = (folder / one).read_bytes(), (folder / other).read_bytes()
        (folder / one).write_bytes(second)
        (folder / other).write_bytes(first)
        seal(folder)
        with pytest.raises(SortyardError):
            open_bundle(folder, HASH_ENGINES)
        (folder / one).write_bytes(first)
        (folder / other).write_bytes(second)
