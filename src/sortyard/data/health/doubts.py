"""Labels that are probably wrong, summed up for an audit."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sortyard.data.health.finding import HealthFinding, percent
from sortyard.data.taxonomy_finding import Severity
from sortyard.data.work_list import Suspicions, written
from sortyard.domain.errors import number

MUCH: Final = 0.02  # of the labels; more cost a training accuracy


@dataclass(frozen=True, slots=True)
class Swap:
    """Messages that carry one label and are more likely of another."""

    given: str
    likely: str
    rows: int


def swaps(suspicions: Suspicions) -> tuple[Swap, ...]:
    """Count the suspicions by what was given and what is likely, most first."""
    pairs = Counter((written(one.given), written(one.likely)) for one in suspicions.found)
    return tuple(Swap(*pair, rows) for pair, rows in pairs.most_common())


def findings(suspicions: Suspicions) -> Iterator[HealthFinding]:
    """Say how many labels are probably wrong."""
    if suspicions.expected:
        yield HealthFinding(
            code="label-errors",
            severity=Severity.WARNING if suspicions.share > MUCH else Severity.NOTE,
            dimension=suspicions.dimension,
            problem=f"{number(suspicions.expected, 'label')} of {suspicions.judged:,} "
            f"({percent(suspicions.share)}) are probably wrong, told by {suspicions.judges}.",
            remedy="Write the list with `--export FILE`, fill in `decided`, and put it into the "
            "archive with `--decided FILE --corrected FILE`.",
        )
