"""What is printed fits a terminal, and what is JSON is strict JSON."""

import errno
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.cli.output import plain, print_json, print_line, share, shortened, table, wrapped
from sortyard.domain.errors import CannotWrite
from sortyard.domain.predictions import Route

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(values)
def test_anything_becomes_strict_json(value: object) -> None:
    found = plain(value)

    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_what_is_no_number_is_null(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"ece": float("nan")})

    assert capsys.readouterr().out == '{"ece": null}\n'


def test_words_of_ours_are_plain_words() -> None:
    assert plain({"route": Route.AUTO, "at": Path("a/b"), "labels": ("x",)}) == {
        "route": "auto",
        "at": "a/b",
        "labels": ["x"],
    }


def test_columns_line_up() -> None:
    assert table([("a", "1"), ("long", "2")], header=("name", "n")) == "name  n\na     1\nlong  2"


def test_a_short_row_ends_early() -> None:
    assert table([("a",), ("b", "1")], indent=2) == "  a\n  b  1"


def test_no_line_is_wider_than_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")

    assert max(len(line) for line in wrapped("word " * 60, indent=4).splitlines()) <= 50


def test_a_long_line_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")

    assert shortened("x" * 80) == "x" * 49 + "…"


@pytest.mark.parametrize(
    ("value", "words"), [(0.9349, "93.5 %"), (None, "-"), (float("nan"), "-"), (1.0, "100.0 %")]
)
def test_a_share_is_a_percentage(value: float | None, words: str) -> None:
    assert share(value) == words


def test_a_full_disk_behind_the_output_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    class _Full(io.StringIO):
        def flush(self) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("sys.stdout", _Full())

    with pytest.raises(CannotWrite, match="standard output"):
        print_line("hello")
