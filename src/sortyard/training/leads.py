"""From which lead on the student's answer stands, and what the cascade then says."""

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.taxonomy import Kind
from sortyard.models.dimension import STRANGE, lead_of
from sortyard.models.line import Judged
from sortyard.training.truth import Truth

ONE_SIDED_95 = 1.645  # standard deviations
FEW = 16  # rows of a label, as where its card teaches too
NEVER = 2.0  # a lead that no answer has: the encoder reads everything


def shows_leads(truth: Truth, tolerance: float) -> bool:
    """
    Tell whether held-out rows can show from which lead on a student may answer.

    Where labels have few rows the student knows the least, and where a single answer is more than
    may be lost, rows by which nothing was lost are chance: then the encoder reads everything.
    """
    return len(truth) * tolerance >= 1.0 or float(np.median(truth.supports())) > FEW


def learn_lead(
    truth: Truth,
    student: Judged,
    full: Judged,
    *,
    cuts: NDArray[np.float32],
    tolerance: float,
) -> float:
    """
    Choose the smallest lead at which the cascade is not worse than the full line.

    "Not worse" means that with 95 % confidence it answers at most a share of `tolerance` fewer
    messages rightly (one-sided, on the pairs where the two differ; the normal approximation to
    McNemar's test). What is strange to the student is read by the encoder whatever its lead.
    """
    leads = lead_of(student.probabilities, cuts, truth.kind)
    order = np.argsort(-leads, kind="stable")
    lost = _right(full, truth, cuts).astype(np.int64) - _right(student, truth, cuts)
    lost[student.novelty > STRANGE] = 0
    so_far = np.cumsum(lost[order])
    at_most = so_far + ONE_SIDED_95 * np.sqrt(np.cumsum(np.abs(lost[order])))
    ends = np.append(np.diff(leads[order]) != 0.0, True)
    allowed = np.flatnonzero((at_most <= tolerance * len(truth)) & ends)
    return float(leads[order][allowed[-1]]) if len(allowed) else NEVER


def cascaded(
    student: Judged, full: Judged, *, lead: float, cuts: NDArray[np.float32], kind: Kind
) -> Judged:
    """Say what the cascade says: the student where it is sure enough, else the full line."""
    leads = lead_of(student.probabilities, cuts, kind)
    goes_on = (leads < lead) | (student.novelty > STRANGE)
    return Judged(
        np.where(goes_on[:, None], full.probabilities, student.probabilities),
        np.where(goes_on, full.novelty, student.novelty),
    )


def _right(judged: Judged, truth: Truth, cuts: NDArray[np.float32]) -> NDArray[np.bool_]:
    if truth.kind is Kind.SINGLE:
        right: NDArray[np.bool_] = judged.probabilities.argmax(axis=1) == truth.held
        return right
    expected = np.pad(truth.matrix, ((0, 0), (0, len(cuts) - truth.count)))
    exact: NDArray[np.bool_] = ((judged.probabilities >= cuts) == expected).all(axis=1)
    return exact
