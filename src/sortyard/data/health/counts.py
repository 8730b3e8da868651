"""How many rows each label has, and which have too few."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Self

from sortyard.data.health.finding import HealthFinding, rows
from sortyard.data.taxonomy_finding import Severity
from sortyard.domain.errors import listing, number

FEW: Final = 50  # rows; below it neither learning nor measuring a label is sure
VERY_FEW: Final = 10


@dataclass(frozen=True, slots=True)
class LabelCount:
    """A label, and how many rows carry it."""

    label: str
    rows: int

    @property
    def is_few(self) -> bool:
        return self.rows < FEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The labels of one dimension, the most frequent first; `unlabelled` rows were not asked."""

    labels: tuple[LabelCount, ...]
    answered: int
    unlabelled: int

    @classmethod
    def of(cls, sets: Iterable[Sequence[str]], *, rows: int) -> Self:
        """Count the labels of the rows that were asked, of `rows` in all."""
        held: Counter[str] = Counter()
        answered = 0
        for labels in sets:
            answered += 1
            held.update(set(labels))
        ranked = sorted(held.items(), key=lambda one: (-one[1], one[0]))
        return cls(
            labels=tuple(LabelCount(*one) for one in ranked),
            answered=answered,
            unlabelled=rows - answered,
        )

    @property
    def few(self) -> tuple[LabelCount, ...]:
        """The labels with fewer than `FEW` rows, the rarest first."""
        return tuple(one for one in reversed(self.labels) if one.is_few)

    def findings(self, dimension: str) -> Iterator[HealthFinding]:
        """Say which labels have too few rows."""
        if len(self.labels) == 1 and self.labels[0].rows == self.answered:
            yield HealthFinding(
                code="one-label",
                severity=Severity.ERROR,
                dimension=dimension,
                problem=f"All {rows(self.answered)} have the label {self.labels[0].label!r}, so "
                "there is nothing to choose.",
                remedy="Add messages with other labels, or leave the dimension out.",
            )
            return
        if not self.few:
            return
        scarce = sum(one.rows < VERY_FEW for one in self.few)
        fewer = f", {scarce:,} of them fewer than {VERY_FEW}" if scarce else ""
        names = listing((one.label for one in self.few), limit=3)
        yield HealthFinding(
            code="few-rows",
            severity=Severity.WARNING,
            dimension=dimension,
            problem=f"{number(len(self.few), 'label')} of {len(self.labels):,} "
            f"{'has' if len(self.few) == 1 else 'have'} fewer than {FEW} rows{fewer}: "
            f"{names}.",
            remedy="Collect more messages of them (`sortyard annotate plan` finds some), unite "
            "them with a sibling, or let a person answer them.",
        )
