"""
Find the confidence from which answers may go out alone, with a guarantee and not by luck.

To scan all thresholds for the lowest one whose bound clears the target would test many times and
keep the luckiest: it breaks the promise far more often than stated. Here the thresholds are tested
one after the other in an order that only the confidences decide, and the first failure ends the
walk. That is fixed-sequence testing, which needs no correction: Angelopoulos, Bates, Candès, Jordan
& Lei, "Learn then test", 2021, section 3; Bauer, "Multiple testing in clinical trials", 1991.
Given the confidences the answers are right independently, if not equally often, and the exact
binomial bound holds for those too (Hoeffding 1956).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, bdtrik

from sortyard.domain.policy import Basis, Evidence
from sortyard.evaluation.intervals import fewest_trials, lower_bound, lower_bounds

Confidence: TypeAlias = NDArray[np.floating]  # (texts,), calibrated, held out
Right: TypeAlias = NDArray[np.bool_]  # (texts,), whether the answer was right
Answered: TypeAlias = NDArray[np.integer]  # (texts,), the label that was answered

ASSURANCE = 0.95
_STEPS = 50
_PESSIMISM = 3.0  # where to begin: as if mistakes were so many times more frequent than expected


@dataclass(frozen=True, slots=True)
class AutoThreshold:
    """The confidence from which a label is answered alone, None for never; and what proves it."""

    value: float | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class AutoThresholds:
    """
    A threshold for every label that was tried, and the one that all without their own share.

    `labels` maps each label to its threshold, whether its own, shared or none.
    """

    shared: AutoThreshold
    labels: Mapping[int, AutoThreshold]


def auto_threshold(
    confidence: Confidence, right: Right, *, target: float, assurance: float = ASSURANCE
) -> float | None:
    """
    Find the lowest confidence from which answers are proven to be right often enough.

    Of fresh answers at or above it, at least `target` are right; that is false for at most
    `1 - assurance` of all the samples that could have been held out. None where no threshold is
    proven: 0.95 at 0.95 takes 59 rows without a mistake.

    `confidence` may come from a calibrator that was fitted on the same rows: one or few numbers
    hardly know them, and a rising curve raises the 5 % to about 6 % in the worst case (simulated).
    """
    fewest = fewest_trials(target, assurance=assurance)
    if len(confidence) < max(fewest, 1):
        return None
    order = np.argsort(-confidence, kind="stable")
    ranked = confidence[order]
    ranks = np.linspace(max(fewest, 1), len(ranked), min(_STEPS, len(ranked)))
    steps = np.unique(ranked[ranks.astype(np.intp) - 1])[::-1]
    rows = np.searchsorted(-ranked, -steps, side="right")  # ties go together
    proven = lower_bounds(np.cumsum(right[order])[rows - 1], rows, assurance=assurance) >= target
    expected = _PESSIMISM * np.cumsum(1.0 - ranked)[rows - 1]
    start = _safest(rows, expected, target=target, assurance=assurance)
    walk = proven[start:]
    passed = len(walk) if walk.all() else int(np.argmin(walk))
    return float(steps[start + passed - 1]) if passed else None


def auto_thresholds(
    confidence: Confidence,
    answered: Answered,
    right: Right,
    *,
    target: float,
    assurance: float = ASSURANCE,
) -> AutoThresholds:
    """
    Find each label's own threshold, and one for the labels that cannot prove their own.

    Those others are judged together, on their own rows only, so that the easy labels do not vouch
    for them. A label that is clearly worse than the target even above the shared threshold still
    counts against it, and may not use it: it gets none. (To judge the rest once more without it
    would break the guarantee, since it left for its bad luck too.) A label whose own threshold is
    the higher one takes the shared one, which harder labels have earned, if it reaches the target
    there too.
    """
    own = dict(_own_thresholds(confidence, answered, right, target, assurance))
    together = ~np.isin(answered, list(own))
    value = auto_threshold(
        confidence[together], right[together], target=target, assurance=assurance
    )
    enough = confidence >= (np.inf if value is None else value)
    shared = _proof(Basis.SHARED, value, right[together & enough], target, assurance)
    found: dict[int, AutoThreshold] = {}
    for label, rows in _rows_of_labels(answered):
        here = _proof(Basis.SHARED, value, right[rows][enough[rows]], target, assurance)
        if label in own:
            found[label] = _lower_if_earned(own[label], here)
        elif value is not None and _is_clearly_below(here.evidence, assurance):
            found[label] = AutoThreshold(None, replace(here.evidence, basis=Basis.BELOW_TARGET))
        else:
            found[label] = here
    return AutoThresholds(shared, found)


def target_for(error_cost: float, target: float) -> float:
    """
    Ask more of a label whose mistakes cost more, and never less than the target.

    A label that is twice as costly may be wrong half as often: 0.95 becomes 0.975.
    """
    return max(target, 1.0 - (1.0 - target) / error_cost) if error_cost > 0.0 else target


def confirm_threshold(error_cost: float = 1.0, *, least: float = 0.70) -> float:
    """
    Find the confidence from which an unproven answer is worth sending to the predicted team.

    The rule: the expected cost of the mistake, `(1 - confidence) x error_cost`, is at most what a
    plain label may cost, `1 - least`. A label twice as costly needs 0.85 in place of 0.70; one
    that costs a third or less is always sent.
    """
    return max(0.0, 1.0 - (1.0 - least) / error_cost) if error_cost > 0.0 else 0.0


def evidence_above(basis: Basis, above: Right, target: float, assurance: float) -> Evidence:
    """Sum up the rows at or above a threshold: how many were right, and what that promises."""
    hits, rows = int(above.sum()), len(above)
    promised = lower_bound(hits, rows, assurance=assurance)
    return Evidence(basis=basis, target=target, rows=rows, right=hits, promised=promised)


def _safest(
    rows: NDArray[np.intp], mistakes: NDArray[np.floating], *, target: float, assurance: float
) -> int:
    """
    Pick the step to begin with: where the mistakes to expect leave the most room.

    In standard deviations of their count; from the confidences alone, or the walk would be a scan.
    """
    allowed = np.floor(bdtrik(1.0 - assurance, rows, 1.0 - target))
    return int(np.argmax((allowed - mistakes) / np.sqrt(mistakes + 0.5)))


def _own_thresholds(
    confidence: Confidence, answered: Answered, right: Right, target: float, assurance: float
) -> Iterator[tuple[int, AutoThreshold]]:
    """Go through the labels whose own rows prove the target."""
    for label, rows in _rows_of_labels(answered):
        value = auto_threshold(confidence[rows], right[rows], target=target, assurance=assurance)
        if value is not None:
            above = right[rows][confidence[rows] >= value]
            yield label, _proof(Basis.OWN, value, above, target, assurance)


def _lower_if_earned(own: AutoThreshold, shared: AutoThreshold) -> AutoThreshold:
    """Take the shared threshold where it is the lower one and the label reaches the target."""
    if own.value is None or shared.value is None or own.value <= shared.value:
        return own
    reached = shared.evidence.right >= shared.evidence.target * shared.evidence.rows
    return shared if reached else own


def _rows_of_labels(answered: Answered) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """Go through the labels that were answered, with their rows."""
    order = np.argsort(answered, kind="stable")
    labels, starts = np.unique(answered[order], return_index=True)
    ends = [*starts[1:], len(order)]
    for label, start, end in zip(labels, starts, ends[: len(labels)], strict=True):
        yield int(label), order[start:end]


def _is_clearly_below(evidence: Evidence, assurance: float) -> bool:
    """Tell whether so few right answers would be rare if the label reached the target."""
    rare = bdtr(evidence.right, evidence.rows, evidence.target) <= 1.0 - assurance
    return evidence.rows > 0 and bool(rare)


def _proof(
    basis: Basis, value: float | None, above: Right, target: float, assurance: float
) -> AutoThreshold:
    return AutoThreshold(value, evidence_above(basis, above, target, assurance))
