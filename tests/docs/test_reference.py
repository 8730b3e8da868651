"""The reference says what the code says: no more, no less."""

import ast
import inspect
from pathlib import Path

import pytest

import sortyard
from sortyard.app.settings import DECLARED
from sortyard.cli.reference import commands, main, pages, stale
from sortyard.domain import errors
from sortyard.domain.errors import SortyardError
from sortyard.evaluation.gates import Gates
from tests.docs.pages import ROOT

FOLDER = ROOT / "docs" / "reference"


def _all_errors(root: type[SortyardError] = SortyardError) -> set[type[SortyardError]]:
    below = set(root.__subclasses__())
    return below.union(*(_all_errors(one) for one in below))


def test_no_page_is_stale() -> None:
    """If this fails, run `make docs`."""
    assert stale(FOLDER) == ()


def test_a_changed_page_is_noticed(tmp_path: Path) -> None:
    for name, page in pages().items():
        (tmp_path / name).write_text(page, encoding="utf-8")
    (tmp_path / "cli.md").write_text("", encoding="utf-8")

    assert stale(tmp_path) == ("cli.md",)


def test_a_page_of_nothing_is_noticed(tmp_path: Path) -> None:
    for name, page in {**pages(), "gone.md": ""}.items():
        (tmp_path / name).write_text(page, encoding="utf-8")

    assert stale(tmp_path) == ("gone.md",)


def test_the_check_says_no_where_pages_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert main(["--check"]) == 1


def test_what_is_written_is_not_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    main([])

    assert main(["--check"]) == 0


def test_every_command_has_its_section() -> None:
    assert all(f"## `{name}`\n" in pages()["cli.md"] for name in commands())


def test_every_setting_has_its_row() -> None:
    assert all(f"| `{one.name}` |" in pages()["settings.md"] for one in DECLARED)


def test_every_gate_has_its_row() -> None:
    names = set(Gates.model_fields) - {"dimensions"}

    assert all(f"| `{name}` |" in pages()["gates.md"] for name in names)


def test_every_error_has_its_row() -> None:
    assert all(f"| `{one.code}` |" in pages()["errors.md"] for one in _all_errors())


def test_no_two_errors_share_a_code() -> None:
    codes = [one.code for one in _all_errors()]

    assert len(codes) == len(set(codes))


def test_the_tree_of_errors_is_drawn_in_full() -> None:
    drawn = {line.split()[1] for line in (errors.__doc__ or "").splitlines() if "  + " in line}

    assert drawn == {one.__name__ for one in _all_errors()}


def test_what_the_package_offers_can_be_had() -> None:
    assert all(getattr(sortyard, name) for name in sortyard.__all__)


def test_type_checkers_see_what_the_package_offers() -> None:
    tree = ast.parse(inspect.getsource(sortyard))
    seen = {
        alias.asname
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname
    }

    assert seen == set(sortyard.__all__)


def test_what_it_does_not_offer_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'classify'"):
        sortyard.classify  # noqa: B018 -- the access is the test
