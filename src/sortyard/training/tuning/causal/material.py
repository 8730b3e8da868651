"""What a language model learns from, is calibrated on, and is tested on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sortyard.data.dataset import Dataset
from sortyard.domain.errors import InvalidUsage, NotEnoughData
from sortyard.domain.taxonomy import Dimension, Kind, Node
from sortyard.text.preparation import Preparation
from sortyard.training.recipe import QUICK
from sortyard.training.sets import make_sets, usable_rows
from sortyard.training.truth import Truth

PARTS = 5  # of what is not tested; one of them calibrates
CALIBRATES = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Prepared texts and the labels that they carry."""

    texts: tuple[str, ...]
    truth: Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class CausalMaterial:
    """
    Rows that teach, rows that calibrate, and rows that test: no text is in two of them.

    `nodes` are the labels in the order of their paths: all leaves, and whatever rows carry.
    """

    nodes: tuple[Node, ...]
    taught: Rows
    held_out: Rows
    held_out_folds: NDArray[np.intp]
    test: Rows
    split_hash: str
    notes: tuple[str, ...]

    @classmethod
    def of(  # noqa: PLR0913 -- what a split rests on
        cls,
        dataset: Dataset,
        dimension: Dimension,
        test: Dataset | None,
        rng: np.random.Generator,
        *,
        test_share: float,
        by_time: bool,
    ) -> Self:
        """Deal the rows that answer a dimension; raises NotEnoughData, and InvalidUsage."""
        if dimension.kind is not Kind.SINGLE:
            raise InvalidUsage(
                f"{dimension.name!r} may have several labels at once, and a language model spells "
                "one.",
                "Name a dimension of the kind `single` with `--dimension`.",
            )
        dataset = _asked(dataset, dimension)
        test = None if test is None else _asked(test, dimension)
        preparation = Preparation.default()
        recipe = replace(QUICK, folds=PARTS, test_share=test_share)
        sets = make_sets(dataset, test, preparation, recipe, rng, by_time=by_time)
        asked = sets.test.labels(dimension.name)
        carried = {one for labels in (*dataset.labels(dimension.name), *asked) for one in labels}
        kept = carried | set(dimension.leaves)
        nodes = sorted(
            (one for one in dimension.nodes if one.path in kept), key=lambda node: node.path
        )
        every = _rows(sets.texts, sets.train.labels(dimension.name), nodes)
        teaches = sets.folds != CALIBRATES
        texts = [preparation.prepare(one.message) for one in sets.test.examples]
        found = cls(
            nodes=tuple(nodes),
            taught=_take(every, teaches),
            held_out=_take(every, ~teaches),
            held_out_folds=_spread(~teaches, rng),
            test=_rows(texts, asked, nodes),
            split_hash=sets.split_hash,
            notes=sets.notes,
        )
        found.check()
        return found

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(node.path for node in self.nodes)

    def check(self) -> None:
        """Raise NotEnoughData where one of the three parts is empty."""
        for task, rows in (
            ("tune a language model", self.taught),
            ("calibrate a language model", self.held_out),
            ("test a language model", self.test),
        ):
            if not rows.texts:
                raise NotEnoughData(task, found=0, needed=1)


def _asked(dataset: Dataset, dimension: Dimension) -> Dataset:
    return dataset.select(usable_rows(dataset, dimension))


def _rows(texts: Sequence[str], labels: Sequence[tuple[str, ...]], nodes: Sequence[Node]) -> Rows:
    known = [node.path for node in nodes]
    return Rows(texts=tuple(texts), truth=Truth.of(labels, known, Kind.SINGLE))


def _take(rows: Rows, mask: NDArray[np.bool_]) -> Rows:
    kept = np.flatnonzero(mask)
    return Rows(texts=tuple(rows.texts[row] for row in kept), truth=rows.truth.take(kept))


def _spread(mask: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.intp]:
    """Deal the rows that calibrate into parts of their own, to choose a calibrator by."""
    count = int(mask.sum())
    return np.asarray(rng.permutation(count) % PARTS, dtype=np.intp)
