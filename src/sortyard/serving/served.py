"""What a request may choose, and what it gets."""

from dataclasses import dataclass

from sortyard.domain.predictions import Answer, Degradation, Failure
from sortyard.domain.taxonomy import Taxonomy
from sortyard.models.decide import CANDIDATES


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """
    What a request may choose.

    Without `dimensions` every one is answered. What has not begun `within` so many seconds is
    refused, for nobody waits for it any more.
    """

    dimensions: tuple[str, ...] | None = None
    candidates: int = CANDIDATES
    within: float | None = None

    def names_in(self, taxonomy: Taxonomy) -> tuple[str, ...]:
        """Name the dimensions that are asked for, each once. Raises UnknownDimension."""
        if self.dimensions is None:
            return taxonomy.names
        return tuple(dict.fromkeys(taxonomy[name].name for name in self.dimensions))


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """
    The answers to one request, in the order of its messages, all by one release.

    `taxonomy` is the release's; every answer has the `dimensions` that were asked for. `cached`
    counts the answers that were known already.
    """

    results: tuple[Answer | Failure, ...]
    release: str
    taxonomy: Taxonomy
    dimensions: tuple[str, ...]
    cached: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """
    Whether the desk answers, and with what.

    `problem` says why it does not, or what is wrong although it does: a release that shall answer
    and cannot be loaded, say.
    """

    ready: bool
    release: str | None
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a desk holds at this moment."""

    waiting: int  # messages, with those at work
    waiting_characters: int
    cache_entries: int
    cache_bytes: int  # estimated from above
    per_second: float  # messages answered a second, while there was something to answer
    degradation: Degradation | None
    release: str | None
