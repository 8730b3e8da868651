"""The reliability diagram: what confidence promised, and what was kept."""

from collections.abc import Sequence
from math import floor

from markupsafe import Markup

from sortyard.evaluation.calibration import ReliabilityBin
from sortyard.evaluation.intervals import wilson_interval
from sortyard.evaluation.plots.svg import Axis, element, frame, path, picture

SIDE = 300.0
LEFT, TOP, BELOW = 52.0, 30.0, 46.0


def reliability(bins: Sequence[ReliabilityBin]) -> Markup:
    """Draw a dot for each bin, with the interval of its accuracy, beside the diagonal."""
    lowest = min((min(one.confidence, one.accuracy) for one in bins), default=0.0)
    low = min(0.8, max(0.0, floor(10.0 * lowest) / 10.0))
    across = Axis(low=low, high=1.0, start=LEFT, end=LEFT + SIDE)
    up = Axis(low=low, high=1.0, start=TOP + SIDE, end=TOP)
    diagonal = [(across(low), up(low)), (across(1.0), up(1.0))]
    dots = [_dot(one, across, up) for one in bins]
    return picture(
        frame(across, up, titles=("confidence", "really right")),
        path(diagonal, class_="diagonal"),
        path([(across(one.confidence), up(one.accuracy)) for one in bins], class_="line thin")
        if len(bins) > 1
        else Markup(""),
        *dots,
        width=LEFT + SIDE + 20.0,
        height=TOP + SIDE + BELOW,
        title="Reliability: accuracy by confidence",
    )


def _dot(one: ReliabilityBin, across: Axis, up: Axis) -> Markup:
    spread = wilson_interval(round(one.accuracy * one.rows), one.rows)
    x = across(one.confidence)
    whisker = element(
        "line", x1=x, x2=x, y1=up(max(spread.low, up.low)), y2=up(spread.high), class_="whisker"
    )
    words = f"{one.rows} messages: {one.confidence:.1%} promised, {one.accuracy:.1%} kept"
    place = element("title", words)
    return whisker + element("circle", place, cx=x, cy=up(one.accuracy), r=4.0, class_="dot")
