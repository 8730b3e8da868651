"""
Compare many texts by their shingles: the runs of four letters that they hold.

MinHash is Broder's (Compression and Complexity of Sequences, 1997). It needs no random numbers: the
scramblings are those of a fixed mixing function: the same texts always give the same answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

RUN = 4  # letters
CHUNK = 2_000_000  # letters worked on at a time, to bound memory
LOW = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)

AnyNumber = TypeVar("AnyNumber", np.uint64, np.intp)
Signatures: TypeAlias = NDArray[np.uint32]  # (texts, hashes)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Texts of which each is held against another, by number."""

    first: NDArray[np.intp]
    second: NDArray[np.intp]

    def __getitem__(self, chosen: slice | NDArray[np.bool_]) -> "Pairs":
        return Pairs(self.first[chosen], self.second[chosen])

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True, slots=True)
class Shingles:
    """The hashed shingles of some texts; text `i` has those from `starts[i]` to `starts[i + 1]`."""

    hashes: NDArray[np.uint32]
    starts: NDArray[np.intp]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Shingles":
        # A space on either side makes the first and the last letters of words count.
        padded = [f" {text} ".ljust(RUN) for text in texts]
        letters = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), dtype="<u4")
        lengths = np.array([len(text) for text in padded])
        runs = len(letters) - RUN + 1
        hashes = np.zeros(runs, dtype=np.uint64)
        for offset in range(RUN):
            hashes = hashes * np.uint64(0x100000001B3) + letters[offset : offset + runs]
        inside = np.ones(len(letters), dtype=bool)
        for offset in range(1, RUN):
            inside[lengths.cumsum() - offset] = False  # runs over the end of a text
        mixed = scrambled(hashes[inside[:runs]]) >> HALF
        return cls(mixed.astype(np.uint32), np.r_[0, (lengths - RUN + 1).cumsum()])


def scrambled(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread numbers evenly over 64 bits (the finaliser of SplitMix64, Steele et al. 2014)."""
    mixed = numbers + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def signatures(texts: Sequence[str], hashes: int) -> Signatures:
    """
    Take each text's smallest shingle under each of many scramblings.

    Two texts agree in about as large a share of them as their shingles overlap.
    """
    lengths = np.array([len(text) for text in texts], dtype=np.intp)
    return np.concatenate([_signatures(texts[part], hashes) for part in portions(lengths)])


def _signatures(texts: Sequence[str], hashes: int) -> Signatures:
    shingles = Shingles.of(texts)
    smallest = np.empty((len(texts), hashes), dtype=np.uint32)
    for column, number in enumerate(scrambled(np.arange(hashes, dtype=np.uint64))):
        factor, shift = np.uint32(number & LOW | np.uint64(1)), np.uint32(number >> HALF)
        mixed = (shingles.hashes ^ shift) * factor
        smallest[:, column] = np.minimum.reduceat(mixed, shingles.starts[:-1])
    return smallest


def similarity(texts: Sequence[str], pairs: Pairs) -> NDArray[np.float64]:
    """Say how alike the two texts of each pair are: shared shingles over all (Jaccard)."""
    lengths = np.array([len(text) for text in texts], dtype=np.intp)
    parts = portions(lengths[pairs.first] + lengths[pairs.second])
    return np.concatenate([np.zeros(0), *(_similarity(texts, pairs[part]) for part in parts)])


def _similarity(texts: Sequence[str], pairs: Pairs) -> NDArray[np.float64]:
    used, at = np.unique(np.r_[pairs.first, pairs.second], return_inverse=True)
    shingles = Shingles.of([texts[text] for text in used])
    owner = np.repeat(np.arange(len(used), dtype=np.uint64), np.diff(shingles.starts))
    distinct = unrepeated((owner << HALF) | shingles.hashes)
    starts = np.searchsorted(distinct, np.arange(len(used) + 1, dtype=np.uint64) << HALF)
    sizes = np.diff(starts)
    # Every shingle of both sides under the number of its pair: what is shared appears twice.
    owner = np.repeat(np.tile(np.arange(len(pairs), dtype=np.uint64), 2), sizes[at])
    held = np.sort((owner << HALF) | (distinct[_ranges(starts[at], sizes[at])] & LOW))
    twice = held[1:][held[1:] == held[:-1]] >> HALF
    shared = np.bincount(twice.astype(np.intp), minlength=len(pairs))
    share: NDArray[np.float64] = shared / (sizes[at].reshape(2, -1).sum(axis=0) - shared)
    return share


def unrepeated(numbers: NDArray[AnyNumber]) -> NDArray[AnyNumber]:
    """
    Give each number once, rising.

    Several times as fast as `np.unique`, which puts numbers into a hash table since NumPy 2.3, and
    these have much in common.
    """
    rising = np.sort(numbers)
    return rising[np.r_[True, rising[1:] != rising[:-1]]] if len(rising) else rising


def _ranges(starts: NDArray[np.intp], sizes: NDArray[np.intp]) -> NDArray[np.intp]:
    """Count from each start for as many steps as its size."""
    ends = sizes.cumsum()
    steps: NDArray[np.intp] = np.arange(ends[-1]) + np.repeat(starts - ends + sizes, sizes)
    return steps


def portions(letters: NDArray[np.intp]) -> Iterator[slice]:
    """Cut a row of texts where about `CHUNK` letters are full."""
    portion = letters.cumsum() // CHUNK
    bounds = np.r_[0, np.flatnonzero(np.diff(portion)) + 1, len(letters)].tolist()
    return (slice(start, end) for start, end in pairwise(bounds) if start < end)
