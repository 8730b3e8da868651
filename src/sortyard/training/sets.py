"""Which rows train, which test, and which tasks there are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from math import ceil

import numpy as np
from numpy.typing import NDArray

from sortyard.data.dataset import Dataset
from sortyard.data.duplicates import near_duplicate_groups
from sortyard.data.splits import folds, split, unite
from sortyard.domain.errors import NotEnoughData
from sortyard.domain.taxonomy import Dimension
from sortyard.evaluation.examine import rows_asked
from sortyard.text.preparation import Preparation
from sortyard.training.recipe import Recipe

FEWEST_ROWS = 4  # two to learn from in each of two folds


@dataclass(frozen=True, slots=True, kw_only=True)
class Sets:
    """Rows to learn from, with the fold of each, and rows to test on."""

    train: Dataset
    texts: tuple[str, ...]  # of the training rows, prepared
    folds: NDArray[np.intp]
    test: Dataset
    split_hash: str
    notes: tuple[str, ...]


def make_sets(
    dataset: Dataset,
    test: Dataset | None,
    preparation: Preparation,
    recipe: Recipe,
    rng: np.random.Generator,
) -> Sets:
    """
    Set test rows aside where none are given, and deal the others into folds.

    Near-duplicates and rows of one group never straddle a border, so nothing that is judged was
    seen. Rows of which preparation leaves nothing teach nothing, and are left out.
    """
    texts = [preparation.prepare(one.message) for one in dataset.examples]
    kept = np.array([row for row, text in enumerate(texts) if text], dtype=np.intp)
    if len(kept) < FEWEST_ROWS:
        raise NotEnoughData("train", found=len(kept), needed=FEWEST_ROWS)
    notes = []
    if len(kept) < len(texts):
        notes.append(f"{len(texts) - len(kept)} rows have no text left after preparation.")
        dataset, texts = dataset.select(kept), [texts[row] for row in kept]
    groups = near_duplicate_groups(texts)
    if dataset.groups is not None:
        groups = unite(groups, dataset.groups)
    labels = strata(dataset)
    keys = _keys(texts, dataset.groups)
    split_hash = "given"
    if test is None:
        parts = split(labels, groups, test_share=recipe.test_share, rng=rng, keys=keys)
        if not len(parts.test):
            raise _nothing_to_test_on(labels, groups, recipe)
        test, split_hash = dataset.select(parts.test), parts.hash
        dataset, groups = dataset.select(parts.train), groups[parts.train]
        texts = [texts[row] for row in parts.train]
        labels = [labels[row] for row in parts.train]
        keys = [keys[row] for row in parts.train]
    else:
        notes += _leaks(texts, [preparation.prepare(one.message) for one in test.examples])
    return Sets(
        train=dataset,
        texts=tuple(texts),
        folds=folds(labels, groups, count=recipe.folds, rng=rng, keys=keys),
        test=test,
        split_hash=split_hash,
        notes=tuple(notes),
    )


def _nothing_to_test_on(
    labels: Sequence[tuple[str, ...]], groups: NDArray[np.intp], recipe: Recipe
) -> NotEnoughData:
    """Say how many different texts it takes, when each label keeps one to learn from."""
    found = len(np.unique(groups))
    carried = len({path for paths in labels for path in paths})
    needed = max(carried + 1, ceil(1.0 / recipe.test_share), found + 1)
    return NotEnoughData("set different texts aside as a test", found=found, needed=needed)


def _keys(texts: Sequence[str], groups: Sequence[str] | None) -> list[str]:
    """
    Name each row by what it says, so that the order of a file decides nothing.

    Nor do the names of labels: a taxonomy whose labels were only renamed is judged on the same
    rows.
    """
    seen: Counter[str] = Counter()
    keys = []
    for text, group in zip(texts, groups or repeat(""), strict=groups is not None):
        key = f"{group}\n{text}"
        seen[key] += 1
        keys.append(f"{key}\n{seen[key]}")
    return keys


def strata(dataset: Dataset) -> list[tuple[str, ...]]:
    """Name what each row carries in all dimensions together, so that all are dealt evenly."""
    if len(dataset.dimensions) == 1:
        return list(dataset.labels(dataset.dimensions[0]))
    return [
        tuple(f"{name}:{path}" for name, paths in one.labels.items() for path in paths)
        for one in dataset.examples
    ]


def labels_of(
    dimension: Dimension, rows: Sequence[tuple[str, ...]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """
    List the labels that rows carry, and the leaves that none does, both in the taxonomy's order.

    The latter work through their text alone.
    """
    carried = {path for paths in rows for path in paths}
    order = dimension.paths
    leaves = set(dimension.leaves)
    with_rows = tuple(path for path in order if path in carried)
    without = tuple(path for path in order if path in leaves and path not in carried)
    return with_rows, without


def usable_rows(dataset: Dataset, dimension: Dimension) -> NDArray[np.intp]:
    """Find the rows that teach a dimension; those that another one alone was asked of do not."""
    return np.array(rows_asked(dataset, dimension), dtype=np.intp)


def _leaks(known: Sequence[str], asked: Sequence[str]) -> list[str]:
    """Say how many test texts are word for word among the training texts."""
    seen = set(known)
    count = sum(text in seen for text in asked)
    if not count:
        return []
    return [f"{count} of {len(asked)} test messages are word for word in the training data."]
