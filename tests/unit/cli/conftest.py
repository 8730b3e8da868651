"""The program, run in this process."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from sortyard.cli.program import run


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


Sortyard = Callable[..., Ended]


class _Piped(io.TextIOWrapper):
    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content), encoding="utf-8")


@pytest.fixture
def sortyard(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Sortyard:
    """Run a command in an empty folder, on a terminal of 80 columns."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def call(*arguments: str | Path, stdin: bytes = b"") -> Ended:
        monkeypatch.setattr("sys.stdin", _Piped(stdin))
        capsys.readouterr()
        code = run([str(one) for one in arguments])
        said = capsys.readouterr()
        return Ended(code, said.out, said.err)

    return call
