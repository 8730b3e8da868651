"""Which rows train, which test, and which tasks there are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from math import ceil
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sortyard.data.dataset import Dataset
from sortyard.data.duplicates import near_duplicate_groups
from sortyard.data.splits import Split, folds, hash_of_given, split, time_split, unite
from sortyard.domain.errors import NotEnoughData, number
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


def make_sets(  # noqa: PLR0913 -- what a split rests on
    dataset: Dataset,
    test: Dataset | None,
    preparation: Preparation,
    recipe: Recipe,
    rng: np.random.Generator,
    *,
    by_time: bool = False,
) -> Sets:
    """
    Set test rows aside where none are given, and deal the others into folds.

    Near-duplicates and rows of one group never straddle a border, so nothing that is judged was
    seen. Rows of which preparation leaves nothing teach nothing, and are left out. With `by_time`
    the newest rows are the test, as a release meets them in life; else a share of every label.
    Without a single row there is nothing to learn from, and nothing to set aside.
    """
    if not len(dataset):
        return _without_rows(dataset, test, preparation)
    rows = _Rows.of(dataset, preparation)
    if len(rows) < FEWEST_ROWS:
        raise NotEnoughData("train", found=len(rows), needed=FEWEST_ROWS)
    notes = []
    if len(rows) < len(dataset):
        notes.append(
            f"No text is left after preparation in {number(len(dataset) - len(rows), 'row')}."
        )
    if test is not None:
        asked = [preparation.prepare(one.message) for one in test.examples]
        notes += _leaks(rows.texts, asked)
        split_hash = hash_of_given(rows.keys, _keys(asked, test.groups))
    else:
        parts = _newest_aside(rows, recipe) if by_time else _some_aside(rows, recipe, rng)
        notes += ["The test is the newest part of the archive."] if by_time else []
        test, split_hash = rows.dataset.select(parts.test), parts.hash
        rows = rows.take(parts.train)
    return Sets(
        train=rows.dataset,
        texts=tuple(rows.texts),
        folds=folds(rows.labels, rows.groups, count=recipe.folds, rng=rng, keys=rows.keys),
        test=test,
        split_hash=split_hash,
        notes=tuple(notes),
    )


def _without_rows(dataset: Dataset, test: Dataset | None, preparation: Preparation) -> Sets:
    given = test or dataset
    asked = [preparation.prepare(one.message) for one in given.examples]
    return Sets(
        train=dataset,
        texts=(),
        folds=np.empty(0, dtype=np.intp),
        test=given,
        split_hash=hash_of_given([], _keys(asked, given.groups)),
        notes=(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Rows that say something, and what a split asks of them; one entry a row everywhere."""

    dataset: Dataset
    texts: Sequence[str]  # prepared
    labels: Sequence[tuple[str, ...]]
    groups: NDArray[np.intp]
    keys: Sequence[str]

    @classmethod
    def of(cls, dataset: Dataset, preparation: Preparation) -> Self:
        """Prepare the texts, and leave out those of which nothing is left."""
        texts = [preparation.prepare(one.message) for one in dataset.examples]
        kept = [row for row, text in enumerate(texts) if text]
        if len(kept) < len(texts):
            dataset, texts = dataset.select(kept), [texts[row] for row in kept]
        groups = near_duplicate_groups(texts)
        if dataset.groups is not None:
            groups = unite(groups, dataset.groups)
        return cls(
            dataset=dataset,
            texts=texts,
            labels=strata(dataset),
            groups=groups,
            keys=_keys(texts, dataset.groups),
        )

    def take(self, places: NDArray[np.intp]) -> "_Rows":
        return _Rows(
            dataset=self.dataset.select(places),
            texts=[self.texts[row] for row in places],
            labels=[self.labels[row] for row in places],
            groups=self.groups[places],
            keys=[self.keys[row] for row in places],
        )

    def __len__(self) -> int:
        return len(self.texts)


def _some_aside(rows: _Rows, recipe: Recipe, rng: np.random.Generator) -> Split:
    parts = split(rows.labels, rows.groups, test_share=recipe.test_share, rng=rng, keys=rows.keys)
    if not len(parts.test):
        raise _nothing_to_test_on(rows.labels, rows.groups, recipe)
    return parts


def _newest_aside(rows: _Rows, recipe: Recipe) -> Split:
    times = np.array(rows.dataset.times or [np.nan] * len(rows))
    parts = time_split(times, rows.groups, test_share=recipe.test_share, keys=rows.keys)
    if not len(parts.test):
        raise NotEnoughData("set newer messages aside as a test", found=0, needed=1)
    return parts


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
