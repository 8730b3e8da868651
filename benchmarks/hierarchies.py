"""
Label trees in three ways: flat, a choice among siblings at every node, and a model per parent.

Each way is forced once, on the same rows with the same split; which of them the training would have
chosen, by messages that it held out, is said beside it.
"""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.archives import data_folder, thinned
from benchmarks.results import NOTHING, Section, arguments, number, percent
from benchmarks.runs import report
from sortyard.app.workspace import cache_folder
from sortyard.data.archive import read_archive
from sortyard.domain.ports import Silence
from sortyard.evaluation.gates import Gates
from sortyard.evaluation.report import DimensionReport
from sortyard.models.descent import Way
from sortyard.training.recipe import QUICK
from sortyard.training.run import Order, Trained, train

SEED = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An archive whose labels are a tree, and the columns that make its paths."""

    archive: str
    test: str | None = None
    text: tuple[str, ...] = ("text",)
    label: str


CASES: Mapping[str, Case] = {
    "clinc150": Case(archive="clinc150/train.csv", test="clinc150/test.csv", label="domain/intent"),
    "cfpb": Case(
        archive="cfpb/complaints.csv",
        text=("Consumer complaint narrative",),
        label="Product/Sub-product/Issue",
    ),
    "it_tickets": Case(
        archive="it_tickets/tickets.csv",
        text=("title", "body"),
        label="category/sub_category1/sub_category2",
    ),
}
HEADER = (
    *("set", "way", "chosen", "labels", "train / test", "held-out log loss"),
    *("held-out accuracy", "leaf accuracy", "by depth", "hierarchical F1", "sibling confusion"),
    *("macro F1", "ECE", "auto coverage", "auto precision", "seconds"),
)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("names", nargs="*", metavar="SET", help=f"of {', '.join(CASES)}; else all")
    parser.add_argument("--busy", action="store_true", help="other work runs beside: no seconds")
    given = parser.parse_args()
    if unknown := [name for name in given.names if name not in CASES]:
        parser.error(f"no such set: {', '.join(unknown)}")
    data = data_folder()
    table: list[list[str]] = []
    with tempfile.TemporaryDirectory() as place:
        for name in given.names or CASES:
            done = _trained(name, data, Path(place), given.rows)
            table += [_line(name, way, done, busy=given.busy) for way in Way]
    Section(
        name="-".join(["hierarchies", *given.names]),
        title="Label trees: three ways to answer them",
        about="Recipe `quick`, one training a way. `Chosen` is the way that held-out training "
        "messages choose where none is forced; its figures there stand beside it. The others are "
        "those of the test: accuracy of the forced choice, `by depth` that of each level of the "
        "tree, topmost first, and sibling confusion the share of all answers that name a sibling "
        "of the truth. Shares in percent.",
        header=HEADER,
        rows=table,
    ).publish(write=given.write)


def _trained(name: str, data: Path, folder: Path, rows: int | None) -> Mapping[Way | None, Trained]:
    """Train in every way, and once with the choice left to held-out messages."""
    case, place = CASES[name], folder / name
    place.mkdir()
    files = [data / one for one in (case.archive, case.test) if one]
    archive, *tests = (
        read_archive(thinned(one, rows, place), text=case.text, labels=(case.label,))
        for one in files
    )
    found: dict[Way | None, Trained] = {}
    for way in (None, *Way):
        report(f"{name}, {way or 'left to choose'}")
        order = Order(
            dataset=archive.dataset,
            taxonomy=archive.taxonomy,
            recipe=replace(QUICK, tree=way and way.value),
            gates=Gates(),
            seed=SEED,
            test=tests[0].dataset if tests else None,
        )
        found[way] = train(
            order,
            releases=place / "releases",
            cache=cache_folder(os.environ),
            progress=Silence(),
            now=lambda: datetime.now(UTC),
        )
    return found


def _line(name: str, way: Way, done: Mapping[Way | None, Trained], *, busy: bool) -> list[str]:
    (free,), (forced,) = done[None].report.dimensions, done[way].report.dimensions
    held = next(one for one in free.ways if one.way == way)
    found = done[way].report
    return [
        name,
        way,
        "yes" if held.chosen else NOTHING,
        str(len(forced.measures.labels)),
        f"{found.training_rows:,} / {forced.measures.rows:,}",
        number(held.log_loss, digits=3),
        percent(held.accuracy, digits=2),
        *_figures(forced),
        NOTHING if busy else number(found.seconds),
    ]


def _figures(one: DimensionReport) -> list[str]:
    metrics, depths = one.measures.metrics, one.measures.accuracy_at_depth or {}
    return [
        percent(metrics["accuracy"], digits=2),
        " / ".join(percent(share) for share in depths.values()),
        percent(metrics["hierarchical_f1"], digits=2),
        percent(metrics["sibling_confusion"], digits=2),
        percent(metrics["macro_f1"], digits=2),
        number(metrics["ece"], digits=3),
        percent(metrics["auto_coverage"]),
        percent(metrics["auto_precision"]),
    ]


if __name__ == "__main__":
    main()
