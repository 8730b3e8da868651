"""
Find texts that say the same thing in nearly the same letters.

Two texts are near duplicates where, after folding case, punctuation, digits and spaces, at least
`SIMILAR` of the runs of four letters that either has are in both. MinHash with locality-sensitive
banding proposes the pairs; each one is then compared exactly, so that none is made on an estimate.

Near duplicates of near duplicates belong together as well, or a split could part a pair. But small
steps can lead far: where some text of a group is less than `HELD` like the group's middle, its
weakest links are cut, up to the last of `STRICTER`.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from sortyard.data.forms import normal_form
from sortyard.data.shingles import (
    Pairs,
    Signatures,
    scrambled,
    signatures,
    similarity,
    unrepeated,
)

SIMILAR = 0.85
STRICTER = (0.9, 0.95, 0.98)  # where small steps led far
HELD = 0.5
BANDS, ROWS = 12, 5  # a pair at 0.85 is missed once in a thousand, one at 0.95 never
CROWD = 32  # in larger buckets each text meets its neighbours and one leader, not every other
LIKELY = 0.65  # of the hashes agree, or a pair is not worth an exact look


def near_duplicate_groups(texts: Sequence[str]) -> NDArray[np.intp]:
    """
    Number the groups of near-identical texts; a text like no other is a group of its own.

    Groups do not depend on the order of the texts, except in crowds of hundreds of near-identical
    ones; their numbers do.
    """
    forms: dict[str, int] = {}
    form = np.array([forms.setdefault(normal_form(text), len(forms)) for text in texts], np.intp)
    if len(forms) < 2:  # noqa: PLR2004 -- nothing to compare with
        return form
    return _groups(list(forms))[form]


def _groups(forms: Sequence[str]) -> NDArray[np.intp]:
    pairs = _candidates(signatures(forms, BANDS * ROWS))
    alike = similarity(forms, pairs)
    pairs, alike = pairs[alike >= SIMILAR], alike[alike >= SIMILAR]
    for strict in STRICTER:
        far = _with_far_ends(forms, pairs)
        kept = ~far[pairs.first] | (alike >= strict)
        pairs, alike = pairs[kept], alike[kept]
    return _components(pairs, len(forms))


def _with_far_ends(forms: Sequence[str], pairs: Pairs) -> NDArray[np.bool_]:
    """Find the texts whose group reaches further from its middle than it should."""  # (texts,)
    group = _components(pairs, len(forms))
    links = np.bincount(np.r_[pairs.first, pairs.second], minlength=len(forms))
    by_links = np.lexsort((links, group))  # the last of a group has the most links
    middle = by_links[np.r_[np.flatnonzero(np.diff(group[by_links])), len(forms) - 1]][group]
    others = np.flatnonzero(middle != np.arange(len(forms)))
    far = others[similarity(forms, Pairs(others, middle[others])) < HELD]
    return np.isin(group, group[far])


def _components(pairs: Pairs, texts: int) -> NDArray[np.intp]:
    ones = np.ones(len(pairs), dtype=np.int8)
    links = coo_array((ones, (pairs.first, pairs.second)), shape=(texts, texts))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.intp)


def _candidates(signed: Signatures) -> Pairs:
    """Pair the texts that agree on a whole band of hashes and on enough of the others."""
    found = unrepeated(np.concatenate([_in_one_band(signed, band) for band in range(BANDS)]))
    return Pairs(*np.divmod(found, len(signed)))


def _in_one_band(signed: Signatures, band: int) -> NDArray[np.intp]:
    keys = np.zeros(len(signed), dtype=np.uint64)
    for column in range(band * ROWS, (band + 1) * ROWS):
        keys = scrambled(keys ^ signed[:, column])
    # Inside a bucket, texts that also agree on the next band are neighbours.
    by_key = np.lexsort((signed[:, (band + 1) * ROWS % (BANDS * ROWS)], keys))
    bucket = np.r_[0, (np.diff(keys[by_key]) != 0).cumsum()]
    size = np.bincount(bucket)
    found = []
    for offset in range(1, min(CROWD, int(size.max()))):
        left = np.flatnonzero(bucket[offset:] == bucket[:-offset])
        found.append(_likely(signed, by_key[left], by_key[left + offset]))
    crowded = np.flatnonzero(size[bucket] > CROWD)
    leader = np.r_[0, size.cumsum()][bucket[crowded]]
    found.append(_likely(signed, by_key[leader], by_key[crowded]))
    return np.concatenate(found)


def _likely(signed: Signatures, one: NDArray[np.intp], other: NDArray[np.intp]) -> NDArray[np.intp]:
    """Number the pairs whose signatures agree often enough to be worth an exact look."""
    agreeing = np.zeros(len(one), dtype=np.int16)
    for column in signed.T:
        agreeing += column[one] == column[other]
    keep = (agreeing >= LIKELY * signed.shape[1]) & (one != other)
    number: NDArray[np.intp] = (np.minimum(one, other) * len(signed) + np.maximum(one, other))[keep]
    return number
