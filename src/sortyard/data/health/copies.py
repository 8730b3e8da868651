"""Messages that are there more than once, nearly letter by letter, and what labels they have."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sortyard.data.forms import plain_form
from sortyard.data.health.finding import HealthFinding, percent, rows
from sortyard.data.health.spelling import same_name
from sortyard.data.taxonomy_finding import Severity
from sortyard.domain.errors import number

MUCH: Final = 0.05  # of all rows are copies: what is measured on them is too good
SERIOUS: Final = 0.01  # of all rows contradict a copy of themselves
KEPT: Final = 50  # of the largest clusters, and of contradictions


@dataclass(frozen=True, slots=True)
class Cluster:
    """Rows (places in the archive) that say the same in nearly the same letters."""

    places: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """How many clusters there are, how many rows are in them, and the largest ones."""

    rows: int
    clusters: int
    clustered: int
    exact: int  # rows that are another one to the letter, but for case, marks and spaces
    largest: tuple[Cluster, ...]

    @property
    def spare(self) -> int:
        """The rows that could go, one of each cluster staying."""
        return self.clustered - self.clusters

    def findings(self) -> Iterator[HealthFinding]:
        """Say how many rows are copies."""
        if not self.clusters:
            return
        share = self.spare / self.rows
        yield HealthFinding(
            code="near-duplicates",
            severity=Severity.WARNING if share > MUCH else Severity.NOTE,
            problem=f"{rows(self.clustered)} are in {number(self.clusters, 'cluster')} of "
            f"near-duplicates, so that {self.spare:,} ({percent(share)}) could go.",
            remedy="Training keeps each cluster on one side of its split; in a split of your own, "
            "do the same.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """
    Copies of one text that carry different labels, with the rows of each.

    `exact` says that they are the same to the letter, and not only nearly.
    """

    places: tuple[int, ...]
    labels: tuple[tuple[tuple[str, ...], int], ...]
    exact: bool

    @property
    def minority(self) -> int:
        """The rows that do not carry the most frequent labels."""
        return len(self.places) - max(count for _, count in self.labels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradictions:
    """Texts under two labels, those with the most rows against the majority first."""

    answered: int
    exact: int  # texts
    near: int
    rows: int  # those in the minority, however the others are right
    worst: tuple[Contradiction, ...]

    def findings(self, dimension: str) -> Iterator[HealthFinding]:
        """Say how often one text has two labels."""
        if not self.exact + self.near:
            return
        share = self.rows / max(self.answered, 1)
        yield HealthFinding(
            code="two-labels",
            severity=Severity.ERROR if share > SERIOUS else Severity.WARNING,
            dimension=dimension,
            problem=f"{number(self.exact, 'text')} and {number(self.near, 'near-duplicate text')} "
            f"carry different labels; at least {rows(self.rows)} ({percent(share)}) must be wrong.",
            remedy="Decide which label each text has; what is under both teaches nothing.",
        )


def copies(texts: Sequence[str], groups: NDArray[np.integer]) -> Copies:
    """Sum up groups (rows,) of near-duplicates."""
    clusters = [one for one in _members(groups) if len(one) > 1]
    exact = 0
    for members in clusters:
        exact += len(members) - len({plain_form(texts[at]) for at in members})
    return Copies(
        rows=len(texts),
        clusters=len(clusters),
        clustered=sum(map(len, clusters)),
        exact=exact,
        largest=tuple(
            Cluster(tuple(one)) for one in sorted(clusters, key=lambda one: (-len(one), one))[:KEPT]
        ),
    )


def contradictions(
    texts: Sequence[str],
    labels: Sequence[tuple[str, ...]],
    groups: NDArray[np.integer],
    places: Sequence[int],
) -> Contradictions:
    """
    Find texts under two labels among the rows at `places`, which are those that were asked.

    Labels that differ in case or marks only are one here.
    """
    asked = np.asarray(places, dtype=np.intp)
    found: list[Contradiction] = []
    for members in _members(np.asarray(groups)[asked]):
        if len(members) > 1:
            at = [int(asked[one]) for one in members]
            if len({frozenset(map(same_name, labels[one])) for one in at}) > 1:
                found += _contradictions(texts, labels, at)
    found.sort(key=lambda one: (not one.exact, -one.minority, one.places))
    return Contradictions(
        answered=len(asked),
        exact=sum(one.exact for one in found),
        near=sum(not one.exact for one in found),
        rows=sum(one.minority for one in found),
        worst=tuple(found[:KEPT]),
    )


def _contradictions(
    texts: Sequence[str], labels: Sequence[tuple[str, ...]], at: Sequence[int]
) -> Iterator[Contradiction]:
    """Take the same texts of a cluster apart; where each agrees with itself, they differ nearly."""
    by_form: dict[str, list[int]] = {}
    for one in at:
        by_form.setdefault(plain_form(texts[one]), []).append(one)
    same = [_split(labels, held, exact=True) for held in by_form.values()]
    if any(same):
        yield from (each for each in same if each is not None)
    elif (near := _split(labels, at, exact=False)) is not None:
        yield near


def _split(
    labels: Sequence[tuple[str, ...]], at: Sequence[int], *, exact: bool
) -> Contradiction | None:
    held = Counter(tuple(sorted(labels[one])) for one in at)
    if len({tuple(sorted(map(same_name, names))) for names in held}) < 2:  # noqa: PLR2004 -- they agree
        return None
    ranked = sorted(held.items(), key=lambda one: (-one[1], one[0]))
    return Contradiction(places=tuple(at), labels=tuple(ranked), exact=exact)


def _members(groups: NDArray[np.integer]) -> list[list[int]]:
    """List the rows of each group, in their order."""
    order = np.argsort(groups, kind="stable")
    cuts = np.flatnonzero(np.diff(np.asarray(groups)[order])) + 1
    return [part.tolist() for part in np.split(order, cuts)] if len(order) else []
