"""One thing that an audit found."""

from dataclasses import dataclass
from typing import Final

from sortyard.data.taxonomy_finding import Severity
from sortyard.domain.errors import number

WORST_FIRST: Final = tuple(Severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthFinding:
    """
    What is wrong where, and what to do; `dimension` is empty where the whole archive is meant.

    It names labels, columns and counts, and never quotes a message.
    """

    code: str
    severity: Severity
    problem: str
    remedy: str
    dimension: str = ""


def rows(count: int) -> str:
    """Write a number of rows: `1 row`, `3,080 rows`."""
    return number(count, "row")


def percent(share: float) -> str:
    """Write a share: `3.5 %`; the blank does not break."""
    return f"{100.0 * share:.1f}\u00a0%"
