"""Every command in the guide exists, with every option that it is given."""

import re

import pytest

from sortyard.cli.reference import commands as known_commands
from tests.docs.pages import ROOT, WRITTEN, commands

CALLS = commands("sortyard")
TARGETS = commands("make")


def _command(words: list[str]) -> str:
    """The longest beginning of the words that names a command."""
    known = known_commands()
    names = [" ".join(["sortyard", *words[:count]]) for count in range(len(words) + 1)]
    return [name for name in names if name in known][-1]


@pytest.mark.parametrize(
    ("place", "words"), CALLS, ids=[f"{place} {number}" for number, (place, _) in enumerate(CALLS)]
)
def test_a_command_in_the_guide_exists(place: str, words: list[str]) -> None:
    assert not hasattr(known_commands()[_command(words)], "commands"), place


@pytest.mark.parametrize(
    ("place", "words"), CALLS, ids=[f"{place} {number}" for number, (place, _) in enumerate(CALLS)]
)
def test_its_options_exist(place: str, words: list[str]) -> None:
    command = known_commands()[_command(words)]
    options = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}

    assert {word for word in words if word.startswith("-")} <= options, place


def test_every_command_is_in_the_guide() -> None:
    shown = {_command(words) for _, words in CALLS}
    leaves = {name for name, one in known_commands().items() if not hasattr(one, "commands")}
    aliases = {"sortyard releases promote", "sortyard releases rollback"}

    assert leaves - aliases <= shown


@pytest.mark.parametrize(
    ("place", "words"),
    TARGETS,
    ids=[f"{place} {number}" for number, (place, _) in enumerate(TARGETS)],
)
def test_a_make_target_in_the_guide_exists(place: str, words: list[str]) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert all(re.search(rf"^{word}:", makefile, re.MULTILINE) for word in words), place


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_link_leads_somewhere(page) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))

    assert [one for one in targets if not (page.parent / one).exists()] == []
