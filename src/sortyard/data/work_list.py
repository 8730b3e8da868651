"""A list of probably wrong labels for a person to go through, and to hand back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sortyard.data.decisions import DECIDED, DIMENSION, ID, NONE, SEPARATOR, TEXT

COLUMNS: Final = (
    ID,
    DIMENSION,
    TEXT,
    "given",
    "likely",
    "chance_given",
    "chance_likely",
    "doubt",
    "like_likely",
    "like_given",
    DECIDED,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Another labelled message, and how near it is in meaning: 1 where it says the same."""

    id: str
    text: str
    similarity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """
    A message whose labels are probably wrong.

    Label paths are as in the archive; none are the answer that no label holds. The chances are
    those of the one label that is most in doubt, and `doubt` is how far the given one lies below
    what is usual for it. `like_likely` is the nearest other message that carries the likely label,
    and `like_given` the nearest that carries the given one.
    """

    id: str
    text: str
    given: tuple[str, ...]
    likely: tuple[str, ...]
    chance_given: float
    chance_likely: float
    doubt: float
    like_likely: Evidence | None = None
    like_given: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicions:
    """
    The probable label errors of one dimension, most doubtful first.

    `expected` is how many labels are taken to be wrong; `found` has so many, or fewer where a limit
    was asked for. `judged` of `rows` labelled messages could be judged; of the others no message
    with their label was left to learn from. `judges` says by what: in words, for people.
    """

    dimension: str
    found: tuple[Suspicion, ...]
    expected: int
    judged: int
    rows: int
    judges: str

    @property
    def share(self) -> float:
        """The share of judged messages that are taken to be wrong."""
        return self.expected / max(self.judged, 1)


def work_rows(lists: Sequence[Suspicions]) -> Iterator[Mapping[str, str]]:
    """Give one row for each suspicion, with an empty cell for what a person decides."""
    for one in lists:
        for suspicion in one.found:
            yield {
                ID: suspicion.id,
                DIMENSION: one.dimension,
                TEXT: suspicion.text,
                "given": written(suspicion.given),
                "likely": written(suspicion.likely),
                "chance_given": f"{suspicion.chance_given:.3g}",
                "chance_likely": f"{suspicion.chance_likely:.3g}",
                "doubt": f"{suspicion.doubt:.4f}",
                "like_likely": suspicion.like_likely.text if suspicion.like_likely else "",
                "like_given": suspicion.like_given.text if suspicion.like_given else "",
                DECIDED: "",
            }


def written(labels: Sequence[str]) -> str:
    """Write labels in one cell, the way a decision is read back."""
    return f"{SEPARATOR} ".join(labels) or NONE
