"""What an encoder is tuned on: texts, and what every dimension teaches about them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sortyard.domain.errors import NotEnoughData
from sortyard.training.truth import Truth

FEWEST_ROWS = 2
ABSENT = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """
    One dimension as it is taught.

    `rows` (rows,) are places in the texts of the course, each at most once, and `truth` has one
    entry for each. `labels` are the paths, numbered as the truth does; those beyond its count have
    no rows, and teach nothing. `cards` are what the labels say of themselves, in the same order.
    `confusions` (labels of the truth, the same) count how often one was taken for another, where
    that is known: such labels meet in a batch when a tuning asks for rivals. `beliefs` (rows,
    labels of the truth) are the chances that a teacher gives the labels of every row, for a tuning
    with `distillation`; what it hardly believes may be left out.
    """

    name: str
    rows: NDArray[np.intp]
    truth: Truth
    labels: tuple[str, ...]
    cards: tuple[str, ...]
    confusions: sparse.csr_array | None = None
    beliefs: sparse.csr_array | None = None

    def take(self, kept: NDArray[np.bool_]) -> "Subject":
        """Keep some of the rows by a mask (rows,)."""
        beliefs = None if self.beliefs is None else self.beliefs[np.flatnonzero(kept)]
        return replace(self, rows=self.rows[kept], truth=self.truth.take(kept), beliefs=beliefs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """
    Texts, what every dimension teaches about them, and rows to judge by.

    `judged` are places in `texts` that teach nothing: they tell when to stop. There may be none.
    Raises NotEnoughData when fewer than two rows are left to learn from.
    """

    texts: Sequence[str]
    subjects: tuple[Subject, ...]
    judged: NDArray[np.intp] = field(default_factory=lambda: np.empty(0, dtype=np.intp))

    def __post_init__(self) -> None:
        if len(self.rows) < FEWEST_ROWS:
            raise NotEnoughData("tune an encoder", found=len(self.rows), needed=FEWEST_ROWS)

    @property
    def rows(self) -> NDArray[np.intp]:
        """The places in `texts` that some dimension learns from, rising."""
        taught = np.zeros(len(self.texts), dtype=np.bool_)
        for subject in self.subjects:
            taught[subject.rows] = True
        taught[self.judged] = False
        return np.flatnonzero(taught)

    def learnt(self) -> tuple[Subject, ...]:
        """Cut every subject down to the rows to learn from."""
        return self._split(aside=False)

    def set_aside(self) -> tuple[Subject, ...]:
        """Cut every subject down to the rows to judge by."""
        return self._split(aside=True)

    def _split(self, *, aside: bool) -> tuple[Subject, ...]:
        mask = np.zeros(len(self.texts), dtype=np.bool_)
        mask[self.judged] = True
        return tuple(one.take(mask[one.rows] == aside) for one in self.subjects)


def places_in(subject: Subject, count: int) -> NDArray[np.intp]:
    """Tell where in a subject each of `count` texts stands, (count,), or ABSENT."""
    places = np.full(count, ABSENT, dtype=np.intp)
    places[subject.rows] = np.arange(len(subject.rows))
    return places
