"""A file is either whole or absent."""

import errno
import os
import stat
from pathlib import Path

import pytest

from sortyard.app.files import append_line, refusals, replacing, replacing_folder, write_whole
from sortyard.domain.errors import CannotWrite


class Accident(Exception):
    """Something that goes wrong in the middle of a write."""


def _half_a_file(path: Path) -> None:
    with replacing(path) as draft:
        draft.write_text("half")
        raise Accident


def _half_a_folder(path: Path) -> None:
    with replacing_folder(path) as draft:
        (draft / "half").touch()
        raise Accident


def test_a_written_file_has_its_content(tmp_path: Path) -> None:
    write_whole(tmp_path / "new" / "file.txt", "grüße\n")

    assert (tmp_path / "new" / "file.txt").read_text(encoding="utf-8") == "grüße\n"


def test_an_accident_leaves_the_old_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_text("old")

    with pytest.raises(Accident):
        _half_a_file(path)

    assert [one.read_text() for one in tmp_path.iterdir()] == ["old"]


def test_an_accident_leaves_no_folder_behind(tmp_path: Path) -> None:
    with pytest.raises(Accident):
        _half_a_folder(tmp_path / "release")

    assert list(tmp_path.iterdir()) == []


def test_a_folder_appears_whole(tmp_path: Path) -> None:
    with replacing_folder(tmp_path / "release") as draft:
        (draft / "part").touch()

    assert [one.name for one in (tmp_path / "release").iterdir()] == ["part"]


def test_a_new_file_has_the_permissions_of_any_other(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    write_whole(tmp_path / "ours", "")

    ours, plain = (stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("ours", "plain"))
    assert ours == plain


@pytest.mark.parametrize(
    ("number", "why"), [(errno.ENOSPC, "the disk is full"), (errno.EACCES, "permission denied")]
)
def test_a_refusal_of_the_disk_says_why(number: int, why: str) -> None:
    with pytest.raises(CannotWrite, match=why), refusals(Path("here")):
        raise OSError(number, os.strerror(number))


def test_another_error_is_not_taken_for_a_refusal() -> None:
    with pytest.raises(FileNotFoundError), refusals(Path("here")):
        raise FileNotFoundError(errno.ENOENT, "no such file")


def test_a_path_through_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(CannotWrite):
        write_whole(tmp_path / "file" / "below", "")


def test_lines_are_added_at_the_end(tmp_path: Path) -> None:
    for line in ("one", "two"):
        append_line(tmp_path / "log", line)

    assert (tmp_path / "log").read_text() == "one\ntwo\n"


def test_a_line_cut_short_does_not_swallow_the_next(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("one\ntw")
    append_line(tmp_path / "log", "three")

    assert (tmp_path / "log").read_text().splitlines() == ["one", "tw", "three"]
