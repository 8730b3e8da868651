"""
Find texts that say the same thing in nearly the same letters.

Two texts are near duplicates where, after folding case, punctuation, digits and spaces, at least
`SIMILAR` of the runs of four letters that either has are in both (Jaccard similarity). Candidates
come from MinHash (Broder 1997) with locality-sensitive banding; each one is then compared exactly,
so that no pair is united on an estimate.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

SIMILAR = 0.85
RUN = 4  # letters
READ = 20_000  # of a longer text, its beginning and its end count
BANDS, ROWS = 12, 5  # a pair at 0.85 is missed once in a thousand, one at 0.95 never
CROWD = 32  # in larger buckets each text is compared with a leader and not with every other
LIKELY = 0.65  # of the hashes agree, or a pair is not worth an exact look
CHUNK = 2_000_000  # letters hashed at a time, to bound memory

_NOT_A_WORD = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Pairs:
    """Texts of which each is held against another, by number."""

    first: NDArray[np.intp]
    second: NDArray[np.intp]

    @classmethod
    def concatenated(cls, parts: Iterable["Pairs"]) -> "Pairs":
        nothing = np.zeros(0, dtype=np.intp)
        every = [cls(nothing, nothing), *parts]
        return cls(
            np.concatenate([part.first for part in every]),
            np.concatenate([part.second for part in every]),
        )


def normal_form(text: str) -> str:
    """Fold what does not change the meaning: case, punctuation, digits, spaces."""
    words = _NOT_A_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold())
    return _NUMBER.sub("0", words).strip() or text.strip()


def near_duplicate_groups(texts: Sequence[str]) -> NDArray[np.intp]:
    """
    Number the groups of near-identical texts; a text like no other is a group of its own.

    Near duplicates of near duplicates share a group, so that no similar pair is ever parted.
    """
    forms: dict[str, int] = {}
    form = np.array([forms.setdefault(normal_form(text), len(forms)) for text in texts], np.intp)
    if len(forms) < 2:  # noqa: PLR2004 -- nothing to compare with
        return form
    pairs = _similar_pairs(list(forms))
    ones = np.ones(len(pairs.first), dtype=np.int8)
    links = coo_array((ones, (pairs.first, pairs.second)), shape=(len(forms), len(forms)))
    _, group = connected_components(links, directed=False)
    return np.asarray(group, dtype=np.intp)[form]


def _similar_pairs(forms: Sequence[str]) -> Pairs:
    signatures = np.concatenate([_signatures(part) for part in _portions(forms)])
    pairs = _candidates(signatures)
    return Pairs.concatenated(_verified(forms, part) for part in _portions_of_pairs(forms, pairs))


def _signatures(forms: Sequence[str]) -> NDArray[np.uint32]:
    """Take each text's smallest shingle under each of many scramblings."""  # (texts, hashes)
    shingles, starts = _shingles(forms)
    signatures = np.empty((len(forms), BANDS * ROWS), dtype=np.uint32)
    for at, number in enumerate(_scrambled(np.arange(BANDS * ROWS, dtype=np.uint64))):
        odd, shift = np.uint32(number & 0xFFFFFFFF | 1), np.uint32(number >> 32)
        signatures[:, at] = np.minimum.reduceat((shingles ^ shift) * odd, starts[:-1])
    return signatures


