"""What a release answered on labelled messages: the frozen input of every measure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.errors import InvalidPrediction
from sortyard.domain.messages import MetadataValue
from sortyard.domain.predictions import Choice, Route
from sortyard.domain.taxonomy import ancestors

Probabilities: TypeAlias = NDArray[np.floating]  # (rows, labels), calibrated
Confidences: TypeAlias = NDArray[np.float64]  # (rows,), NaN where there is none
Metadata: TypeAlias = Sequence[Mapping[str, MetadataValue]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleOutcomes:
    """
    Truth and answers for one `single` dimension, one entry a row everywhere.

    `labels` are the paths that the columns of `probabilities` stand for: those the model can give.
    `truth` may name a label that is not among them; no forecast of such a row can be right.
    `answered` is the path that the release gave, which may be a parent after roll-up; None where
    it gave no label. `metadata` may be empty, and then there are no slices.
    """

    dimension: str
    labels: tuple[str, ...]
    truth: Sequence[str]
    probabilities: Probabilities
    answered: Sequence[str | None]
    confidence: Confidences
    routes: Sequence[Route]
    metadata: Metadata = ()

    def __post_init__(self) -> None:
        _check(self.dimension, self.probabilities, self.labels, len(self.truth))
        counts = (len(self.answered), len(self.confidence), len(self.routes))
        _check_rows(self.dimension, counts, self.metadata, len(self.truth))

    @classmethod
    def of_choices(
        cls,
        choices: Sequence[Choice],
        *,
        labels: tuple[str, ...],
        truth: Sequence[str],
        probabilities: Probabilities,
        metadata: Metadata = (),
    ) -> Self:
        """Read answers, confidences and routes off what the release answered."""
        return cls(
            dimension=_dimension_of(choices),
            labels=labels,
            truth=truth,
            probabilities=probabilities,
            answered=tuple(choice.label for choice in choices),
            confidence=_confidences(choices),
            routes=tuple(choice.route for choice in choices),
            metadata=metadata,
        )

    @property
    def forecast(self) -> tuple[str, ...]:
        """The best label of every row, before any roll-up or route: a forced choice."""
        best = np.asarray(self.probabilities).argmax(axis=1)
        return tuple(self.labels[column] for column in best)

    @property
    def truth_columns(self) -> NDArray[np.intp]:
        """The column of every row's true label; -1 for one that the model does not have."""
        return columns_of(self.truth, self.labels)

    @property
    def right(self) -> NDArray[np.bool_]:
        """
        Whether each answer is true: the true label itself, or a parent of it.

        An answer that was rolled up to `billing` claims no more than that, so it is right for a
        message of `billing/refunds`.
        """
        pairs = zip(self.answered, self.truth, strict=True)
        return np.array([a is not None and holds(a, t) for a, t in pairs], dtype=bool)

    def __len__(self) -> int:
        return len(self.truth)


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiOutcomes:
    """
    Truth and answers for one `multi` dimension: sets of labels as rows of booleans.

    `labels` are the columns of `truth`, `probabilities` and `answered`. A true label that the model
    does not have gets a column too, with probability zero.
    """

    dimension: str
    labels: tuple[str, ...]
    truth: NDArray[np.bool_]
    probabilities: Probabilities
    answered: NDArray[np.bool_]
    confidence: Confidences
    routes: Sequence[Route]
    metadata: Metadata = ()

    def __post_init__(self) -> None:
        for table in (self.truth, self.probabilities, self.answered):
            _check(self.dimension, table, self.labels, len(self.truth))
        counts = (len(self.confidence), len(self.routes))
        _check_rows(self.dimension, counts, self.metadata, len(self.truth))

    @classmethod
    def of_choices(
        cls,
        choices: Sequence[Choice],
        *,
        labels: tuple[str, ...],
        truth: Sequence[Sequence[str]],
        probabilities: Probabilities,
        metadata: Metadata = (),
    ) -> Self:
        """Read answers off what the release answered; true labels it lacks become columns."""
        strangers = tuple(sorted({one for row in truth for one in row} - set(labels)))
        every = labels + strangers
        padded = np.pad(np.asarray(probabilities), ((0, 0), (0, len(strangers))))
        return cls(
            dimension=_dimension_of(choices),
            labels=every,
            truth=indicators(truth, every),
            probabilities=padded,
            answered=indicators([choice.labels for choice in choices], every),
            confidence=_confidences(choices),
            routes=tuple(choice.route for choice in choices),
            metadata=metadata,
        )

    @property
    def right(self) -> NDArray[np.bool_]:
        """Whether each answer is exactly the true set of labels."""
        same: NDArray[np.bool_] = (self.truth == self.answered).all(axis=1)
        return same

    def __len__(self) -> int:
        return len(self.truth)


Outcomes: TypeAlias = SingleOutcomes | MultiOutcomes


def holds(answer: str, truth: str) -> bool:
    """Tell whether an answer is the true label or a parent of it."""
    return answer == truth or answer in ancestors(truth)


def columns_of(paths: Sequence[str], labels: Sequence[str]) -> NDArray[np.intp]:
    """Find the column of every path; -1 for one that has none."""
    column = {label: index for index, label in enumerate(labels)}
    return np.array([column.get(path, -1) for path in paths], dtype=np.intp)


def indicators(sets: Sequence[Sequence[str]], labels: Sequence[str]) -> NDArray[np.bool_]:
    """Write sets of labels as rows of booleans; labels that have no column are left out."""
    column = {label: index for index, label in enumerate(labels)}
    table = np.zeros((len(sets), len(labels)), dtype=bool)
    for row, members in enumerate(sets):
        table[row, [column[one] for one in members if one in column]] = True
    return table


def _dimension_of(choices: Sequence[Choice]) -> str:
    return choices[0].dimension if choices else ""


def _confidences(choices: Sequence[Choice]) -> Confidences:
    found = [np.nan if one.confidence is None else one.confidence for one in choices]
    return np.array(found, dtype=np.float64)


def _check(dimension: str, table: NDArray[np.generic], labels: tuple[str, ...], rows: int) -> None:
    if table.shape != (rows, len(labels)):
        why = f"a table of shape {table.shape} for {rows} rows and {len(labels)} labels"
        raise InvalidPrediction(dimension, why)


def _check_rows(dimension: str, counts: tuple[int, ...], metadata: Metadata, rows: int) -> None:
    if any(count != rows for count in counts) or len(metadata) not in {0, rows}:
        why = f"{rows} true labels, but {counts} answers and {len(metadata)} rows of metadata"
        raise InvalidPrediction(dimension, why)
