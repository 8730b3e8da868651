"""A translator is a program that reads a text and writes another one."""

import sys
from pathlib import Path

import pytest

from sortyard.app.settings import Settings
from sortyard.app.translating import CommandTranslator, translator_of

SHOUTING = "import sys; sys.stdout.write(sys.argv[1] + ':' + sys.stdin.read().upper())"


def translator(*command: str, seconds: float = 20.0) -> CommandTranslator:
    return CommandTranslator(command, seconds)


def test_the_text_goes_in_and_its_translation_comes_out() -> None:
    translate = translator(sys.executable, "-c", SHOUTING, "{language}")

    assert translate("où est ma carte", "fr") == "fr:OÙ EST MA CARTE"


def test_the_language_is_in_the_environment_too() -> None:
    code = "import os; print(os.environ['SORTYARD_LANGUAGE'], end='')"

    assert translator(sys.executable, "-c", code)("x", "fr") == "fr"


@pytest.mark.parametrize(
    "command", [(sys.executable, "-c", "raise SystemExit(3)"), (str(Path("no", "such", "file")),)]
)
def test_a_command_that_fails_translates_nothing(command: tuple[str, ...]) -> None:
    assert translator(*command)("text", "fr") == ""


def test_a_command_that_takes_too_long_is_left_alone_for_a_while(tmp_path: Path) -> None:
    mark = tmp_path / "asked"
    code = f"open({str(mark)!r}, 'a').write('x'); import time; time.sleep(60)"
    translate = translator(sys.executable, "-c", code, seconds=3.0)

    assert translate("text", "fr") == ""
    before = mark.read_text() if mark.exists() else ""
    assert translate("text", "fr") == ""
    assert (mark.read_text() if mark.exists() else "") == before


def test_a_workspace_names_its_command() -> None:
    found = translator_of(Settings(translate_command="translate --to 'en us' {language}"))

    assert found == translator("translate", "--to", "en us", "{language}", seconds=1.0)


def test_a_workspace_without_one_has_no_translator() -> None:
    assert translator_of(Settings()) is None
