"""Deal labelled messages out to what teaches, calibrates and tests a language model."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sortyard.data.dataset import Dataset
from sortyard.domain.errors import InvalidUsage
from sortyard.domain.taxonomy import Dimension, Kind, Node
from sortyard.text.preparation import Preparation
from sortyard.training.recipe import QUICK
from sortyard.training.sets import make_sets, usable_rows
from sortyard.training.truth import Truth
from sortyard.training.tuning.causal.material import CausalMaterial, Rows

PARTS = 5  # of what is not tested; one of them calibrates
CALIBRATES = 0


def causal_material(
    dataset: Dataset,
    dimension: Dimension,
    test: Dataset | None = None,
    *,
    seed: int,
    by_time: bool = False,
) -> CausalMaterial:
    """
    Set rows aside for a test, where none are given, and a fifth of the others for calibration.

    Near-duplicates stay together. The labels are all leaves of the dimension, and whatever rows
    carry. Raises NotEnoughData, and InvalidUsage for a `multi` dimension.
    """
    if dimension.kind is not Kind.SINGLE:
        raise InvalidUsage(
            f"{dimension.name!r} may have several labels at once; a language model spells one.",
            "Name a dimension of the kind `single` with `--dimension`.",
        )
    rng = np.random.default_rng(seed)
    preparation = Preparation.default()
    dataset = dataset.select(usable_rows(dataset, dimension))
    test = None if test is None else test.select(usable_rows(test, dimension))
    sets = make_sets(dataset, test, preparation, replace(QUICK, folds=PARTS), rng, by_time=by_time)
    asked = sets.test.labels(dimension.name)
    nodes = _nodes(dimension, [*dataset.labels(dimension.name), *asked])
    every = _rows(sets.texts, sets.train.labels(dimension.name), nodes)
    held_out = sets.folds == CALIBRATES
    texts = [preparation.prepare(one.message) for one in sets.test.examples]
    return CausalMaterial(
        dimension=dimension.name,
        nodes=tuple(nodes),
        taught=_take(every, ~held_out),
        held_out=_take(every, held_out),
        folds=np.asarray(rng.permutation(int(held_out.sum())) % PARTS, dtype=np.intp),
        test=_rows(texts, asked, nodes),
        data_hash=dataset.content_hash,
        split_hash=sets.split_hash,
        notes=sets.notes,
    )


def _nodes(dimension: Dimension, rows: Sequence[tuple[str, ...]]) -> list[Node]:
    kept = {path for paths in rows for path in paths} | set(dimension.leaves)
    found = (node for node in dimension.nodes if node.path in kept)
    return sorted(found, key=lambda node: node.path)


def _rows(texts: Sequence[str], labels: Sequence[tuple[str, ...]], nodes: Sequence[Node]) -> Rows:
    known = [node.path for node in nodes]
    return Rows(texts=tuple(texts), truth=Truth.of(labels, known, Kind.SINGLE))


def _take(rows: Rows, mask: NDArray[np.bool_]) -> Rows:
    kept = np.flatnonzero(mask)
    return Rows(texts=tuple(rows.texts[row] for row in kept), truth=rows.truth.take(kept))
