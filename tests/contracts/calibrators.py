"""The contracts of `Calibrator` and `IndependentCalibrator` in `sortyard.models.calibration`."""

import json

import numpy as np
from numpy.typing import NDArray

from sortyard.models.calibration import Calibrator, IndependentCalibrator, Logits, Probabilities
from sortyard.models.calibration_file import (
    calibrator_from_dict,
    calibrator_to_dict,
    independent_calibrator_from_dict,
)


def check_calibrator(calibrator: Calibrator, logits: Logits) -> None:
    """Rows are distributions, the input is untouched, and a stored copy answers the same."""
    chances = _checked_chances(calibrator, logits)
    np.testing.assert_allclose(chances.sum(axis=1), 1.0, rtol=1e-5)

    stored = json.loads(json.dumps(calibrator_to_dict(calibrator)))
    np.testing.assert_array_equal(calibrator_from_dict(stored).probabilities(logits), chances)


def check_independent_calibrator(calibrator: IndependentCalibrator, logits: Logits) -> None:
    """A label's chance never falls as its logit rises; a stored copy answers the same."""
    chances = _checked_chances(calibrator, logits)
    for label in range(logits.shape[1]):
        by_logit = np.argsort(logits[:, label], kind="stable")
        assert (np.diff(chances[by_logit, label]) >= -1e-12).all()

    stored = json.loads(json.dumps(calibrator_to_dict(calibrator)))
    again = independent_calibrator_from_dict(stored)
    np.testing.assert_array_equal(again.probabilities(logits), chances)


def check_keeps_the_order(calibrator: Calibrator, logits: Logits) -> None:
    """No label overtakes another, and the best one is still found first."""
    chances = calibrator.probabilities(logits)

    np.testing.assert_array_equal(chances.argmax(axis=1), logits.argmax(axis=1))
    by_logit = np.argsort(logits, axis=1, kind="stable")
    rises = np.diff(np.take_along_axis(chances, by_logit, axis=1), axis=1)
    differs = np.diff(np.take_along_axis(logits, by_logit, axis=1), axis=1) > 0.0
    assert (rises[differs] >= -1e-12).all()


def _checked_chances(
    calibrator: Calibrator | IndependentCalibrator, logits: Logits
) -> Probabilities:
    untouched: NDArray[np.floating] = logits.copy()
    chances = calibrator.probabilities(logits)
    assert chances.shape == logits.shape
    assert ((chances >= 0.0) & (chances <= 1.0)).all()  # also refuses NaN
    np.testing.assert_array_equal(logits, untouched)
    return chances