def _shingles(forms: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.intp]]:
    """Hash every run of letters; text `i` has those from `starts[i]` up to `starts[i + 1]`."""
    read = [_read(form) for form in forms]
    letters = np.frombuffer("".join(read).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    lengths = np.array([len(text) for text in read])
    hashes = np.zeros(len(letters) - RUN + 1, dtype=np.uint64)
    for offset in range(RUN):
        run = letters[offset : len(letters) - RUN + 1 + offset]
        hashes = hashes * np.uint64(0x100000001B3) + run  # the prime of FNV
    inside = np.ones(len(letters), dtype=bool)
    for offset in range(1, RUN):
        inside[lengths.cumsum() - offset] = False  # runs over the end of a text
    shingles = _scrambled(hashes[inside[: len(hashes)]]) >> np.uint64(32)
    return shingles.astype(np.uint32), np.r_[0, (lengths - RUN + 1).cumsum()]


def _read(form: str) -> str:
    half = READ // 2
    return f" {form if len(form) <= READ else form[:half] + form[-half:]} ".ljust(RUN)


def _scrambled(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread numbers evenly over 64 bits (the finaliser of SplitMix64, Steele et al. 2014)."""
    mixed = numbers + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _candidates(signatures: NDArray[np.uint32]) -> Pairs:
    """Pair the texts that agree on a whole band of hashes and on enough of the others."""
    found = [_in_one_band(signatures, band) for band in range(BANDS)]
    cells = np.unique(np.concatenate(found))
    return Pairs(*np.divmod(cells, len(signatures)))


def _in_one_band(signatures: NDArray[np.uint32], band: int) -> NDArray[np.intp]:
    keys = np.zeros(len(signatures), dtype=np.uint64)
    for column in range(band * ROWS, (band + 1) * ROWS):
        keys = _scrambled(keys ^ signatures[:, column])
    # Inside a bucket, texts that also agree on the next band are neighbours.
    by_key = np.lexsort((signatures[:, ((band + 1) * ROWS) % (BANDS * ROWS)], keys))
    bucket = np.r_[0, (np.diff(keys[by_key]) != 0).cumsum()]
    size = np.bincount(bucket)
    found = []
    for offset in range(1, min(CROWD, int(size.max()))):
        left = np.flatnonzero(bucket[offset:] == bucket[:-offset])
        found.append(_likely(signatures, by_key[left], by_key[left + offset]))
    crowded = np.flatnonzero(size[bucket] > CROWD)
    leader = (np.r_[0, size.cumsum()][bucket])[crowded]
    found.append(_likely(signatures, by_key[leader], by_key[crowded]))
    return np.concatenate(found)


def _likely(
    signatures: NDArray[np.uint32], one: NDArray[np.intp], other: NDArray[np.intp]
) -> NDArray[np.intp]:
    """Number the pairs whose signatures agree often enough to be worth a look."""
    agreeing = np.zeros(len(one), dtype=np.int16)
    for column in signatures.T:
        agreeing += column[one] == column[other]
    keep = (agreeing >= LIKELY * signatures.shape[1]) & (one != other)
    first, second = np.minimum(one, other)[keep], np.maximum(one, other)[keep]
    cells: NDArray[np.intp] = first * len(signatures) + second
    return cells


def _verified(forms: Sequence[str], pairs: Pairs) -> Pairs:
    """Keep the pairs that truly are similar."""
    texts, at = np.unique(np.r_[pairs.first, pairs.second], return_inverse=True)
    shingles, starts = _shingles([forms[text] for text in texts])
    owner = np.repeat(np.arange(len(texts), dtype=np.uint64), np.diff(starts))
    cells = np.unique((owner << np.uint64(32)) | shingles)
    starts = np.searchsorted(cells, np.arange(len(texts) + 1, dtype=np.uint64) << np.uint64(32))
    first, second = np.split(at, 2)
    sizes = np.diff(starts)
    both = sizes[first] + sizes[second]
    rows = np.concatenate(
        [_ranges(starts[first], sizes[first]), _ranges(starts[second], sizes[second])]
    )
    pair = np.concatenate(
        [np.repeat(np.arange(len(first)), sizes[side]) for side in (first, second)]
    )
    held = np.sort(
        (pair.astype(np.uint64) << np.uint64(32)) | (cells[rows] & np.uint64(0xFFFFFFFF))
    )
    twice = held[1:][held[1:] == held[:-1]] >> np.uint64(32)
    shared = np.bincount(twice.astype(np.intp), minlength=len(first))
    alike = shared >= SIMILAR * (both - shared)
    return Pairs(pairs.first[alike], pairs.second[alike])


def _ranges(starts: NDArray[np.intp], sizes: NDArray[np.intp]) -> NDArray[np.intp]:
    """Count from each start for as many steps as its size."""
    ends = sizes.cumsum()
    steps: NDArray[np.intp] = np.arange(ends[-1]) + np.repeat(starts - ends + sizes, sizes)
    return steps


def _portions(forms: Sequence[str]) -> Iterator[Sequence[str]]:
    for start, end in _cuts(np.array([len(form) for form in forms])):
        yield forms[start:end]


def _portions_of_pairs(forms: Sequence[str], pairs: Pairs) -> Iterator[Pairs]:
    length = np.array([len(form) for form in forms])
    for start, end in _cuts(length[pairs.first] + length[pairs.second]):
        yield Pairs(pairs.first[start:end], pairs.second[start:end])


def _cuts(letters: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
    """Cut a row of texts where about `CHUNK` letters are full."""
    portion = np.minimum(letters, READ).cumsum() // CHUNK
    bounds = np.r_[0, np.flatnonzero(np.diff(portion)) + 1, len(letters)].tolist()
    return ((start, end) for start, end in pairwise(bounds) if start < end)
