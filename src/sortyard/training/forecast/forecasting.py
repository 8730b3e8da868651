"""From a probe to what a training is likely to reach."""

from math import log
from typing import Final

import numpy as np

from sortyard.data.health.outlook import Outlook, Probed
from sortyard.training.forecast.probe import Probe
from sortyard.training.forecast.record import LEAST_ERROR, STEEPEST, Track

TRAINED_ON: Final = 0.8  # of an archive; the rest is its test


def forecast(probe: Probe, rows: int, track: Track) -> Outlook:
    """Carry a probe on to what a training on so many labelled rows would reach."""
    trained = max(int(TRAINED_ON * rows), probe.points[-1].rows)
    relative = relative_error(probe)
    likely, low, high = track.lift.errors(expected_error(probe, trained), relative)
    again, _, _ = track.lift.errors(expected_error(probe, 2 * trained), relative)
    return Outlook(
        value=1.0 - likely,
        low=1.0 - high,
        high=1.0 - low,
        doubled=1.0 - min(again, likely),
        trained_on=trained,
        sampled=probe.sampled,
        probed=tuple(Probed(one.rows, 1.0 - one.error) for one in probe.points),
        guess=1.0 - probe.guess,
        trials=track.trials,
        kept=track.right,
        sets=track.sets,
        typical_miss=track.typical_miss,
    )


def expected_error(probe: Probe, rows: int) -> float:
    """
    Carry the probe's error on to more rows, as a power of their number.

    The power is that of the probe's own points, never rising and no steeper than `STEEPEST`.
    """
    x = np.array([log(one.rows) for one in probe.points])
    y = np.array([log(max(one.error, LEAST_ERROR)) for one in probe.points])
    spread = float(((x - x.mean()) ** 2).sum())
    slope = float(((x - x.mean()) @ (y - y.mean())) / spread) if spread else 0.0
    power = min(max(-slope, 0.0), STEEPEST)
    growth = max(rows / probe.points[-1].rows, 1.0)
    return float(max(probe.error, LEAST_ERROR) * growth**-power)


def relative_error(probe: Probe) -> float:
    """The probe's error as a part of that of guessing: 0 tells all apart, 1 nothing."""
    return min(probe.error / max(probe.guess, LEAST_ERROR), 1.0)
