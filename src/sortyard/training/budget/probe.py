"""A few rows of an archive, and how fast this machine prepares, reads and fits them."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sortyard.data.dataset import Dataset
from sortyard.data.duplicates import near_duplicate_groups
from sortyard.domain.taxonomy import Dimension, Kind
from sortyard.models.engines.onnx import OnnxEncoder
from sortyard.models.wording import Wording
from sortyard.text.preparation import Preparation
from sortyard.training.budget.choosing import Timing
from sortyard.training.encoders.static_table import WIDTH
from sortyard.training.heads.axes import Axes
from sortyard.training.heads.meaning import fit_meaning_head
from sortyard.training.heads.wording import fit_wording_head
from sortyard.training.sets import usable_rows
from sortyard.training.truth import Truth
from sortyard.training.tuning.course import Subject

FEWEST_ROWS = 8  # of which anything can be timed
MOST_ROWS = 512
AT_ONCE = 64
ENOUGH_ROWS = 128  # to fit heads on, however long reading them takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Some rows of an archive, prepared, and what every dimension teaches about them."""

    texts: Sequence[str]
    subjects: tuple[Subject, ...]
    row: float  # seconds that preparing one took

    @classmethod
    def of(
        cls, dataset: Dataset, dimensions: Sequence[Dimension], rng: np.random.Generator
    ) -> Self:
        """Draw rows at random, and time what is done to every row before it is read."""
        drawn = dataset.select(rng.permutation(len(dataset))[:MOST_ROWS])
        preparation = Preparation.default()
        began = perf_counter()
        texts = [preparation.prepare(one.message) for one in drawn.examples]
        said = [row for row, text in enumerate(texts) if text]
        chosen, texts = drawn.select(said), [texts[row] for row in said]
        near_duplicate_groups(texts)
        row = (perf_counter() - began) / max(len(drawn), 1)
        subjects = (_subject(chosen, dimension) for dimension in dimensions)
        return cls(texts=texts, subjects=tuple(one for one in subjects if one is not None), row=row)


def timing_of(sample: Sample, encoder: OnnxEncoder, *, most_seconds: float, seed: int) -> Timing:
    """Read rows for a while, and fit heads on what was read; nothing is known of PyTorch yet."""
    encoder.encode(sample.texts[:1])  # what comes once
    began, parts, done = perf_counter(), [], 0
    while done < len(sample.texts):
        parts.append(encoder.encode(sample.texts[done : done + AT_ONCE]))
        done += len(parts[-1])
        if done >= ENOUGH_ROWS and perf_counter() - began > most_seconds:
            break
    read = (perf_counter() - began) / done
    began = perf_counter()
    grams = Wording.fit(sample.texts[:done], at_least=1).transform(sample.texts[:done])
    wording = (perf_counter() - began) / done
    views = Views(np.concatenate(parts), grams)
    head = sum(views.seconds_a_row(subject, seed) for subject in sample.subjects)
    return Timing(row=sample.row + wording, read=read, head=head, learn={})


@dataclass(frozen=True, slots=True)
class Views:
    """What two of the views see of the rows that were read."""

    vectors: NDArray[np.float32]
    grams: sparse.csr_matrix

    def seconds_a_row(self, subject: Subject, seed: int) -> float:
        """
        Time how much longer heads take for each further row.

        Much of a fit on few rows comes once, however many there are: so two are timed, one on half
        of the rows, and what one has more than the other is what rows cost.
        """
        rows = subject.rows[subject.rows < len(self.vectors)]
        if len(rows) < FEWEST_ROWS:
            return 0.0
        half = len(rows) // 2
        truth = subject.truth.take(subject.rows < len(self.vectors))
        axes = [Axes.of(self.vectors), Axes.of(self.vectors[:, :WIDTH])]
        some, all_ = (
            self._fit(rows[:count], truth.take(np.arange(len(rows)) < count), axes, seed)
            for count in (half, len(rows))
        )
        return max(all_ - some, 0.0) / max(len(rows) - half, 1)

    def _fit(self, rows: NDArray[np.intp], truth: Truth, axes: Sequence[Axes], seed: int) -> float:
        """Fit the head of every view once, and say how long it took."""
        began = perf_counter()
        for one, width in zip(axes, (None, WIDTH), strict=True):  # the encoder, the student
            fit_meaning_head(self.vectors[rows, :width], truth, strength=1.0, axes=one)
        fit_wording_head(self.grams[rows], truth, strength=1.0, seed=seed)
        return perf_counter() - began


def _subject(dataset: Dataset, dimension: Dimension) -> Subject | None:
    """Say what a dimension teaches about some rows, with all labels that any of them carries."""
    every = dataset.labels(dimension.name)
    rows: NDArray[np.intp] = usable_rows(dataset, dimension)
    if dimension.kind is Kind.SINGLE:
        rows = np.array([row for row in rows if every[row]], dtype=np.intp)
    carried = [every[row] for row in rows]
    seen = {path for paths in carried for path in paths}
    labels = tuple(path for path in dimension.paths if path in seen)
    if len(rows) < FEWEST_ROWS // 2 or not labels:
        return None
    nodes = {node.path: node for node in dimension.nodes}
    return Subject(
        name=dimension.name,
        rows=rows,
        truth=Truth.of(carried, labels, dimension.kind),
        labels=labels,
        cards=tuple(nodes[path].card for path in labels),
    )
