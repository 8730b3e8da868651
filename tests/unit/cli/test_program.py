"""Whatever happens, a person gets at most a few lines, and a script an exit code."""

import json
from pathlib import Path

import pytest

from sortyard import __version__
from sortyard.cli import program
from sortyard.cli.program import exit_code_of, run
from sortyard.cli.reference import commands
from sortyard.domain.errors import SortyardError
from tests.unit.cli.conftest import Sortyard


def _failing_with(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr(program, "app", fail)


def test_help_is_a_yes(sortyard: Sortyard) -> None:
    assert sortyard("--help").code == 0


def test_the_version_is_told(sortyard: Sortyard) -> None:
    assert sortyard("--version").out == f"sortyard {__version__}\n"


@pytest.mark.parametrize("name", list(commands()))
def test_help_fits_the_terminal(sortyard: Sortyard, name: str) -> None:
    said = sortyard(*name.split()[1:], "--help")

    assert (said.code, [line for line in said.out.splitlines() if len(line) > 80]) == (0, [])


@pytest.mark.parametrize("name", list(commands()))
def test_every_command_that_reports_has_json(name: str) -> None:
    command = commands()[name]
    options = {option for one in command.params for option in one.opts}

    assert hasattr(command, "commands") or "--json" in options


def test_an_unknown_command_could_not_run(sortyard: Sortyard) -> None:
    assert sortyard("tarin").code == 2


def test_an_unknown_option_says_where_to_look(sortyard: Sortyard) -> None:
    assert "`sortyard train --help`" in sortyard("train", "x.csv", "--fast").err


def test_a_missing_argument_could_not_run(sortyard: Sortyard) -> None:
    assert sortyard("train").code == 2


def test_an_error_says_the_problem_and_the_remedy(sortyard: Sortyard) -> None:
    said = sortyard("releases", "list")

    assert (said.code, said.err.splitlines()[0][:25], said.err.splitlines()[1][:7]) == (
        2,
        "error[missing-workspace]:",
        "  fix: ",
    )


def test_an_error_is_json_where_json_is_asked_for(sortyard: Sortyard) -> None:
    error = json.loads(sortyard("releases", "list", "--json").err)["error"]

    assert (error["code"], sorted(error)) == ("missing-workspace", ["code", "problem", "remedy"])


def test_a_text_that_reads_json_is_no_option(sortyard: Sortyard) -> None:
    assert sortyard("classify", "--", "--json").err.startswith("error[")


def test_an_interruption_is_one_tidy_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _failing_with(KeyboardInterrupt(), monkeypatch)

    assert (run([]), capsys.readouterr().err.count("\n")) == (130, 1)


def test_an_unforeseen_error_shows_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _failing_with(ZeroDivisionError("secret words of a customer"), monkeypatch)
    code, said = run([]), capsys.readouterr().err

    assert (code, "error[internal]" in said, "Traceback" in said, "secret" in said) == (
        2,
        True,
        False,
        False,
    )


def test_an_unforeseen_error_can_be_looked_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    _failing_with(ZeroDivisionError("what went wrong"), monkeypatch)
    run([])

    (log,) = tmp_path.glob("*.log")
    assert (str(log) in capsys.readouterr().err, "what went wrong" in log.read_text()) == (
        True,
        True,
    )


def test_an_unforeseen_error_is_told_of_without_room_for_its_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    _failing_with(ZeroDivisionError("what went wrong"), monkeypatch)
    code, said = run([]), capsys.readouterr().err

    assert (code, "ZeroDivisionError" in said, "Make room for temporary files" in said) == (
        2,
        True,
        True,
    )


def test_a_reader_that_left_ends_it_quietly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _failing_with(BrokenPipeError(), monkeypatch)

    assert (run([]), capsys.readouterr().err) == (141, "")


def test_a_failed_gate_and_a_broken_chain_are_a_no() -> None:
    codes = {one.code: exit_code_of(one.code) for one in SortyardError.__subclasses__()}

    assert {code for code, status in codes.items() if status == 1} == {
        "gates-failed",
        "tampered-audit",
    }
