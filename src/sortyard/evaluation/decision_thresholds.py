"""Find from which probability on each label of a `multi` dimension is answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from sortyard.domain.errors import NotEnoughData

Probabilities: TypeAlias = NDArray[np.floating]  # (texts, labels), calibrated, held out
LabelMatrix: TypeAlias = NDArray[np.bool_]  # (texts, labels)
Folds: TypeAlias = NDArray[np.integer]  # (texts,)
Cuts: TypeAlias = NDArray[np.float64]  # (labels,)

_SHARED = "shared"
_POSITIVES_THAT_COUNT_HALF = (1_000, 150, 20)  # where a label's own threshold weighs one half
_LEAST, _MOST = 1e-6, 1.0 - 1e-6


@dataclass(frozen=True, slots=True)
class DecisionThresholds:
    """
    The probability from which each label is answered, `(labels,)`, and how it was chosen.

    `held_out_f1` is the mean of macro and micro F1 of each way, on rows that it did not see.
    """

    values: Cuts
    chosen: str
    held_out_f1: Mapping[str, float]


def decision_thresholds(
    probabilities: Probabilities, truth: LabelMatrix, *, folds: Folds
) -> DecisionThresholds:
    """
    Choose between one threshold for all labels and one each, by held-out F1.

    The shared one maximises micro F1; a label's own maximises its F1 and is then pulled towards the
    shared one in log-odds, the more the fewer positives it has, so that three decide little. How
    strong the pull is, the held-out F1 decides too.
    Raises `NotEnoughData` when no label holds anywhere.
    """
    if not truth.any():
        raise NotEnoughData("choose decision thresholds", found=0, needed=1)
    scores = _held_out_f1(probabilities, truth, folds) if len(np.unique(folds)) > 1 else {}
    chosen = max(scores, key=lambda name: scores[name], default=_SHARED)  # the first where equal
    cuts = _ways(probabilities, truth)[chosen]
    return DecisionThresholds(cuts, chosen, scores)


def best_cut(probabilities: NDArray[np.floating], held: NDArray[np.bool_]) -> float | None:
    """
    Find the threshold with the highest F1 over `(texts,)`; None where nothing is positive.

    It lies half-way, in log-odds, between the last answer that is worth giving and the next one.
    """
    if not held.any():
        return None
    order = np.argsort(-probabilities, kind="stable")
    ranked = np.clip(np.asarray(probabilities[order], dtype=np.float64), _LEAST, _MOST)
    hits = np.cumsum(held[order])
    f1 = 2.0 * hits / (np.arange(1, len(hits) + 1) + hits[-1])
    f1[:-1][ranked[:-1] == ranked[1:]] = 0.0  # a threshold cannot split ties
    last = int(np.argmax(f1))
    after = ranked[last + 1] if last + 1 < len(ranked) else _LEAST
    return float(expit((logit(ranked[last]) + logit(after)) / 2.0))


def _ways(probabilities: Probabilities, truth: LabelMatrix) -> dict[str, Cuts]:
    """Find the thresholds in every way, the simplest first."""
    found = best_cut(probabilities.ravel(), truth.ravel())
    shared = np.full(truth.shape[1], 0.5 if found is None else found)
    cuts = [best_cut(probabilities[:, label], truth[:, label]) for label in range(truth.shape[1])]
    own = np.array([shared[0] if cut is None else cut for cut in cuts])
    positives = truth.sum(axis=0)
    ways: dict[str, Cuts] = {_SHARED: shared}
    for half in _POSITIVES_THAT_COUNT_HALF:
        trust = positives / (positives + half)
        ways[f"own-{half}"] = expit(trust * logit(own) + (1.0 - trust) * logit(shared))
    return ways


def _held_out_f1(
    probabilities: Probabilities, truth: LabelMatrix, folds: Folds
) -> dict[str, float]:
    answered: dict[str, LabelMatrix] = {}
    for fold in np.unique(folds):
        out = folds == fold
        for name, cuts in _ways(probabilities[~out], truth[~out]).items():
            answers = answered.setdefault(name, np.zeros_like(truth))
            answers[out] = probabilities[out] >= cuts
    return {name: _mean_f1(answers, truth) for name, answers in answered.items()}


def _mean_f1(answered: LabelMatrix, truth: LabelMatrix) -> float:
    hits, sizes = (answered & truth).sum(axis=0), answered.sum(axis=0) + truth.sum(axis=0)
    some = truth.any(axis=0)
    macro = float((2.0 * hits[some] / sizes[some]).mean())
    return (macro + float(2.0 * hits.sum() / sizes.sum())) / 2.0
