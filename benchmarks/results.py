"""One section of `RESULTS.md`: a command, where it ran, a table, and what it says."""

import argparse
import os
import platform
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
LIBRARIES = ("sortyard", "numpy", "scipy", "scikit-learn", "onnxruntime")
HEADING = "# Results\n\nEvery section was written by the command that it shows.\n"
RULE = re.compile(r"[| -]+$")  # the line below a header
NOTHING = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A table with its title, a line on how it was made, and remarks below it."""

    name: str
    title: str
    about: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    remarks: Sequence[str] = ()
    libraries: Sequence[str] = ()  # more than ours, as `name version`

    def markdown(self) -> str:
        """Write the section, between the marks by which it is found again."""
        lines = [
            f"<!-- begin {self.name} -->",
            f"## {self.title}",
            f"`{_command()}`  \n{_surroundings(self.libraries)}",
            self.about,
            _table(self.header, self.rows),
            *(f"- {remark}" for remark in self.remarks),
            f"<!-- end {self.name} -->",
        ]
        return "\n\n".join(lines).replace("\n\n- ", "\n- ").replace("|\n- ", "|\n\n- ")

    def publish(self, *, write: bool) -> None:
        """Print it, and put it into the results, in the place of its earlier self."""
        text = self.markdown()
        print(text)
        if not write:
            return
        before = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else HEADING
        name = re.escape(self.name)
        earlier = re.compile(f"<!-- begin {name} -->.*?<!-- end {name} -->", re.DOTALL)
        if earlier.search(before):
            after = earlier.sub(lambda _: text, before)
        else:
            after = f"{before.rstrip()}\n\n{text}\n"
        RESULTS.write_text(after, encoding="utf-8")


def earlier(name: str) -> Sequence[Sequence[str]]:
    """Read the table of a section back, its header first; nothing where there is none yet."""
    before = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    name = re.escape(name)
    section = re.search(f"<!-- begin {name} -->(.*?)<!-- end {name} -->", before, re.DOTALL)
    lines = [line for line in section[1].splitlines() if line.startswith("| ")] if section else []
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines
        if not RULE.match(line)
    ]


def arguments(about: str | None) -> argparse.ArgumentParser:
    """Start the options that every script has."""
    parser = argparse.ArgumentParser(description=about)
    extent = parser.add_mutually_exclusive_group()
    extent.add_argument("--rows", type=int, metavar="N", help="try it out on about N rows")
    extent.add_argument("--write", action="store_true", help="put the section into RESULTS.md")
    return parser


def percent(share: float | None, *, digits: int = 1) -> str:
    """Write a share as a percentage; a dash where there is none."""
    return NOTHING if share is None else f"{100 * share:.{digits}f}"


def number(value: float | None, *, digits: int = 1) -> str:
    """Write a number with its thousands apart; a dash where there is none."""
    return NOTHING if value is None else f"{value:,.{digits}f}"


def _command() -> str:
    """Write the command as somebody else would give it: of a path of this machine, its name."""
    script = Path(sys.argv[0]).stem
    given = [Path(word).name if Path(word).is_absolute() else word for word in sys.argv[1:]]
    return " ".join(["python -m", f"benchmarks.{script}", *given])


def _surroundings(more: Sequence[str]) -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    versions = [f"{name} {_version(name)}" for name in LIBRARIES]
    return ", ".join(
        [
            f"{datetime.now(UTC):%Y-%m-%d}",
            f"{cores} CPU cores ({platform.machine()})",
            f"Python {platform.python_version()}",
            *versions,
            *more,
        ]
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
