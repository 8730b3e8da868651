"""
The wording view: word and character n-grams, weighted by how rare they are.

Term frequency is damped (1 + log), inverse document frequency is smoothed, rows have length one:
the classic TF-IDF of Salton & Buckley (1988). The vocabulary is learnt; a gram that it does not
hold has no weight.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sortyard.models.ngrams import Grams, Hashes, NgramOrders

CHUNK = 4_096  # texts looked at together, at most
CHARACTERS = 1_000_000  # and of all of them together: bounds the memory of one pass
TABLE_BITS = 21  # the look-up table: 2**21 places for at most 2**17 grams
MOST_GRAMS = 1 << 17


@dataclass(frozen=True, slots=True)
class Wording:
    """A learnt vocabulary of n-grams, and what each of them weighs."""

    grams: tuple[str, ...]
    hashes: Hashes  # (grams,)
    idf: NDArray[np.float32]  # (grams,)
    orders: NgramOrders = field(default_factory=NgramOrders)
    _table: NDArray[np.int32] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        table = np.full(1 << TABLE_BITS, -1, dtype=np.int32)
        table[_places(self.hashes)] = np.arange(len(self.hashes), dtype=np.int32)
        object.__setattr__(self, "_table", table)

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        *,
        orders: NgramOrders | None = None,
        at_least: int = 2,
        at_most: int = MOST_GRAMS,
    ) -> Self:
        """
        Learn the vocabulary: every gram that `at_least` so many texts share.

        Where more than `at_most` grams qualify, the ones in the most texts stay.
        """
        orders = orders or NgramOrders()
        counts = _DocumentCounts()
        for chunk in _chunks(texts):
            counts.add(orders.find(chunk))
        hashes, frequencies, names = counts.kept(at_least=at_least, at_most=at_most)
        idf = np.log((1 + len(texts)) / (1 + frequencies)) + 1
        return cls(names, hashes, idf.astype(np.float32), orders)

    def __len__(self) -> int:
        return len(self.grams)

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Give the weighted grams of every text: a (texts, grams) float32 matrix."""
        parts = [self._transform(chunk) for chunk in _chunks(texts)]
        if not parts:
            return sparse.csr_matrix(np.empty((0, len(self)), dtype=np.float32))
        return parts[0] if len(parts) == 1 else sparse.vstack(parts, format="csr")

    def _transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        found = self.orders.find(texts)
        columns = self._table[_places(found.hashes)]
        known = (
            (columns >= 0) & (self.hashes[columns] == found.hashes) if len(self) else columns > 0
        )
        rows, columns = found.rows[known], columns[known]
        matrix = sparse.coo_matrix(
            (np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=(len(texts), len(self))
        ).tocsr()  # adds up the repeated ones
        counts = np.asarray(matrix.data, dtype=np.float32)
        weights = (1.0 + np.log(counts)) * self.idf[matrix.indices]
        row_of = np.repeat(np.arange(len(texts)), np.diff(matrix.indptr))
        # Summed one after the other, so that batch mates change not even the last digit.
        squares = np.bincount(row_of, weights**2, minlength=len(texts))
        lengths = np.sqrt(squares)[row_of]
        matrix.data = np.asarray(weights / lengths, dtype=np.float32)
        return matrix

    def to_dict(self) -> dict[str, Any]:
        """Give the readable half for JSON; the numbers go into `arrays`."""
        orders = self.orders
        return {
            "orders": {
                "words": orders.words,
                "shortest": orders.shortest,
                "longest": orders.longest,
            },
            "grams": list(self.grams),
        }

    def arrays(self) -> dict[str, NDArray[Any]]:
        return {"hashes": self.hashes, "idf": self.idf}

    @classmethod
    def from_parts(cls, readable: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Rebuild from what `to_dict` and `arrays` gave."""
        return cls(
            tuple(readable["grams"]),
            arrays["hashes"],
            arrays["idf"],
            NgramOrders(**readable["orders"]),
        )


class _DocumentCounts:
    """In how many texts each gram occurs, summed chunk by chunk."""

    def __init__(self) -> None:
        self._hashes: Hashes = np.empty(0, dtype=np.uint64)
        self._counts: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._names: NDArray[np.str_] = np.empty(0, dtype=object)

    def add(self, found: Grams) -> None:
        order = np.lexsort((found.rows, found.hashes))
        hashes, rows = found.hashes[order], found.rows[order]
        fresh = np.ones(len(hashes), dtype=np.bool_)
        fresh[1:] = (hashes[1:] != hashes[:-1]) | (rows[1:] != rows[:-1])
        unique, first, counts = np.unique(hashes[fresh], return_index=True, return_counts=True)
        spots = order[fresh][first]
        place = np.searchsorted(self._hashes, unique)
        if len(self._hashes):
            known = self._hashes[np.minimum(place, len(self._hashes) - 1)] == unique
        else:
            known = np.zeros(len(unique), dtype=np.bool_)
        self._counts[place[known]] += counts[known]
        names = np.array([found.text(spot) for spot in spots[~known]], dtype=object)
        self._hashes = np.insert(self._hashes, place[~known], unique[~known])
        self._counts = np.insert(self._counts, place[~known], counts[~known])
        self._names = np.insert(self._names, place[~known], names)

    def kept(
        self, *, at_least: int, at_most: int
    ) -> tuple[Hashes, NDArray[np.int64], tuple[str, ...]]:
        """Choose the vocabulary, in the order of its hashes."""
        order = np.lexsort((self._hashes, -self._counts))
        order = order[self._counts[order] >= at_least][:at_most]
        # Two grams in one place of the table: the more frequent one keeps it.
        _, first = np.unique(_places(self._hashes[order]), return_index=True)
        chosen = np.sort(order[first])
        return self._hashes[chosen], self._counts[chosen], tuple(self._names[chosen])


def _places(hashes: Hashes) -> NDArray[np.intp]:
    return (hashes >> np.uint64(64 - TABLE_BITS)).astype(np.intp)


def _chunks(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    start, characters = 0, 0
    for place, text in enumerate(texts):
        characters += len(text)
        if place > start and (characters > CHARACTERS or place - start == CHUNK):
            yield texts[start:place]
            start, characters = place, len(text)
    if start < len(texts):
        yield texts[start:]
