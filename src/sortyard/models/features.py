"""
Features beyond the words of a message, as columns beside those of its n-grams.

Every column is an indicator: a value of a category, or a range of a number. The ranges hold about
as many training messages each, so that neither units nor outliers matter. What a message does not
say has no column, and counts for nothing.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Any, Final, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sortyard.domain.features import ColumnKind, Declaration, Measure
from sortyard.domain.messages import Message
from sortyard.models.feature_facts import Fact, FactReader, Facts, Heading, usual_columns

Held: TypeAlias = tuple[int, ...]
"""The columns that a message has, rising."""

# Of a column, beside the n-grams of a text, whose length is one. Chosen on CFPB complaints and IT
# tickets, on training rows that were held out: from 0.3 to 0.8 it hardly matters, below it does.
WEIGHT: Final = 0.5
FEWEST: Final = 5  # messages that share a value: a rarer one may name a person, and teaches little
MOST: Final = 1_000  # values of one feature: the most frequent ones
RANGES: Final = 8  # ranges of a number, about
OTHER: Final = "(other)"
METADATA, DERIVED = "metadata", "derived"  # what came with a message, and what is measured of it


@dataclass(frozen=True, slots=True)
class Values:
    """A column for every value of a feature; where they are learnt, one for all others, too."""

    heading: Heading
    known: tuple[str, ...]
    _places: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_places", {one: place for place, one in enumerate(self.known)})

    @classmethod
    def fit(cls, heading: Heading, facts: Iterable[Fact]) -> Self:
        """Keep what is known beforehand, or else the values that many messages share."""
        if heading.values is not None:
            return cls(heading, heading.values)
        counts = Counter(value for fact in facts if isinstance(fact, tuple) for value in fact)
        order = sorted(counts, key=lambda value: (-counts[value], value))[:MOST]
        return cls(heading, tuple(value for value in order if counts[value] >= FEWEST))

    def __len__(self) -> int:
        return len(self.names)

    @property
    def names(self) -> tuple[str, ...]:
        before = f"{self.heading.name}{self.heading.mark}"
        others = (OTHER,) if self.heading.values is None else ()
        return tuple(f"{before}{one}" for one in (*self.known, *others))

    def places(self, fact: Fact) -> Iterable[int]:
        """Give the places of what a message says among these columns, rising."""
        if not isinstance(fact, tuple):
            return ()
        return sorted({self._places.get(value, len(self.known)) for value in fact})

    def to_dict(self) -> dict[str, Any]:
        return {"name": self.heading.name, "values": list(self.known)}


@dataclass(frozen=True, slots=True)
class Ranges:
    """A column for every range of a number: below the first edge, between two, from the last on."""

    heading: Heading
    edges: tuple[float, ...]  # rising

    @classmethod
    def fit(cls, heading: Heading, facts: Iterable[Fact]) -> Self:
        """Cut where enough messages are together; one frequent number is a range of its own."""
        found = np.array([fact for fact in facts if isinstance(fact, float)])
        enough = max(len(found) / RANGES, FEWEST)
        edges, together = [], 0
        for number, count in zip(*np.unique(found, return_counts=True), strict=True):
            if together >= enough:
                edges.append(float(number))
                together = 0
            together += int(count)
        return cls(heading, tuple(edges))

    def __len__(self) -> int:
        return len(self.edges) + 1

    @property
    def names(self) -> tuple[str, ...]:
        name, edges = self.heading.name, [f"{edge:.4g}" for edge in self.edges]
        if not edges:
            return (f"{name} known",)
        between = [f"{name} {low}-{high}" for low, high in pairwise(edges)]
        return (f"{name} <{edges[0]}", *between, f"{name} {edges[-1]}+")

    def places(self, fact: Fact) -> Iterable[int]:
        """Give the place of a message's number among these columns, if it says one."""
        return (bisect_right(self.edges, fact),) if isinstance(fact, float) else ()

    def to_dict(self) -> dict[str, Any]:
        return {"name": self.heading.name, "edges": list(self.edges)}


