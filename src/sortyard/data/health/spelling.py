"""Labels that look like two spellings of one: a letter's case, a plural, a typo, blanks."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sortyard.data.health.finding import HealthFinding, rows
from sortyard.data.taxonomy_finding import Severity
from sortyard.domain.errors import number
from sortyard.domain.label_names import alike_pairs, stem, words_of

SHOWN: Final = 3


class Difference(StrEnum):
    """In what two names differ."""

    CASE = "case"
    MARKS = "spaces or marks"
    ORDER = "order of words"
    ENDING = "plural or ending"
    TYPO = "one letter"

    @property
    def is_sure(self) -> bool:
        """Whether nobody means two labels by it."""
        return self in {Difference.CASE, Difference.MARKS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """Two labels that are likely one; `rarer` is the one with fewer rows."""

    usual: str
    rarer: str
    usual_rows: int
    rarer_rows: int
    difference: Difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Spellings:
    """
    The likely spellings of one dimension, the surest and the most frequent first.

    `blanks` counts cells with blanks around or doubled, which are read without them.
    """

    pairs: tuple[Spelling, ...]
    blanks: int = 0

    def findings(self, dimension: str) -> Iterator[HealthFinding]:
        """Say what is surely one label, what is likely one, and what was mended on the way."""
        sure = [one for one in self.pairs if one.difference.is_sure]
        likely = [one for one in self.pairs if not one.difference.is_sure]
        if sure:
            yield HealthFinding(
                code="spelling-drift",
                severity=Severity.ERROR,
                dimension=dimension,
                problem=f"{number(len(sure), 'pair')} of labels differ in case or marks only, and "
                f"are two labels to every model: {_named(sure)}.",
                remedy="Write each label in one way, and train again.",
            )
        if likely:
            yield HealthFinding(
                code="spelling-doubt",
                severity=Severity.NOTE,
                dimension=dimension,
                problem=f"{number(len(likely), 'pair')} of labels look like spellings of one: "
                f"{_named(likely)}.",
                remedy="Unite those that mean the same; leave those that do not.",
            )
        if self.blanks:
            yield HealthFinding(
                code="label-blanks",
                severity=Severity.NOTE,
                dimension=dimension,
                problem=f"{rows(self.blanks)} have blanks around or twice inside a label; they are "
                "read without.",
                remedy="Trim them where other programs read the file.",
            )


def same_name(name: str) -> str:
    """Fold what nobody means two labels by: two names with one folded form are one label."""
    return "".join(words_of(name)) or name.strip()


def spellings(counts: Mapping[str, int], *, blanks: int = 0) -> Spellings:
    """Find likely spellings among labels, given how many rows each has."""
    found = []
    for one, other in alike_pairs(counts):
        usual, rarer = sorted((one, other), key=lambda name: (-counts[name], name))
        found.append(
            Spelling(
                usual=usual,
                rarer=rarer,
                usual_rows=counts[usual],
                rarer_rows=counts[rarer],
                difference=_difference(one, other),
            )
        )
    rank = list(Difference)
    found.sort(key=lambda one: (rank.index(one.difference), -one.rarer_rows, one.usual, one.rarer))
    return Spellings(pairs=tuple(found), blanks=blanks)


def _difference(one: str, other: str) -> Difference:
    if one.casefold() == other.casefold():
        return Difference.CASE
    first, second = words_of(one), words_of(other)
    if same_name(one) == same_name(other):
        return Difference.MARKS
    if Counter(first) == Counter(second):
        return Difference.ORDER
    if sorted(map(stem, first)) == sorted(map(stem, second)):
        return Difference.ENDING
    return Difference.TYPO


def _named(pairs: list[Spelling]) -> str:
    words = [
        f"{one.usual!r} ({one.usual_rows:,}) and {one.rarer!r} ({one.rarer_rows:,})"
        for one in pairs[:SHOWN]
    ]
    more = f"; and {len(pairs) - SHOWN:,} more" if len(pairs) > SHOWN else ""
    return "; ".join(words) + more
