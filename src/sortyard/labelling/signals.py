"""How much every strategy would give for a label of each message, from what a release says."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.taxonomy import Kind, parent_of
from sortyard.labelling.strategies import Strategy
from sortyard.models.cascade import Judgement
from sortyard.models.dimension import DimensionModel, lead_of

Worth = NDArray[np.float32]  # (texts,), from 0 to 1
TINY = 1e-12


def worth(
    models: Sequence[DimensionModel],
    judged: Mapping[str, Judgement],
    supports: Mapping[str, NDArray[np.intp]],
) -> Mapping[Strategy, Worth]:
    """
    Tell for every strategy that reads a release's answers what each message is worth, (texts,).

    `supports` has the labelled messages of every label of a dimension, in the model's order. A
    message is worth what it is in the dimension where that is most.
    """
    each = [
        _worth_in(model, judged[model.dimension.name], supports[model.dimension.name])
        for model in models
    ]
    return {
        strategy: np.max([one[strategy] for one in each], axis=0).astype(np.float32)
        for strategy in each[0]
    }


def doubt(model: DimensionModel, judgement: Judgement, labels: Sequence[tuple[str, ...]]) -> Worth:
    """
    Tell how little a release believes the labels that messages have, (texts,).

    For one label it is the chance of the best label less that of the one that was given; for
    several the largest chance that one of them is missing or too many (Northcutt, Jiang & Chuang,
    "Confident Learning", 2021, call it the normalised margin).
    """
    column = {label: place for place, label in enumerate(model.labels)}
    chances = judgement.probabilities
    given = np.zeros(chances.shape, dtype=np.bool_)
    for row, paths in enumerate(labels):
        given[row, [column[path] for path in paths if path in column]] = True
    if model.dimension.kind is Kind.SINGLE:
        own = np.where(given, chances, 0.0).max(axis=1)
        found: Worth = np.where(given.any(axis=1), chances.max(axis=1) - own, 0.0)
        return found.astype(np.float32)
    wrong: Worth = np.where(given, 1.0 - chances, chances).max(axis=1).astype(np.float32)
    return wrong


def _worth_in(
    model: DimensionModel, judgement: Judgement, support: NDArray[np.intp]
) -> Mapping[Strategy, Worth]:
    chances = judgement.probabilities
    return {
        Strategy.MARGIN: 1.0 - lead_of(chances, model.cuts, model.dimension.kind),
        Strategy.ENTROPY: _entropy(chances, model.dimension.kind),
        Strategy.THRESHOLD: _closeness(model, chances),
        Strategy.RARE: _rareness(chances, support, model.dimension.kind),
        Strategy.SIBLINGS: _rivalry(model, chances),
        Strategy.NOVELTY: np.clip(judgement.novelty, 0.0, 1.0).astype(np.float32),
    }


def _entropy(chances: NDArray[np.float32], kind: Kind) -> Worth:
    """Measure it relative to the most that there can be."""
    if kind is Kind.MULTI:
        both = -(_plogp(chances) + _plogp(1.0 - chances)) / np.log(2.0)
        return np.asarray(both.max(axis=1), dtype=np.float32)
    most = np.log(max(chances.shape[1], 2))
    return np.asarray(-_plogp(chances).sum(axis=1) / most, dtype=np.float32)


def _plogp(chances: NDArray[np.float32]) -> NDArray[np.float32]:
    found: NDArray[np.float32] = chances * np.log(np.maximum(chances, TINY))
    return found


def _closeness(model: DimensionModel, chances: NDArray[np.float32]) -> Worth:
    """One at the confidence from which the machine answers alone, less with every step from it."""
    if model.dimension.kind is Kind.MULTI:
        return np.asarray(1.0 - np.abs(chances - model.cuts).min(axis=1), dtype=np.float32)
    limits = np.array([_limit(model, label) for label in model.labels], dtype=np.float32)
    best = chances.argmax(axis=1)
    confidence = chances[np.arange(len(best)), best]
    return np.asarray(1.0 - np.abs(confidence - limits[best]), dtype=np.float32)


def _limit(model: DimensionModel, label: str) -> float:
    found = model.policy.thresholds_of(label)
    return found.confirm if found.auto is None else found.auto


def _rareness(chances: NDArray[np.float32], support: NDArray[np.intp], kind: Kind) -> Worth:
    """Weigh every label by how few messages it has beside the usual one."""
    usual = max(float(np.median(support)), 1.0)
    rare = (usual / (usual + support)).astype(np.float32)  # 1/2 for the usual label
    if kind is Kind.MULTI:
        return np.asarray((chances * rare).max(axis=1), dtype=np.float32)
    return np.asarray(chances @ rare, dtype=np.float32)


def _rivalry(model: DimensionModel, chances: NDArray[np.float32]) -> Worth:
    """Weigh the two best labels where they have one parent; labels that are no tree have none."""
    worthless: Worth = np.zeros(len(chances), dtype=np.float32)
    if model.dimension.kind is Kind.MULTI or model.tree.is_flat or chances.shape[1] < 2:  # noqa: PLR2004 -- two are rivals
        return worthless
    parents = np.array([parent_of(label) or "" for label in model.labels])
    two = np.argpartition(chances, -2, axis=1)[:, -2:]
    own = parents[two]
    rivals = (own[:, 0] == own[:, 1]) & (own[:, 0] != "")
    lead = lead_of(chances, model.cuts, model.dimension.kind)
    return np.where(rivals, 1.0 - lead, 0.0).astype(np.float32)
