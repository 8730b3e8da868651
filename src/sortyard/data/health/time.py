"""
Labels over time: one that stopped, one that began, and texts that got another label later.

If a label's `n` rows fell anywhere in the archive by chance, all of them would lie in its first
share `q` with a chance of `q ** n`. Where that is next to nothing, the label stopped; the same from
the other end says that it began.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sortyard.data.forms import plain_form
from sortyard.data.health.finding import HealthFinding
from sortyard.data.taxonomy_finding import Severity
from sortyard.domain.errors import listing, number

CHANCE: Final = 1e-3  # of one false alarm in a whole dimension
LEAST_SILENCE: Final = 0.05  # of the archive's rows; a shorter silence is no end
FEWEST_DATED: Final = 20
EARLIEST, LATEST = -62_135_596_800.0, 253_402_300_799.0  # the years 1 and 9999
PERIODS: Final = 24
CLOSE: Final = 0.05  # of the time that the archive spans
AT_ONCE: Final = 3  # labels that stop or begin together: somebody changed them


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A label that stopped or began: when, its rows, and the share of the archive without it."""

    label: str
    rows: int
    at: float
    silence: float


@dataclass(frozen=True, slots=True)
class Relabelled:
    """Texts whose copies had one label up to a time, and another one from then on."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    texts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """The rows of one label in each of the periods."""

    label: str
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """
    What became of labels over time; times are seconds since 1970.

    `edges` are the bounds of the periods of `activity`, which has the most frequent labels and
    those that turned.
    """

    dated: int
    first: float
    last: float
    stopped: tuple[Turn, ...]
    began: tuple[Turn, ...]
    relabelled: tuple[Relabelled, ...]
    recut: tuple[float, int] | None  # when, and how many labels
    edges: tuple[float, ...]
    activity: tuple[Activity, ...]

    def findings(self, dimension: str) -> Iterator[HealthFinding]:
        """Say what changed on the way."""
        if self.recut:
            when, labels = self.recut
            yield HealthFinding(
                code="labels-changed",
                severity=Severity.WARNING,
                dimension=dimension,
                problem=f"{labels} labels stopped or began around {day(when)}: somebody changed "
                "the labels.",
                remedy="Relabel what is older, or train on what is newer.",
            )
        if self.stopped:
            names = listing((one.label for one in self.stopped), limit=3)
            yield HealthFinding(
                code="stale-labels",
                severity=Severity.WARNING,
                dimension=dimension,
                problem=f"{number(len(self.stopped), 'label')} stopped before the archive ends: "
                f"{names}.",
                remedy="Find out what took their place, and relabel their rows or drop them.",
            )
        if self.began:
            names = listing((one.label for one in self.began), limit=3)
            yield HealthFinding(
                code="late-labels",
                severity=Severity.NOTE,
                dimension=dimension,
                problem=f"{number(len(self.began), 'label')} began long after the archive does: "
                f"{names}.",
                remedy="Older messages of this kind are under other labels: relabel some of them.",
            )
        if self.relabelled:
            texts = sum(one.texts for one in self.relabelled)
            yield HealthFinding(
                code="relabelled-later",
                severity=Severity.WARNING,
                dimension=dimension,
                problem=f"{number(texts, 'text')} had one label at first and another one later.",
                remedy="Give the older rows the newer label, if that is the one that counts.",
            )


def history(
    times: Sequence[float], labels: Sequence[tuple[str, ...]], texts: Sequence[str]
) -> History | None:
    """Follow labels through time; None where too few rows have a time that can be read."""
    known = [at for at, time in enumerate(times) if np.isfinite(time)]
    stamps = np.array([times[at] for at in known], dtype=np.float64)
    if len(known) < FEWEST_DATED or stamps.min() == stamps.max():
        return None
    by_label: dict[str, list[int]] = {}
    for number_, at in enumerate(known):
        for label in set(labels[at]):
            by_label.setdefault(label, []).append(number_)
    order = np.sort(stamps)
    stopped, began = [], []
    limit = log(CHANCE / max(len(by_label), 1))
    for label, held in sorted(by_label.items()):
        own = stamps[held]
        # Rows up to its last one, and from its first one on.
        until = np.searchsorted(order, own.max(), side="right") / len(order)
        since = 1.0 - np.searchsorted(order, own.min(), side="left") / len(order)
        if _is_telling(until, len(held), limit):
            stopped.append(_turn(label, held, own.max(), until))
        if _is_telling(since, len(held), limit):
            began.append(_turn(label, held, own.min(), since))
    edges = np.linspace(stamps.min(), stamps.max(), PERIODS + 1)
    return History(
        dated=len(known),
        first=float(stamps.min()),
        last=float(stamps.max()),
        stopped=tuple(sorted(stopped, key=lambda one: -one.rows)),
        began=tuple(sorted(began, key=lambda one: -one.rows)),
        relabelled=_relabelled(known, times, labels, texts),
        recut=_recut([*stopped, *began], float(np.ptp(stamps))),
        edges=tuple(edges.tolist()),
        activity=_activity(by_label, stamps, edges),
    )


def day(seconds: float) -> str:
    """Write a point in time as a date: `2017-04-24`; what no calendar has becomes its end."""
    within = min(max(seconds, EARLIEST), LATEST)
    return f"{datetime.fromtimestamp(within, UTC):%Y-%m-%d}"


def _is_telling(share: float, count: int, limit: float) -> bool:
    return 1.0 - share >= LEAST_SILENCE and count * log(share) <= limit


def _turn(label: str, held: Sequence[int], at: float, share: float) -> Turn:
    return Turn(label=label, rows=len(held), at=float(at), silence=1.0 - float(share))


def _recut(turns: Sequence[Turn], span: float) -> tuple[float, int] | None:
    """Find the moment around which the most labels turned."""
    moments = sorted(one.at for one in turns)
    best = max(
        ([one for one in moments if start <= one <= start + CLOSE * span] for start in moments),
        key=len,
        default=[],
    )
    return (best[len(best) // 2], len(best)) if len(best) >= AT_ONCE else None


def _relabelled(
    known: Sequence[int],
    times: Sequence[float],
    labels: Sequence[tuple[str, ...]],
    texts: Sequence[str],
) -> tuple[Relabelled, ...]:
    rows: dict[str, list[int]] = {}
    for at in known:
        rows.setdefault(plain_form(texts[at]), []).append(at)
    found: Counter[tuple[tuple[str, ...], tuple[str, ...]]] = Counter()
    for held in rows.values():
        spans: dict[tuple[str, ...], list[float]] = {}
        for at in held:
            spans.setdefault(tuple(sorted(labels[at])), []).append(times[at])
        if len(spans) == 2:  # noqa: PLR2004 -- one label before and one after
            (one, first), (other, second) = spans.items()
            if max(first) < min(second):
                found[one, other] += 1
            elif max(second) < min(first):
                found[other, one] += 1
    return tuple(Relabelled(*pair, count) for pair, count in found.most_common())


def _activity(
    by_label: dict[str, list[int]], stamps: NDArray[np.float64], edges: NDArray[np.float64]
) -> tuple[Activity, ...]:
    ranked = sorted(by_label.items(), key=lambda one: (-len(one[1]), one[0]))
    return tuple(
        Activity(label=label, rows=tuple(np.histogram(stamps[held], edges)[0].tolist()))
        for label, held in ranked
    )
