"""The manifest refuses whatever is not the release that was made."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.domain.errors import DamagedBundle, MissingBundle, NewerFormat
from sortyard.models.manifest import ABOUT, MANIFEST, Manifest, checksums, release_id
from tests.contracts.tiny_release import seal

LAW = settings(deadline=None)  # a busy machine breaks no law

DIGEST = st.text("0123456789abcdef", min_size=4, max_size=4)
FILES = st.dictionaries(st.sampled_from(["a.json", "b/c.onnx", "b/d.json", "e.yaml"]), DIGEST)
REPORTS = st.dictionaries(st.sampled_from(sorted(ABOUT)), DIGEST)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "release"
    (place / "encoder").mkdir(parents=True)
    (place / "policy.json").write_text("{}")
    (place / "encoder" / "model.onnx").write_bytes(b"graph")
    (place / "report.html").write_text("<p>")
    seal(place)
    return place


def rewrite(folder: Path, **changes: Any) -> None:
    stored = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps(stored | changes))


def files_of(folder: Path) -> dict[str, str]:
    return dict(Manifest.read(folder).files)


def assert_refused(folder: Path, why: str | None = None) -> None:
    with pytest.raises(DamagedBundle, match=why) as caught:
        Manifest.read(folder).verify(folder)
    assert caught.value.remedy


def test_what_was_written_is_read_back(folder: Path) -> None:
    manifest = Manifest.read(folder)
    manifest.write(folder)
    assert Manifest.read(folder) == manifest
    manifest.verify(folder)


def test_it_names_the_files_that_were_learnt_from(folder: Path) -> None:
    sources: tuple[dict[str, str | int], ...] = (
        {"name": "tickets.csv", "rows": 3, "sha256": "ab"},
        {"name": "plan.csv", "rows": 1, "sha256": "cd"},
    )
    replace(Manifest.read(folder), sources=sources).write(folder)

    assert Manifest.read(folder).sources == sources


def test_an_older_one_names_none(folder: Path) -> None:
    stored = json.loads((folder / MANIFEST).read_text())
    del stored["sources"]
    (folder / MANIFEST).write_text(json.dumps(stored))

    assert Manifest.read(folder).sources == ()


@pytest.mark.parametrize("sources", [None, 3, "tickets.csv", ["tickets.csv"], {"name": "x"}])
def test_files_that_are_named_otherwise_are_damage(folder: Path, sources: object) -> None:
    rewrite(folder, sources=sources)

    assert_refused(folder)


def test_it_lists_every_file_but_itself(folder: Path) -> None:
    assert set(files_of(folder)) == {"policy.json", "encoder/model.onnx", "report.html"}


def test_a_folder_without_one_is_no_release(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(MissingBundle) as caught:
            Manifest.read(place)
        assert caught.value.remedy


def test_a_file_is_no_release(folder: Path) -> None:
    with pytest.raises(MissingBundle):
        Manifest.read(folder / "policy.json")


@pytest.mark.parametrize("name", ["policy.json", "encoder/model.onnx", "report.html"])
@pytest.mark.parametrize("damage", ["changed", "longer", "empty", "missing", "a folder"])
def test_a_damaged_file_is_named(folder: Path, name: str, damage: str) -> None:
    path = folder / name
    content = path.read_bytes()
    path.unlink()
    match damage:
        case "changed":
            path.write_bytes(bytes([content[0] ^ 1]) + content[1:])
        case "longer":
            path.write_bytes(content + b"\n")
        case "empty":
            path.touch()
        case "a folder":
            path.mkdir()
    assert_refused(folder, name)


@pytest.mark.parametrize(
    "name",
    [
        "../policy.json",
        "encoder/../../policy.json",
        "encoder/../policy.json",
        "/etc/hostname",
        "//etc/hostname",
        "./policy.json",
        "encoder//model.onnx",
        "..",
        ".",
        "",
        "..\\policy.json",
        "C:policy.json",
        "policy.json\0",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(folder: Path, name: str) -> None:
    shutil.copy(folder / "policy.json", folder.parent / "policy.json")
    rewrite(folder, files=files_of(folder) | {name: files_of(folder)["policy.json"]})
    assert_refused(folder, "outside")


def test_an_unlisted_file_among_listed_ones_is_refused(folder: Path) -> None:
    (folder / "encoder" / "model.int8.onnx").write_bytes(b"another graph")
    assert_refused(folder, "model.int8.onnx was not released")


def test_what_a_system_leaves_behind_does_no_harm(folder: Path) -> None:
    (folder / "encoder" / ".DS_Store").write_bytes(b"icons")
    (folder / "Thumbs.db").write_bytes(b"icons")
    Manifest.read(folder).verify(folder)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"7",
        b'"manifest"',
        b"{}",
        b'{"format": 1}',
        b'{"format": "1"}',
        b'{"format": null}',
        b"[" * 100_000,
    ],
)
def test_a_manifest_that_says_nothing_is_damage(folder: Path, content: bytes) -> None:
    (folder / MANIFEST).write_bytes(content)
    assert_refused(folder, MANIFEST)


@pytest.mark.parametrize(
    "changes",
    [
        {"files": []},
        {"files": None},
        {"files": {"policy.json": 7}},
        {"release": 7},
        {"release": None},
        {"recipe": "quick"},
        {"versions": ["numpy"]},
        {"parents": None},
        {"parents": [1]},
        {"format": 0},
        {"format": 1.5},
        {"format": True},
        {"surplus": 1},
    ],
    ids=str,
)
def test_a_manifest_with_a_wrong_part_is_damage(folder: Path, changes: dict[str, Any]) -> None:
    rewrite(folder, **changes)
    assert_refused(folder)


def test_a_newer_format_says_so_before_anything_else(folder: Path) -> None:
    rewrite(folder, format=2, release={"id": "of the future"})
    with pytest.raises(NewerFormat, match="format 2") as caught:
        Manifest.read(folder)
    assert "Upgrade" in caught.value.remedy


@LAW
@given(FILES, REPORTS, REPORTS)
def test_reports_do_not_change_a_releases_name(
    files: dict[str, str], one: dict[str, str], other: dict[str, str]
) -> None:
    assert release_id(files | one) == release_id(files | other)


@LAW
@given(FILES, FILES)
def test_other_models_have_another_name(one: dict[str, str], other: dict[str, str]) -> None:
    assert (release_id(one) == release_id(other)) == (one == other)


@LAW
@given(FILES, st.randoms())
def test_the_order_of_files_decides_nothing(files: dict[str, str], random: Any) -> None:
    names = list(files)
    random.shuffle(names)
    assert release_id({name: files[name] for name in names}) == release_id(files)


def test_sums_do_not_hang_on_the_place(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "elsewhere")
    assert checksums(tmp_path / "elsewhere") == checksums(folder)


def test_a_folder_is_listed_by_what_it_holds(folder: Path) -> None:
    manifest = Manifest.read(folder)
    assert manifest.lists("encoder")
    assert manifest.lists("policy.json")
    assert not manifest.lists("enc")
    assert not manifest.lists("static")
