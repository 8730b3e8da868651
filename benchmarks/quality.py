"""
Quality on eleven archives, each trained from its file in one command.

Beside each stands TF-IDF + linear SVM, fitted and tested on the same rows in the same run. It is
beaten or not by accuracy where one label holds, and by micro F1 where several may.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.archives import data_folder, thinned
from benchmarks.results import NOTHING, Section, arguments, number, percent
from benchmarks.runs import report, train, warm_up

Options = tuple[str, ...]
MULTI = "multi"
CATEGORIES = "category/sub_category1/sub_category2"
TICKETS = ("title", "body", CATEGORIES, "business_service", "urgency")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An archive, how it is to be read, and which recipes are tried on it."""

    archive: str
    test: str | None = None
    text: Options = ("text",)
    label: Options
    group: str | None = None
    recipes: Options = ("quick",)

    def options(self, recipe: str) -> list[str]:
        """Give what the command line needs, but for the test file."""
        named = [part for name in self.text for part in ("--text", name)]
        named += [part for name in self.label for part in ("--label", name)]
        named += ["--group", self.group] if self.group else []
        return [*named, "--recipe", recipe]


BOTH = ("quick", "edge")
CLINC = {"archive": "clinc150/train.csv", "test": "clinc150/test.csv"}
CHAT = {"archive": "chat/train.csv.gz", "test": "chat/test.csv.gz", "group": "conversation"}
CASES: Mapping[str, Case] = {
    "banking77": Case(
        archive="banking77/train.csv",
        test="banking77/test.csv",
        label=("category",),
        recipes=BOTH,
    ),
    "clinc150": Case(**CLINC, label=("intent",), recipes=BOTH),
    "clinc150-tree": Case(**CLINC, label=("domain/intent",)),
    "cfpb": Case(
        archive="cfpb/complaints.csv",
        text=("Consumer complaint narrative",),
        label=("Product/Sub-product/Issue",),
    ),
    "it_tickets": Case(archive="it_tickets/tickets.csv", text=TICKETS[:2], label=TICKETS[2:]),
    "nlupp-banking": Case(archive="nlupp/banking.jsonl", label=("intents",)),
    "nlupp-hotels": Case(archive="nlupp/hotels.jsonl", label=("intents",)),
    "goemotions": Case(
        archive="goemotions/train.csv.gz", test="goemotions/test.csv.gz", label=("emotions",)
    ),
    "chat-department": Case(**CHAT, label=("department",)),
    "chat-intents": Case(**CHAT, label=("intents",)),
}
HEADER = (
    *("set", "recipe", "dimension", "labels", "train / test", "accuracy", "macro F1"),
    *("micro F1", "SVM accuracy", "SVM macro F1", "SVM micro F1", "not below the SVM", "ECE"),
    *("auto coverage", "auto precision", "recall@5", "hierarchical F1", "by depth", "seconds"),
)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("names", nargs="*", metavar="SET", help=f"of {', '.join(CASES)}; else all")
    parser.add_argument("--busy", action="store_true", help="other work runs beside: no seconds")
    given = parser.parse_args()
    if unknown := [name for name in given.names if name not in CASES]:
        parser.error(f"no such set: {', '.join(unknown)}")
    data = data_folder()
    names = given.names or list(CASES)
    table: list[list[str]] = []
    noted: list[str] = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        warm_up(data / "banking77" / "train.csv", folder)
        for name in names:
            for recipe in CASES[name].recipes:
                report(f"{name}, {recipe}")
                lines = _lines(name, recipe, data, folder, given.rows, noted)
                table += [[*line[:-1], NOTHING] for line in lines] if given.busy else lines
    Section(
        name="-".join(["quality", *given.names]),
        title=f"Quality: {', '.join(given.names) or 'every set'}",
        about="One command a line: `sortyard train ARCHIVE [--test FILE] --text … --label … "
        "--recipe …`. Shares in percent. Accuracy is that of the forced choice, of exact sets in a "
        "`multi` dimension; `by depth` is the accuracy at each level of the tree, topmost first; "
        "seconds run from the start of the command to its end, report and baseline included.",
        header=HEADER,
        rows=table,
        remarks=_remarks(table, noted),
    ).publish(write=given.write)


def _lines(  # noqa: PLR0913, PLR0917 -- what a run needs
    name: str, recipe: str, data: Path, folder: Path, rows: int | None, noted: list[str]
) -> list[list[str]]:
    case = CASES[name]
    place = folder / f"{name}-{recipe}"
    place.mkdir()
    archive = thinned(data / case.archive, rows, place)
    test = thinned(data / case.test, rows, place) if case.test else None
    options = case.options(recipe)
    tested = ["--test", str(test)] if test else []
    done = train(archive, [*options, *tested], workspace=place / "workspace")
    found = done.found
    noted += [f"{name}: {note}" for note in found["notes"] if "word for word" in note]
    lines = []
    for dimension, one in found["dimensions"].items():
        sizes = f"{found['training_rows']:,} / {one['rows']:,}"
        line = [name, recipe, dimension, str(len(one["labels"])), sizes, *_figures(one)]
        lines.append([*line, number(done.seconds)])
    return lines


def _figures(one: Mapping[str, Any]) -> Sequence[str]:
    metrics, simple = one["metrics"], one["baseline"]["comparison"]
    held = "micro_f1" if one["kind"] == MULTI else "accuracy"
    beaten = metrics[held] >= simple[held]["one"]
    depths = one["accuracy_at_depth"] or {}
    return [
        percent(metrics["accuracy"], digits=2),
        percent(metrics["macro_f1"], digits=2),
        percent(metrics["micro_f1"], digits=2),
        percent(simple["accuracy"]["one"], digits=2),
        percent(simple["macro_f1"]["one"], digits=2),
        percent(simple["micro_f1"]["one"], digits=2),
        "yes" if beaten else "NO",
        number(metrics["ece"], digits=3),
        percent(metrics["auto_coverage"]),
        percent(metrics["auto_precision"]),
        percent(metrics.get("recall_at_5")),
        percent(None if one["is_flat"] else metrics.get("hierarchical_f1")),
        NOTHING if one["is_flat"] else " / ".join(percent(share) for share in depths.values()),
    ]


def _remarks(table: Sequence[Sequence[str]], noted: Sequence[str]) -> Sequence[str]:
    lost = [f"{line[0]} {line[2]} ({line[1]})" for line in table if "NO" in line]
    return [f"below TF-IDF + linear SVM: {', '.join(lost) or 'none'}", *noted]


if __name__ == "__main__":
    main()
