"""Progress is seen by people, and stays out of the way of scripts."""

import io

import pytest

from sortyard.cli import progress
from sortyard.cli.bars import showing_bars
from sortyard.cli.progress import Lines, showing_progress


class Terminal(io.StringIO):
    """A stream that somebody looks at."""

    def isatty(self) -> bool:
        return True


def test_without_a_terminal_there_are_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with showing_progress() as shown:
        assert isinstance(shown, Lines)
    assert capsys.readouterr().err == ""


def test_a_stage_that_took_a_while_gets_a_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "WORTH_SAYING", 0.0)
    with Lines().stage("Reading", 1_200) as advance:
        advance(1_200)

    assert capsys.readouterr().err.startswith("Reading (1,200): ")


def test_a_quick_stage_gets_none(capsys: pytest.CaptureFixture[str]) -> None:
    with Lines().stage("Reading"):
        pass

    assert capsys.readouterr().err == ""


def test_a_terminal_shows_a_bar_for_every_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    with showing_bars() as bars:
        with bars.stage("Reading", 10) as advance:
            advance(4)
        with bars.stage("Training"):
            pass

    assert ("Reading" in screen.getvalue(), "Training" in screen.getvalue()) == (True, True)


def test_nothing_of_it_is_on_standard_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr", Terminal())
    with showing_progress() as shown, shown.stage("Reading", 2) as advance:
        advance(2)

    assert capsys.readouterr().out == ""