@dataclass(frozen=True, slots=True)
class Features:
    """
    The columns of everything that was declared, as training messages had it.

    `usual` names the columns of the metadata in which nearly every training message said something:
    one that does not is unlike what was learnt from.
    """

    reader: FactReader = field(default_factory=FactReader)
    tables: tuple[Values | Ranges, ...] = ()
    usual: tuple[str, ...] = ()
    weight: float = WEIGHT
    names: tuple[str, ...] = field(init=False, repr=False, compare=False)  # of the columns
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _usual: Mapping[int, int] = field(init=False, repr=False, compare=False)  # of its columns

    def __post_init__(self) -> None:
        names = tuple(name for table in self.tables for name in table.names)
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "_starts", (0, *accumulate(map(len, self.tables))))
        places = {column: place for place, column in enumerate(self.usual)}
        usual = {
            column: places[heading.column]
            for heading, span in self.spans()
            if heading.column in places
            for column in range(span.start, span.stop)
        }
        object.__setattr__(self, "_usual", usual)

    @classmethod
    def fit(cls, reader: FactReader, facts: Sequence[Facts]) -> Self:
        """Learn values and ranges from what the reader found in training messages."""
        headings = reader.headings()
        said = zip(*facts, strict=True) if facts else [()] * len(headings)
        return cls(reader, tuple(map(_fitted, headings, said)), usual_columns(headings, facts))

    def __len__(self) -> int:
        return len(self.names)

    @property
    def kinds(self) -> Mapping[str, int]:
        """Count the columns of each kind, in their order: those of metadata come first."""
        counts = dict.fromkeys((METADATA, DERIVED), 0)
        for table in self.tables:
            counts[DERIVED if table.heading.column is None else METADATA] += len(table)
        return {kind: count for kind, count in counts.items() if count}

    def spans(self) -> Iterator[tuple[Heading, slice]]:
        """Tell which columns each feature has."""
        for table, (start, stop) in zip(self.tables, pairwise(self._starts), strict=True):
            yield table.heading, slice(start, stop)

    def of(self, message: Message, text: str) -> Held:
        """Tell which columns a message has; what it lacks is no error."""
        return self.held(self.reader.read(message, text)) if self.tables else ()

    def held(self, facts: Facts) -> Held:
        """Tell which columns stand for what was found in a message."""
        said = zip(self.tables, self._starts[:-1], facts, strict=True)
        return tuple(start + place for table, start, fact in said for place in table.places(fact))

    def lacking(self, held: Sequence[Held], count: int) -> NDArray[np.bool_]:
        """Tell which of so many texts lack a column that is usual, (count,)."""
        said = np.zeros((count, len(self.usual)), dtype=np.bool_)
        for row, own in enumerate(held):
            said[row, [self._usual[column] for column in own if column in self._usual]] = True
        return np.asarray(~said.all(axis=1))

    def beside(self, grams: sparse.csr_matrix, held: Sequence[Held]) -> sparse.csr_matrix:
        """
        Put the columns of some texts behind their n-grams.

        Where `held` is shorter, the last texts have no features: nobody sent them.
        """
        if not self.tables:
            return grams
        beside = self.transform(held, grams.shape[0])
        return sparse.csr_matrix(sparse.hstack([grams, beside], format="csr"))

    def transform(self, held: Sequence[Held], count: int) -> sparse.csr_matrix:
        """Give the columns that texts have as a (count, columns) float32 matrix."""
        ends = np.zeros(count + 1, dtype=np.int32)
        ends[1 : len(held) + 1] = np.cumsum([len(one) for one in held], dtype=np.int32)
        ends[len(held) + 1 :] = ends[len(held)]
        columns = np.fromiter((column for one in held for column in one), dtype=np.int32)
        data = np.full(len(columns), self.weight, dtype=np.float32)
        return sparse.csr_matrix((data, columns, ends), shape=(count, len(self)))

    def to_dict(self) -> dict[str, Any]:
        declared = self.reader.declared
        return {
            "metadata": dict(declared.metadata),
            "measures": list(declared.measures),
            "keywords": {name: list(words) for name, words in declared.keywords.items()},
            "usual": list(self.usual),
            "weight": self.weight,
            "columns": [table.to_dict() for table in self.tables],
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Rebuild from what `to_dict` gave; raises ValueError or KeyError for anything else."""
        reader = FactReader(
            Declaration(
                metadata={name: ColumnKind(kind) for name, kind in stored["metadata"].items()},
                measures=tuple(map(Measure, stored["measures"])),
                keywords={name: tuple(words) for name, words in stored["keywords"].items()},
            )
        )
        headings, columns = reader.headings(), stored["columns"]
        tables = tuple(_stored(*one) for one in zip(headings, columns, strict=True))
        return cls(reader, tables, tuple(stored["usual"]), float(stored["weight"]))


NO_FEATURES = Features()


def _fitted(heading: Heading, facts: Iterable[Fact]) -> Values | Ranges:
    return (Ranges if heading.is_number else Values).fit(heading, facts)


def _stored(heading: Heading, one: Mapping[str, Any]) -> Values | Ranges:
    if heading.is_number:
        return Ranges(heading, tuple(float(edge) for edge in one["edges"]))
    return Values(heading, tuple(one["values"]))
