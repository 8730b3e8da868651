"""From which lead on the student's answer stands, and what the cascade then answers."""

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.taxonomy import Kind
from sortyard.models.dimension import lead_of
from sortyard.models.line import Judged
from sortyard.training.truth import Truth


def learn_lead(
    truth: Truth,
    student: Judged,
    full: Judged,
    *,
    cuts: NDArray[np.float32],
    tolerance: float,
) -> tuple[float, Judged]:
    """
    Choose the smallest lead at which the cascade is not worse than the full line.

    "Not worse" allows `tolerance`, a share of all held-out rows. Returns the lead, and what the
    cascade says of the held-out rows.
    """
    leads = lead_of(student.probabilities, cuts, truth.kind)
    order = np.argsort(-leads, kind="stable")
    lost = _right(full, truth, cuts).astype(np.int64) - _right(student, truth, cuts)
    so_far = np.cumsum(lost[order]) / max(len(truth), 1)
    ends = np.append(np.diff(leads[order]) != 0.0, True)
    allowed = np.flatnonzero((so_far <= tolerance) & ends)
    lead = float(leads[order][allowed[-1]]) if len(allowed) else 2.0
    goes_on = leads < lead
    return lead, Judged(
        np.where(goes_on[:, None], full.probabilities, student.probabilities),
        np.where(goes_on, full.novelty, student.novelty),
    )


def _right(judged: Judged, truth: Truth, cuts: NDArray[np.float32]) -> NDArray[np.bool_]:
    known = judged.probabilities[:, : truth.count]
    if truth.kind is Kind.SINGLE:
        right: NDArray[np.bool_] = judged.probabilities.argmax(axis=1) == truth.held
        return right
    exact: NDArray[np.bool_] = ((known >= cuts[: truth.count]) == truth.held).all(axis=1)
    return exact
