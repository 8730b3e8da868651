"""The truth of one dimension as numbers: which label each row carries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.taxonomy import Kind


@dataclass(frozen=True, slots=True)
class Truth:
    """
    The labels of some rows, as numbers below `count`.

    `held` is (rows,) of label numbers for a `single` dimension and (rows, labels) of booleans for
    a `multi` one.
    """

    kind: Kind
    count: int
    held: NDArray[np.intp] | NDArray[np.bool_]

    @classmethod
    def of(cls, labels: Sequence[tuple[str, ...]], known: Sequence[str], kind: Kind) -> Self:
        """Number the labels of every row by their place in `known`."""
        column = {label: number for number, label in enumerate(known)}
        if kind is Kind.SINGLE:
            single = np.array([column[row[0]] for row in labels], dtype=np.intp)
            return cls(kind, len(known), single)
        held = np.zeros((len(labels), len(known)), dtype=np.bool_)
        for row, paths in enumerate(labels):
            held[row, [column[path] for path in paths]] = True
        return cls(kind, len(known), held)

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> "Truth":
        return Truth(self.kind, self.count, self.held[rows])

    def joined(self, labels: NDArray[np.intp], count: int) -> "Truth":
        """Add rows that carry one label each, of `count` labels from now on."""
        if self.kind is Kind.SINGLE:
            return Truth(self.kind, count, np.append(self.single, labels))
        held = np.zeros((len(self) + len(labels), count), dtype=np.bool_)
        held[: len(self), : self.count] = self.matrix
        held[len(self) + np.arange(len(labels)), labels] = True
        return Truth(self.kind, count, held)

    @property
    def single(self) -> NDArray[np.intp]:
        """The label number of each row of a `single` dimension, (rows,)."""
        return self.held.astype(np.intp, copy=False)

    @property
    def matrix(self) -> NDArray[np.bool_]:
        """Which labels each row of a `multi` dimension carries, (rows, labels)."""
        return self.held.astype(np.bool_, copy=False)

    def supports(self) -> NDArray[np.intp]:
        """Count the rows of every label, (labels,)."""
        if self.kind is Kind.SINGLE:
            return np.bincount(self.single, minlength=self.count).astype(np.intp)
        return np.asarray(self.held.sum(axis=0), dtype=np.intp)

    def balance(self) -> NDArray[np.float32]:
        """
        Weigh every label by n / (classes * count): rare ones as much as frequent ones together.

        For a `single` dimension (labels,), over the labels that rows carry; for a `multi` one
        (2, labels), where each label is a choice of two: rows that lack it, and rows that carry it.
        King & Zeng, "Logistic Regression in Rare Events Data", 2001.
        """
        supports, rows = self.supports(), len(self)
        if self.kind is Kind.SINGLE:
            classes = max(int((supports > 0).sum()), 1)
            return (rows / (classes * np.maximum(supports, 1))).astype(np.float32)
        counts = np.stack([rows - supports, supports])
        return (rows / (2.0 * np.maximum(counts, 1))).astype(np.float32)

    def unlabelled(self) -> NDArray[np.bool_]:
        """Tell which rows carry no label, (rows,); in a `single` dimension none."""
        if self.kind is Kind.SINGLE:
            return np.zeros(len(self.held), dtype=np.bool_)
        return np.logical_not(self.matrix.any(axis=1))

    def within(self, labels: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Tell which rows carry none but the labels of a mask (labels,): (rows,)."""
        if self.kind is Kind.SINGLE:
            return labels[self.single]
        within: NDArray[np.bool_] = np.logical_not(self.matrix[:, ~labels].any(axis=1))
        return within

    def as_sets(self) -> list[list[int]]:
        """List the label numbers of every row."""
        if self.kind is Kind.SINGLE:
            return [[int(label)] for label in self.held]
        return [np.flatnonzero(row).tolist() for row in self.held]

    def __len__(self) -> int:
        return len(self.held)
