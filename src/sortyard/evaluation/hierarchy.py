"""How far off a wrong answer is in the label tree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from sortyard.domain.taxonomy import SEPARATOR, ancestors, are_siblings
from sortyard.evaluation.metrics import Confusion
from sortyard.evaluation.outcomes import holds


class Distance(StrEnum):
    """How an answer stands to the truth."""

    RIGHT = "right"  # the true label, or a parent of it after roll-up
    SIBLING = "sibling"  # another child of the same parent
    BRANCH = "branch"  # neither, but some label above both is the same
    FAR = "far"  # nothing in common


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeScores:
    """
    Scores that know the tree.

    `precision`, `recall` and `f1` compare sets of labels, each with all labels above it
    [Kiritchenko et al. 2005]. `accuracy_at_depth` is the share of messages at least that deep whose
    path is right down to there. The two sibling figures are NaN in a flat taxonomy, whose labels
    have no parent and so no siblings.
    """

    precision: float
    recall: float
    f1: float
    accuracy_at_depth: Mapping[int, float]
    sibling_confusion: float  # of all answers, the share that names a sibling of the truth
    sibling_share_of_errors: float  # of the wrong ones


def distance(answer: str, truth: str) -> Distance:
    """Place an answer relative to the truth."""
    if holds(answer, truth):
        return Distance.RIGHT
    if are_siblings(answer, truth):
        return Distance.SIBLING
    return Distance.BRANCH if _top(answer) == _top(truth) else Distance.FAR


def is_flat(paths: Sequence[str]) -> bool:
    """Tell whether none of these labels has a parent."""
    return not any(SEPARATOR in path for path in paths)


def tree_scores(confusion: Confusion) -> TreeScores:
    """Score forced choices by their place in the tree."""
    pairs = [
        (confusion.names[truth], confusion.names[answer], int(rows))
        for truth, answer, rows in zip(
            confusion.truth, confusion.answer, confusion.rows, strict=True
        )
    ]
    precision, recall, f1 = _augmented(pairs)
    total = sum(rows for _, _, rows in pairs)
    wrong = sum(rows for truth, answer, rows in pairs if truth != answer)
    siblings = sum(rows for truth, answer, rows in pairs if are_siblings(truth, answer))
    flat = is_flat(confusion.names)
    return TreeScores(
        precision=precision,
        recall=recall,
        f1=f1,
        accuracy_at_depth=_accuracy_at_depth(pairs),
        sibling_confusion=np.nan if flat or not total else siblings / total,
        sibling_share_of_errors=np.nan if flat or not wrong else siblings / wrong,
    )


def _augmented(pairs: Sequence[tuple[str, str, int]]) -> tuple[float, float, float]:
    shared = given = true = 0
    for truth, answer, rows in pairs:
        wanted, found = {truth, *ancestors(truth)}, {answer, *ancestors(answer)}
        shared += rows * len(wanted & found)
        given += rows * len(found)
        true += rows * len(wanted)
    if not pairs:
        return np.nan, np.nan, np.nan
    return shared / given, shared / true, 2.0 * shared / (given + true)


def _accuracy_at_depth(pairs: Sequence[tuple[str, str, int]]) -> dict[int, float]:
    deepest = max((truth.count(SEPARATOR) + 1 for truth, _, _ in pairs), default=0)
    found = {}
    for depth in range(1, deepest + 1):
        reached = [pair for pair in pairs if pair[0].count(SEPARATOR) + 1 >= depth]
        right = sum(n for truth, answer, n in reached if _cut(truth, depth) == _cut(answer, depth))
        found[depth] = right / sum(rows for _, _, rows in reached)
    return found


def _cut(path: str, depth: int) -> tuple[str, ...]:
    return tuple(path.split(SEPARATOR)[:depth])


def _top(path: str) -> str:
    return path.split(SEPARATOR, 1)[0]
