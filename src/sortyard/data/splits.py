"""Part data for training and testing, so that nothing that is tested was seen in training."""

import hashlib
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sortyard.data.stratification import Units, deal

TRAIN, TEST = 0, 1
LARGEST_SHARE, SMALL = 0.005, 20  # of all rows, and rows: up to there groups are joined freely


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Which rows train and which test; `hash` tells one split from another in any result."""

    train: NDArray[np.intp]
    test: NDArray[np.intp]
    hash: str


def split(
    labels: Sequence[tuple[str, ...]],
    groups: NDArray[np.integer],
    *,
    test_share: float,
    rng: np.random.Generator,
    keys: Sequence[str] | None = None,
) -> Split:
    """
    Set a share of the rows aside as a test, the same share of every label.

    Rows of one group stay together, and every label keeps at least one row to train on. `keys` say
    what a row is (its text, or an id that lasts): with them neither the order of the rows nor the
    numbering of the groups matters, and the hash holds for any file with the same rows.
    """
    units, group = _units(labels, groups, rng, keys)
    shares = (1.0 - test_share, test_share)
    part = deal(units, shares, home=TRAIN)[group]
    return _split(part, keys)


def folds(
    labels: Sequence[tuple[str, ...]],
    groups: NDArray[np.integer],
    *,
    count: int,
    rng: np.random.Generator,
    keys: Sequence[str] | None = None,
) -> NDArray[np.intp]:
    """
    Give each row the number of the fold that holds it out, each label spread over all folds.

    Rows of one group share a fold. `keys` are those of `split`.
    """
    units, group = _units(labels, groups, rng, keys)
    names = rng.permutation(count)
    part: NDArray[np.intp] = names[deal(units, (1.0 / count,) * count)][group]
    return part


def time_split(
    times: NDArray[np.float64],
    groups: NDArray[np.integer],
    *,
    test_share: float,
    keys: Sequence[str] | None = None,
) -> Split:
    """
    Set the newest rows aside as a test, as a release meets them in life.

    A group is as new as its newest row, so that no row to train on is newer than any group of the
    test. Rows without a time (NaN) are old.
    """
    group = _numbered(groups)
    size = np.bincount(group)
    newest = np.full(len(size), -np.inf)
    np.maximum.at(newest, group, np.where(np.isnan(times), -np.inf, times))
    _, at = np.unique(newest, return_inverse=True)
    rows_from = np.bincount(at, weights=size)[::-1].cumsum()[::-1]
    # Rows of one moment stay on one side; the cut is the one nearest to the share.
    distance = np.abs(np.r_[rows_from, 0.0] - test_share * len(group))
    distance[0] = np.inf  # something is left to train on
    cut = int(np.argmin(distance))
    return _split((at >= cut).astype(np.intp)[group], keys)


def hash_of_given(train: Sequence[str], test: Sequence[str]) -> str:
    """
    Name a split that a person made, by the keys of both sides.

    The hash is the one that `split` and `time_split` give where they part the rows so.
    """
    return _hash([*((key, TRAIN) for key in train), *((key, TEST) for key in test)])


def unite(duplicates: NDArray[np.integer], groups: Sequence[Hashable | None]) -> NDArray[np.intp]:
    """
    Join the groups that a person gave with near-duplicate texts: what must not be parted.

    A row whose group is None or empty text stands alone. Groups always hold together. Duplicates
    are joined from the rarest to the most common, but not where that makes a large group mostly of
    other texts: `ok, thanks` is in every conversation, and through it all of them would hang
    together. Such a phrase may be on both sides of a split, as it will be in life.
    """
    given = _given(groups)
    copies = _numbered(duplicates)
    sizes, copied = np.bincount(given), np.bincount(copies)
    largest = max(LARGEST_SHARE * len(copies), SMALL)
    links = np.unique(np.stack([copies, given], axis=1), axis=0)
    parts = np.split(links[:, 1], np.flatnonzero(np.diff(links[:, 0])) + 1)
    root, weight = list(range(len(sizes))), sizes.tolist()
    for copy in np.argsort(copied, kind="stable").tolist():
        first, *others = {_root_of(root, one) for one in parts[copy].tolist()}
        joined = weight[first] + sum(weight[one] for one in others)
        if others and joined <= max(largest, 2 * int(copied[copy])):
            for one in others:
                root[one] = first
            weight[first] = joined
    return _numbered(np.array([_root_of(root, one) for one in range(len(root))], np.intp)[given])


def _given(groups: Sequence[Hashable | None]) -> NDArray[np.intp]:
    """Number the groups; a row without one has a number of its own."""
    number: dict[Hashable, int] = {}
    return np.array(
        [
            number.setdefault(
                (at,) if group is None or group == "" else (group, "given"), len(number)
            )
            for at, group in enumerate(groups)
        ],
        dtype=np.intp,
    )


def _root_of(root: list[int], one: int) -> int:
    while root[one] != one:
        root[one] = root[root[one]]
        one = root[one]
    return one


def _units(
    labels: Sequence[tuple[str, ...]],
    groups: NDArray[np.integer],
    rng: np.random.Generator,
    keys: Sequence[str] | None,
) -> tuple[Units, NDArray[np.intp]]:
    group = _numbered(groups)
    chance = rng.random(len(group)) if keys is None else _chance(keys, rng.bytes(16))
    first = np.full(int(group.max()) + 1 if len(group) else 0, np.inf)
    np.minimum.at(first, group, chance)
    order = np.empty(len(first), dtype=np.intp)
    order[np.argsort(first, kind="stable")] = np.arange(len(first))
    return Units.gather(labels, group, order), group


def _chance(keys: Sequence[str], salt: bytes) -> NDArray[np.float64]:
    """Draw a number for each key that depends on nothing else."""
    digests = b"".join(
        hashlib.blake2b(key.encode(errors="surrogatepass"), digest_size=8, key=salt).digest()
        for key in keys
    )
    return np.frombuffer(digests, dtype="<u8").astype(np.float64)


def _numbered(groups: NDArray[np.integer]) -> NDArray[np.intp]:
    numbered: NDArray[np.intp] = np.unique(groups, return_inverse=True)[1].astype(np.intp)
    return numbered


def _split(part: NDArray[np.intp], keys: Sequence[str] | None) -> Split:
    rows = range(len(part)) if keys is None else keys
    return Split(
        train=np.flatnonzero(part == TRAIN),
        test=np.flatnonzero(part == TEST),
        hash=_hash(zip(rows, part.tolist(), strict=True)),
    )


def _hash(rows: Iterable[tuple[object, int]]) -> str:
    """Sum up what each row is and on which side it lies, whatever their order."""
    lines = sorted(f"{row!r} {side}" for row, side in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
