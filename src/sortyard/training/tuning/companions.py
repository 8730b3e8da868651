"""Which rows a row meets in its batch: partners of its label, and rivals of another."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.taxonomy import Kind
from sortyard.training.tuning.course import ABSENT, Subject, places_in
from sortyard.training.tuning.rivals import NOBODY, Rivals


@dataclass(frozen=True, slots=True)
class Shelf:
    """
    The rows of every label, and the labels of every row, of one dimension.

    The rows of label `l` are `rows[starts[l] : starts[l + 1]]`, those of the texts; the labels of
    text `t` are `labels[first[t] : first[t] + held[t]]`. Memory is one number for each pair of a
    row and a label that it carries.
    """

    rows: NDArray[np.intp]
    starts: NDArray[np.intp]
    labels: NDArray[np.intp]
    first: NDArray[np.intp]
    held: NDArray[np.intp]
    rivals: Rivals | None = None

    @classmethod
    def of(cls, subject: Subject, texts: int, rivals: Rivals | None = None) -> Self:
        """Sort the rows of a subject by label."""
        if subject.truth.kind is Kind.SINGLE:
            places, labels = np.arange(len(subject.rows)), subject.truth.single
        else:
            places, labels = np.nonzero(subject.truth.matrix)
        held_there = np.bincount(places, minlength=len(subject.rows))
        first_there = np.cumsum(held_there) - held_there
        at = places_in(subject, texts)
        known = at != ABSENT
        by_label = np.argsort(labels, kind="stable")
        return cls(
            rows=subject.rows[places[by_label]],
            starts=np.searchsorted(labels[by_label], np.arange(subject.truth.count + 1)),
            labels=np.asarray(labels, dtype=np.intp),
            first=_where(known, first_there, at),
            held=_where(known, held_there, at),
            rivals=rivals,
        )

    def label_of(self, texts: NDArray[np.intp], rng: np.random.Generator) -> NDArray[np.intp]:
        """Draw one of the labels of each text, (texts,), or NOBODY where it carries none."""
        held = self.held[texts]
        chosen = self.first[texts] + (rng.random(len(texts)) * held).astype(np.intp)
        if not len(self.labels):
            return np.full(len(texts), NOBODY, dtype=np.intp)
        chosen = np.minimum(chosen, len(self.labels) - 1)
        return np.where(held > 0, self.labels[chosen], NOBODY)

    def row_of(self, labels: NDArray[np.intp], rng: np.random.Generator) -> NDArray[np.intp]:
        """Draw a text of each label, (labels,), or ABSENT for NOBODY and for one without rows."""
        known = np.maximum(labels, 0)
        count = self.starts[known + 1] - self.starts[known]
        chosen = self.starts[known] + (rng.random(len(labels)) * count).astype(np.intp)
        if not len(self.rows):
            return np.full(len(labels), ABSENT, dtype=np.intp)
        chosen = np.minimum(chosen, len(self.rows) - 1)
        return np.where((labels != NOBODY) & (count > 0), self.rows[chosen], ABSENT)


@dataclass(frozen=True, slots=True)
class Companions:
    """Draws for every row the company it keeps, in one of the dimensions that it teaches."""

    shelves: Sequence[Shelf]
    partners: int
    rivals: int

    def draw(self, texts: NDArray[np.intp], rng: np.random.Generator) -> NDArray[np.intp]:
        """Give each text its companions, (texts, partners + rivals), or ABSENT."""
        found = np.full((len(texts), self.partners + self.rivals), ABSENT, dtype=np.intp)
        shelf_of = self._shelves_of(texts, rng)
        for number, shelf in enumerate(self.shelves):
            here = np.flatnonzero(shelf_of == number)
            labels = shelf.label_of(texts[here], rng)
            for column in range(self.partners):
                found[here, column] = shelf.row_of(labels, rng)
            if shelf.rivals is None:
                continue
            for column in range(self.partners, found.shape[1]):
                others = shelf.rivals.draw(np.maximum(labels, 0), rng)
                others[labels == NOBODY] = NOBODY
                found[here, column] = shelf.row_of(others, rng)
        return found

    def _shelves_of(self, texts: NDArray[np.intp], rng: np.random.Generator) -> NDArray[np.intp]:
        """Draw the dimension in which each text looks for company, among those where it can."""
        chances = rng.random((len(self.shelves), len(texts)))
        for number, shelf in enumerate(self.shelves):
            chances[number, shelf.held[texts] == 0] = -1.0
        return np.asarray(chances.argmax(axis=0), dtype=np.intp)


def _where(
    known: NDArray[np.bool_], values: NDArray[np.intp], at: NDArray[np.intp]
) -> NDArray[np.intp]:
    found = np.zeros(len(known), dtype=np.intp)
    found[known] = values[at[known]]
    return found
