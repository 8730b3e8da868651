"""A section of the results is read back as it was written."""

from pathlib import Path

import pytest

from benchmarks import results
from benchmarks.results import Section, earlier


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "RESULTS.md"
    monkeypatch.setattr(results, "RESULTS", path)
    return path


def _published(name: str, rows: list[list[str]]) -> None:
    section = Section(
        name=name, title="T", about="About | it.", header=("one", "two"), rows=rows, remarks=["so"]
    )
    section.publish(write=True)


@pytest.mark.usefixtures("page")
def test_a_table_comes_back_with_its_header() -> None:
    _published("this", [["a", "94.5 %"], ["b", "-"]])
    assert earlier("this") == [["one", "two"], ["a", "94.5 %"], ["b", "-"]]


@pytest.mark.usefixtures("page")
def test_only_the_named_section_is_read() -> None:
    _published("this", [["a", "1"]])
    _published("this-too", [["b", "2"]])
    assert earlier("this")[1:] == [["a", "1"]]


def test_there_is_nothing_before_the_first_time(page: Path) -> None:
    assert earlier("this") == []
    page.write_text("# Results\n", encoding="utf-8")
    assert earlier("this") == []
