"""
20 newsgroups with headers, quotes and signatures left in, and taken out in three ways.

Headers and quotations name the group, or who writes there, so a model that reads them is better on
this test than on messages. Every way is trained and tested on the same rows, by recipe `quick` and
by TF-IDF + linear SVM.
"""

import gzip
import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from sklearn.datasets._twenty_newsgroups import (
    strip_newsgroup_footer,
    strip_newsgroup_header,
    strip_newsgroup_quoting,
)

from benchmarks.archives import data_folder
from benchmarks.orders import SEED
from benchmarks.results import Section, arguments, number, percent
from benchmarks.runs import report
from sortyard.app.workspace import cache_folder
from sortyard.data.archive import Archive, read_archive
from sortyard.domain.ports import Silence
from sortyard.evaluation.gates import Gates
from sortyard.text.email.new_part import NewPart
from sortyard.text.preparation import Preparation
from sortyard.training.recipe import QUICK
from sortyard.training.run import Order, train

USUAL = Preparation.default()
BARE = Preparation(tuple(link for link in USUAL.links if not isinstance(link, NewPart)))
STRICT = NewPart(inline_quotes=False, subject=False)


def theirs(text: str) -> str:
    """Do what `fetch_20newsgroups(remove=("headers", "footers", "quotes"))` does."""
    without = strip_newsgroup_footer(strip_newsgroup_header(text))
    kept: str = strip_newsgroup_quoting(without)
    return kept


@dataclass(frozen=True, slots=True)
class Way:
    """What is taken out of a text before it comes to a chain of preparation, and that chain."""

    name: str
    filtered: Callable[[str], str]
    preparation: Preparation


WAYS = (
    Way("all left in", str, BARE),
    Way("scikit-learn's `remove=`", theirs, BARE),
    Way("new part, with the subject", str, USUAL),
    Way(
        "new part, without subject and quotations",
        str,
        replace(
            USUAL,
            links=tuple(STRICT if isinstance(link, NewPart) else link for link in USUAL.links),
        ),
    ),
)


def main() -> None:
    given = arguments(__doc__).parse_args()
    data = data_folder() / "newsgroups"
    rows = {part: _read(data / f"{part}.jsonl.gz", given.rows) for part in ("train", "test")}
    kept = _with_words(rows)
    table = []
    for way in WAYS:
        report(way.name)
        with tempfile.TemporaryDirectory() as place:
            table.append(_line(way, kept, Path(place)))
    counts = {part: f"{len(kept[part]):,} of {len(rows[part]):,}" for part in rows}
    Section(
        name="newsgroups",
        title="20 newsgroups: what headers, quotations and signatures are worth",
        about=f"Trained on {counts['train']} rows, tested on {counts['test']}, which are later in "
        "time: those of which every way leaves a word. Accuracy in %. `Characters` is what is left "
        "of a test text, in the median, before the window of 2,500.",
        header=("what is read", "characters", "recipe `quick`", "TF-IDF + linear SVM"),
        rows=table,
    ).publish(write=given.write)


def _read(path: Path, count: int | None) -> Sequence[Mapping[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return rows[:: max(1, len(rows) // count)] if count else rows


def _with_words(
    rows: Mapping[str, Sequence[Mapping[str, str]]],
) -> Mapping[str, Sequence[Mapping[str, str]]]:
    """Keep the rows of which every way leaves something, so that all answer the same ones."""
    return {
        part: [row for row in some if all(way.filtered(row["text"]).strip() for way in WAYS)]
        for part, some in rows.items()
    }


def _line(way: Way, rows: Mapping[str, Sequence[Mapping[str, str]]], folder: Path) -> list[str]:
    archives = {part: _archive(way, some, folder / f"{part}.jsonl") for part, some in rows.items()}
    order = Order(
        dataset=archives["train"].dataset,
        taxonomy=archives["train"].taxonomy,
        recipe=QUICK,
        gates=Gates(),
        seed=SEED,
        test=archives["test"].dataset,
        preparation=way.preparation,
    )
    trained = train(
        order,
        releases=folder / "releases",
        cache=cache_folder(os.environ),
        progress=Silence(),
        now=lambda: datetime.now(UTC),
    )
    (dimension,) = trained.report.dimensions
    baseline = dimension.baseline
    if baseline is None:
        sys.exit("there is nothing to learn from")
    return [
        way.name,
        number(_median_length(way, rows["test"]), digits=0),
        percent(baseline.comparison.accuracy.other, digits=2),
        percent(baseline.comparison.accuracy.one, digits=2),
    ]


def _archive(way: Way, rows: Sequence[Mapping[str, str]], path: Path) -> Archive:
    changed = ({**row, "text": way.filtered(row["text"])} for row in rows)
    path.write_text("".join(json.dumps(row) + "\n" for row in changed), encoding="utf-8")
    return read_archive(path, text=["text"], labels=["group"], id_column="id")


def _median_length(way: Way, rows: Sequence[Mapping[str, str]]) -> float:
    new = next((link for link in way.preparation.links if isinstance(link, NewPart)), str)
    return median(len(new(way.filtered(row["text"]))) for row in rows)


if __name__ == "__main__":
    main()
