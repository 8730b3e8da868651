"""
Labels by their cards alone: no labelled message at all, on BANKING77 and CLINC150.

The release is made of a taxonomy, by `sortyard train` without an archive, and judged on the usual
test. Neither set comes with definitions, so that a card is a name, and the path to it where the
labels are a tree.
"""

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.archives import data_folder, read, thinned
from benchmarks.results import Section, arguments, number, percent
from benchmarks.runs import SORTYARD, report, run, warm_up
from sortyard.data.taxonomy_file import write_taxonomy
from sortyard.data.taxonomy_inference import infer_taxonomy
from sortyard.domain.taxonomy import SEPARATOR, Taxonomy

RECIPES = ("quick", "edge")
HEADER = ("set", "cards", "recipe", "labels", "top-1", "recall@5", "recall@20", "MRR", "seconds")


@dataclass(frozen=True, slots=True)
class Case:
    """A set, and the columns that make the paths of its labels."""

    archive: str
    columns: tuple[str, ...]
    cards: str


CASES = (
    Case("banking77", ("category",), "names"),
    Case("clinc150", ("intent",), "names"),
    Case("clinc150", ("domain", "intent"), "domains and names"),
)


def main() -> None:
    given = arguments(__doc__).parse_args()
    data = data_folder()
    table = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if given.rows is None:
            warm_up(data / "banking77" / "train.csv", folder)
        for case in CASES:
            test = thinned(data / case.archive / "test.csv", given.rows, folder)
            for recipe in RECIPES:
                report(f"{case.archive}, {case.cards}, {recipe}")
                table.append(_measured(case, recipe, data, test, folder))
    Section(
        name="zero-shot",
        title="No row at all: labels by their cards",
        about="`sortyard train --test test.csv` on a taxonomy whose labels have names and nothing "
        "else. No answer has a confidence then, and a person decides everything; the figures are "
        "those of the ranking that the person sees. Shares in percent; MRR is the mean of one over "
        "the rank of the true label.",
        header=HEADER,
        rows=table,
    ).publish(write=given.write)


def _measured(case: Case, recipe: str, data: Path, test: Path, folder: Path) -> list[str]:
    rows = read(data / case.archive / "train.csv")
    paths = {tuple(row[name] for name in case.columns) for row in rows}
    workspace = Path(tempfile.mkdtemp(dir=folder))
    write_taxonomy(bare(case.columns[0], paths), workspace / "taxonomy.yaml")
    label = "/".join(case.columns)
    options = ("--test", str(test), "--text", "text", "--label", label, "--recipe", recipe)
    done = run([*SORTYARD, "train", *options, "--workspace", str(workspace), "--json"]).found
    metrics: Mapping[str, float] = done["dimensions"][case.columns[0]]["metrics"]
    return [
        case.archive,
        case.cards,
        recipe,
        str(len(paths)),
        percent(metrics["accuracy"], digits=2),
        percent(metrics["recall_at_5"], digits=2),
        percent(metrics["recall_at_20"], digits=2),
        number(metrics["mean_reciprocal_rank"], digits=3),
        number(done["seconds"]),
    ]


def bare(dimension: str, paths: Iterable[tuple[str, ...]]) -> Taxonomy:
    """Make a tree of labels that have names and nothing else."""
    rows = [(SEPARATOR.join(path),) for path in sorted(paths)]
    return infer_taxonomy({dimension: rows}, {})


if __name__ == "__main__":
    main()
