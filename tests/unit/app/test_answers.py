"""Answers are the same in every kind of file."""

import csv
import gzip
import json
from pathlib import Path

import pytest

from sortyard.app.answer_files import answer_file
from sortyard.domain.errors import InvalidUsage
from sortyard.domain.facts import Facts, facts_of
from sortyard.domain.predictions import Answer, Candidate, Choice, Failure, Reason, Route
from sortyard.domain.taxonomy import Dimension, Kind, Label, Taxonomy

TAXONOMY = Taxonomy(
    dimensions=(
        Dimension(name="team", labels=(Label(name="billing"), Label(name="access"))),
        Dimension(name="flags", kind=Kind.MULTI, labels=(Label(name="angry"), Label(name="legal"))),
    )
)
ANSWER = Answer(
    message_id="t-1",
    release="r1",
    choices={
        "team": Choice(
            dimension="team",
            labels=("billing",),
            confidence=0.93,
            route=Route.AUTO,
            candidates=(Candidate("billing", 0.93), Candidate("access", 0.07)),
        ),
        "flags": Choice(
            dimension="flags",
            labels=("angry", "legal"),
            confidence=None,
            route=Route.REVIEW,
            reason=Reason.ALWAYS_REVIEW,
        ),
    },
)
FAILURE = Failure("t-2", "invalid-message", "Message 't-2' cannot be used.")


def _facts(result: Answer | Failure = ANSWER) -> Facts:
    return facts_of(result, TAXONOMY, release="r1")


def _write(path: Path) -> None:
    with answer_file(path, TAXONOMY, release="r1") as write:
        write([ANSWER])
        write([FAILURE])


def test_json_lines_hold_one_object_a_message(tmp_path: Path) -> None:
    _write(tmp_path / "out.jsonl")
    lines = (tmp_path / "out.jsonl").read_text().splitlines()

    assert [json.loads(line) for line in lines] == [_facts(), _facts(FAILURE)]


def test_a_packed_file_holds_the_same(tmp_path: Path) -> None:
    _write(tmp_path / "out.jsonl")
    _write(tmp_path / "out.jsonl.gz")

    packed = gzip.decompress((tmp_path / "out.jsonl.gz").read_bytes())
    assert packed == (tmp_path / "out.jsonl").read_bytes()


@pytest.mark.parametrize(("ending", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_a_table_has_a_row_a_message(tmp_path: Path, ending: str, delimiter: str) -> None:
    _write(tmp_path / f"out.{ending}")
    with (tmp_path / f"out.{ending}").open(newline="") as stream:
        first, second = csv.DictReader(stream, delimiter=delimiter)

    assert (first["team"], first["flags"], second["error"][:7]) == (
        "billing",
        "angry;legal",
        "invalid",
    )


def test_parquet_keeps_numbers_as_numbers(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    _write(tmp_path / "out.parquet")
    table = parquet.read_table(tmp_path / "out.parquet")

    assert table["team_confidence"].to_pylist() == [0.93, None]


def test_an_ending_that_says_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidUsage, match="does not say what kind"):
        _write(tmp_path / "out.xlsx")


def _half(path: Path) -> None:
    with answer_file(path, TAXONOMY, release="r1") as write:
        write([ANSWER])
        raise KeyboardInterrupt


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv", "out.parquet"])
def test_an_interrupted_file_does_not_appear(tmp_path: Path, name: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        _half(tmp_path / name)

    assert list(tmp_path.iterdir()) == []
