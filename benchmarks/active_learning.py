"""
What a plan saves: BANKING77 labelled from nothing, by `annotate plan` and by chance.

The training file is the pool, and its labels are what a person would say. The plan begins with what
is typical, and asks the release that was trained on the labels so far from then on; its share by
chance is among the labels that count. By chance, half as many labels again are drawn. Every line is
a release of recipe `quick` from so many labels and nothing else, measured on the usual test.
"""

import os
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.archives import data_folder, read, thinned, write
from benchmarks.orders import trained
from benchmarks.results import Section, arguments, percent
from benchmarks.runs import report
from sortyard.app.loading import load
from sortyard.app.workspace import cache_folder
from sortyard.data.archive import Archive, read_archive
from sortyard.domain.messages import Message
from sortyard.domain.ports import Silence
from sortyard.labelling.plan import plan, plan_cold
from sortyard.labelling.pool import Pool
from sortyard.models.classifier import Classifier
from sortyard.models.encoders import Embed, embed_with
from sortyard.text.preparation import Preparation
from sortyard.training.recipe import QUICK
from sortyard.training.workshop import open_workshop

LABEL = "category"
SEEDS = (0, 1, 2)
ROUNDS = (100, 200, 400, 800)  # labels after each of them
MORE = 1.5  # times as many labels by chance
WANTED = 1 / MORE


@dataclass(slots=True)
class Trial:
    """The pool, the test, and a folder to write what is labelled so far."""

    rows: Sequence[dict[str, str]]
    test: Archive
    folder: Path
    cold: Embed
    messages: list[Message] = field(init=False)

    def __post_init__(self) -> None:
        self.messages = [Message(str(at), row["text"]) for at, row in enumerate(self.rows)]

    def archive(self, places: Sequence[int]) -> Archive:
        """Read the rows that are labelled as a user's file."""
        path = write(
            [{"id": str(at), **self.rows[at]} for at in places], self.folder / "labelled.csv"
        )
        return read_archive(path, text=("text",), labels=(LABEL,), id_column="id")

    def planned(self, rounds: Sequence[int], seed: int) -> list[float]:
        """Label by plan, and give the accuracy after every round."""
        rng = np.random.default_rng(seed)
        pool = Pool(self.messages)
        picks = plan_cold(
            pool, rounds[0], Preparation.default(), self.cold, rng=rng, progress=Silence()
        )
        places, found = [int(one.message.id) for one in picks], []
        for count, following in zip(rounds, (*rounds[1:], 0), strict=True):
            report(f"plan, {count} labels, seed {seed}")
            labelled = self.archive(places)
            with trained(labelled, self.test, QUICK) as made:
                found.append(made.report.dimensions[0].measures.metrics["accuracy"])
                if following:
                    known = {int(one) for one in places}
                    rest = [one for one in self.messages if int(one.id) not in known]
                    pool = Pool(rest, labelled.dataset.examples)
                    places += self._next(pool, following - count, load(made.folder), rng)
        return found

    def _next(
        self, pool: Pool, count: int, classifier: Classifier, rng: np.random.Generator
    ) -> list[int]:
        encoder = classifier.eyes.encoder or classifier.eyes.static
        picks = plan(pool, count, classifier, embed_with(encoder), rng=rng, progress=Silence())
        return [int(one.message.id) for one in picks]

    def by_chance(self, rounds: Sequence[int], seed: int) -> list[float]:
        """Label by chance, and give the accuracy with so many labels."""
        order = np.random.default_rng([seed, 1]).permutation(len(self.rows)).tolist()
        found = []
        for count in rounds:
            report(f"chance, {count} labels, seed {seed}")
            with trained(self.archive(order[:count]), self.test, QUICK) as made:
                found.append(made.report.dimensions[0].measures.metrics["accuracy"])
        return found


def main() -> None:
    parser = arguments(__doc__)
    given = parser.parse_args()
    rounds = ROUNDS[:2] if given.rows else ROUNDS
    seeds = SEEDS[:1] if given.rows else SEEDS
    data = data_folder() / "banking77"
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        workshop = open_workshop(
            QUICK,
            folder / "encoder",
            cache=cache_folder(os.environ),
            allow_download=False,
            progress=Silence(),
        )
        test = thinned(data / "test.csv", given.rows, folder)
        trial = Trial(
            rows=read(data / "train.csv"),
            test=read_archive(test, text=("text",), labels=(LABEL,)),
            folder=folder,
            cold=embed_with(workshop.encoder),
        )
        more = [round(MORE * count) for count in rounds]
        both = list(dict.fromkeys((*rounds, *more)))
        planned = [trial.planned(rounds, seed) for seed in seeds]
        drawn = [dict(zip(both, trial.by_chance(both, seed), strict=True)) for seed in seeds]
    lines, said = [], []
    for at, (count, many) in enumerate(zip(rounds, more, strict=True)):
        ours = [one[at] for one in planned]
        same, others = ([one[number] for one in drawn] for number in (count, many))
        lines.append([f"{count:,}", spread(ours), spread(same), f"{many:,}", spread(others)])
        kept = "yes" if statistics.fmean(ours) >= statistics.fmean(others) else "NO"
        said.append(f"{count:,} labels by plan are worth {many:,} by chance: {kept}")
    Section(
        name="active-learning",
        title="What a plan saves",
        about=f"Accuracy in percent on BANKING77's test, mean and standard deviation over "
        f"{len(seeds)} seeds. The pool is the training file without its labels; nothing is known "
        "at first, not even the labels' names.",
        header=("labels", "by plan", "by chance", "labels", "by chance"),
        rows=lines,
        remarks=[f"at most two thirds of the labels ({percent(WANTED)} %):", *said],
    ).publish(write=given.write)


def spread(found: Sequence[float]) -> str:
    """Show the mean and the standard deviation of some shares."""
    deviation = statistics.stdev(found) if len(found) > 1 else 0.0
    return f"{percent(statistics.fmean(found), digits=2)} ± {percent(deviation, digits=2)}"


if __name__ == "__main__":
    main()
