"""The health of an archive as one HTML page that needs nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from markupsafe import Markup, escape

from sortyard.data.health.copies import Contradiction
from sortyard.data.health.counts import FEW
from sortyard.data.health.doubts import Swap, swaps
from sortyard.data.health.finding import HealthFinding
from sortyard.data.health.health import DimensionHealth, Excerpt, Health
from sortyard.data.health.history_words import span_in_words
from sortyard.data.taxonomy_finding import Severity
from sortyard.data.work_list import Suspicion, written
from sortyard.evaluation.plots.evenness import evenness
from sortyard.evaluation.plots.lengths import lengths
from sortyard.evaluation.plots.prospects import prospects
from sortyard.evaluation.plots.ranks import ranks
from sortyard.evaluation.plots.timeline import timeline
from sortyard.evaluation.report_html import environment

LINES = 12
PAIRS = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputed:
    """A text under two labels, as it is shown."""

    ids: tuple[str, ...]
    more: int
    held: tuple[tuple[str, int], ...]
    exact: bool
    excerpt: Excerpt | None

    @classmethod
    def of(cls, one: Contradiction, health: Health) -> Self:
        ids = tuple(health.ids[at] for at in one.places)
        return cls(
            ids=ids[:3],
            more=max(len(ids) - 3, 0),
            held=tuple((" + ".join(labels) or "no label", rows) for labels, rows in one.labels),
            exact=one.exact,
            excerpt=health.excerpt(one.places),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspected:
    """A label that is probably wrong, as it is shown, and the nearest message of the likely one."""

    suspicion: Suspicion
    given: str
    likely: str
    excerpt: Excerpt | None
    near: Excerpt | None

    @classmethod
    def of(cls, one: Suspicion, health: Health) -> Self:
        near = one.like_likely
        return cls(
            suspicion=one,
            given=written(one.given),
            likely=written(one.likely),
            excerpt=health.excerpts.get(one.id),
            near=None if near is None else health.excerpts.get(near.id),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelsPage:
    """What the page shows of one dimension, with its drawings."""

    health: DimensionHealth
    anchor: str
    ranks: Markup
    evenness: Markup | None
    prospects: Markup | None
    timeline: Markup | None
    history: tuple[str, ...]
    disputed: tuple[Disputed, ...]
    suspected: tuple[Suspected, ...]
    swaps: tuple[Swap, ...]

    @classmethod
    def of(cls, one: DimensionHealth, health: Health, anchor: str) -> Self:
        """Draw everything once."""
        normalised = one.balance.normalised
        return cls(
            health=one,
            anchor=anchor,
            ranks=ranks(one.counts.labels),
            evenness=None if normalised is None else evenness(normalised),
            prospects=None if one.outlook is None else prospects(one.outlook),
            timeline=None if one.history is None else timeline(one.history),
            history=() if one.history is None else tuple(span_in_words(one.history, LINES)),
            suspected=()
            if one.suspicions is None
            else tuple(Suspected.of(each, health) for each in one.suspicions.found[:LINES]),
            swaps=() if one.suspicions is None else swaps(one.suspicions)[:LINES],
            disputed=tuple(Disputed.of(each, health) for each in one.contradictions.worst[:LINES]),
        )


def as_html(health: Health) -> str:
    """Write the page, light and dark, for the screen and for paper."""
    found, made = health.findings, environment()
    made.filters["coded"] = _coded
    return made.get_template("audit.html").render(
        health=health,
        pages=[
            LabelsPage.of(one, health, f"dimension-{at}")
            for at, one in enumerate(health.dimensions, start=1)
        ],
        by_severity=[(one.value, _of(found, one)) for one in Severity],
        lengths=lengths(health.lengths),
        few=FEW,
        lines=LINES,
        pairs=PAIRS,
        clusters=[
            (len(one.places), excerpt)
            for one in health.copies.largest[:LINES]
            if (excerpt := health.excerpt(one.places)) is not None
        ],
    )


def _coded(words: str) -> Markup:
    """Set what stands between backticks as code; whatever is not markup yet is escaped."""
    pieces = [
        Markup("<code>{}</code>").format(one) if at % 2 else escape(one)
        for at, one in enumerate(words.split("`"))
    ]
    return Markup("").join(pieces)


def _of(found: Sequence[HealthFinding], severity: Severity) -> list[HealthFinding]:
    return [one for one in found if one.severity is severity]
