"""A release travels as one file, and arrives as it left."""

import io
import tarfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sortyard.app.exporting import pack, unpack, unpacked
from sortyard.app.releases import Releases
from sortyard.domain.errors import DamagedBundle, InvalidUsage
from tests.unit.app.conftest import MakeRelease

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ENDINGS = [".tar.gz", ".tgz", ".zip"]


def _content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_arrives_is_what_left(make_release: MakeRelease, tmp_path: Path, ending: str) -> None:
    folder = make_release("r1")
    (folder / "wording").mkdir()
    (folder / "wording" / "idf.bin").write_bytes(bytes(range(256)))
    pack(folder, tmp_path / f"out{ending}")
    unpack(tmp_path / f"out{ending}", tmp_path / "back")

    assert _content(tmp_path / "back") == _content(folder)


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_release_makes_the_same_file(
    make_release: MakeRelease, tmp_path: Path, ending: str
) -> None:
    folder = make_release("r1")
    for name in ("one", "two"):
        pack(folder, tmp_path / f"{name}{ending}")

    one, two = ((tmp_path / f"{name}{ending}").read_bytes() for name in ("one", "two"))
    assert one == two


def test_another_ending_is_refused(make_release: MakeRelease, tmp_path: Path) -> None:
    with pytest.raises(InvalidUsage, match="End it with"):
        pack(make_release("r1"), tmp_path / "out.rar")


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "a/../../evil", "C:evil", "a\\evil"])
def test_a_name_outside_of_the_release_is_refused(tmp_path: Path, name: str) -> None:
    with tarfile.open(tmp_path / "out.tar.gz", "w:gz") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = 4
        archive.addfile(entry, io.BytesIO(b"evil"))

    with pytest.raises(DamagedBundle, match="outside"):
        unpack(tmp_path / "out.tar.gz", tmp_path / "back")


def test_a_link_is_left_out(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "out.tar.gz", "w:gz") as archive:
        entry = tarfile.TarInfo("passwords")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(entry)
    unpack(tmp_path / "out.tar.gz", tmp_path / "back")

    assert list((tmp_path / "back").iterdir()) == []


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_broken_file_leaves_nothing_behind(tmp_path: Path, ending: str) -> None:
    broken = tmp_path / f"out{ending}"
    broken.write_bytes(b"\x1f\x8b\x08\x00 not really")

    with pytest.raises(DamagedBundle):
        unpack(broken, tmp_path / "back")
    assert [one.name for one in tmp_path.iterdir()] == [broken.name]


def test_a_zip_cut_short_is_damage(make_release: MakeRelease, tmp_path: Path) -> None:
    pack(make_release("r1"), tmp_path / "out.tar.gz")
    whole = (tmp_path / "out.tar.gz").read_bytes()
    (tmp_path / "out.tar.gz").write_bytes(whole[: len(whole) // 2])

    with pytest.raises(DamagedBundle):
        unpack(tmp_path / "out.tar.gz", tmp_path / "back")


def test_a_changed_byte_in_a_zip_is_damage(tmp_path: Path) -> None:
    target = tmp_path / "out.zip"
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("policy.json", "a" * 100)
    target.write_bytes(target.read_bytes().replace(b"aaaa", b"aaab", 1))

    with pytest.raises(DamagedBundle):
        unpack(target, tmp_path / "back")


def test_a_lent_folder_vanishes(make_release: MakeRelease, tmp_path: Path) -> None:
    pack(make_release("r1"), tmp_path / "out.zip")
    with unpacked(tmp_path / "out.zip") as folder:
        assert (folder / "manifest.json").is_file()

    assert not folder.exists()


def test_an_import_is_checked_and_put_in_its_place(
    releases: Releases, make_release: MakeRelease, tmp_path: Path
) -> None:
    folder = make_release("r1")
    pack(folder, tmp_path / "out.zip")
    before = _content(folder)
    folder.rename(tmp_path / "gone")
    releases.take_in(tmp_path / "out.zip", at=NOON)

    assert _content(folder) == before


def test_an_import_of_what_is_here_changes_nothing(
    releases: Releases, make_release: MakeRelease, tmp_path: Path
) -> None:
    pack(make_release("r1"), tmp_path / "out.zip")

    assert releases.take_in(tmp_path / "out.zip", at=NOON).id == "r1"


def test_a_damaged_import_leaves_nothing_behind(
    releases: Releases, make_release: MakeRelease, tmp_path: Path
) -> None:
    folder = make_release("r1")
    (folder / "policy.json").write_text("{}")
    pack(folder, tmp_path / "out.zip")
    folder.rename(tmp_path / "gone")

    with pytest.raises(DamagedBundle):
        releases.take_in(tmp_path / "out.zip", at=NOON)
    assert list(releases.folder.iterdir()) == []


def test_what_is_no_export_is_refused(releases: Releases, tmp_path: Path) -> None:
    with pytest.raises(InvalidUsage, match="not an exported release"):
        releases.take_in(tmp_path / "tickets.csv", at=NOON)
