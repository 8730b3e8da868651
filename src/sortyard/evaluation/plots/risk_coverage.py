"""The risk-coverage curve: how the share of wrong answers grows as more are given alone."""

from collections.abc import Sequence

from markupsafe import Markup

from sortyard.evaluation.plots.svg import Axis, element, frame, path, picture
from sortyard.evaluation.trade import TradePoint

WIDTH, HEIGHT = 340.0, 300.0
LEFT, TOP, BELOW = 52.0, 30.0, 46.0
ROOM = 1.15
LEAST_TOP = 0.01
HALF = 0.5


def risk_coverage(
    points: Sequence[TradePoint], *, coverage: float, risk: float | None, promised: float
) -> Markup:
    """
    Draw the curve, the promised risk, and where the chosen thresholds have put this release.

    The mark need not lie on the curve: thresholds are chosen label by label.
    """
    highest = max([one.risk for one in points] + [promised, risk or 0.0])
    top = max(LEAST_TOP, ROOM * highest)
    across = Axis(low=0.0, high=1.0, start=LEFT, end=LEFT + WIDTH)
    up = Axis(low=0.0, high=top, start=TOP + HEIGHT, end=TOP)
    curve = [(across(one.coverage), up(one.risk)) for one in points]
    under = [(curve[0][0], up.start), *curve, (curve[-1][0], up.start)] if curve else []
    return picture(
        frame(across, up, titles=("share of messages answered alone", "share of them wrong")),
        path(under, class_="under") if curve else Markup(""),
        path(curve, class_="line") if curve else Markup(""),
        _promise(across, up, promised),
        _mark(across, up, coverage, risk) if risk is not None else Markup(""),
        width=LEFT + WIDTH + 20.0,
        height=TOP + HEIGHT + BELOW,
        title="Risk against coverage",
    )


def _promise(across: Axis, up: Axis, promised: float) -> Markup:
    y = up(promised)
    line = element("line", x1=across.start, x2=across.end, y1=y, y2=y, class_="promise")
    words = f"promised: at most {100.0 * promised:g} % wrong"
    return line + element("text", words, x=across.start + 6, y=y - 6, class_="note")


def _mark(across: Axis, up: Axis, coverage: float, risk: float) -> Markup:
    """Mark the chosen point; its words stand at the top, where the curve seldom is."""
    x = across(coverage)
    left = coverage > HALF
    line = element("line", x1=x, x2=x, y1=up.end, y2=up.start, class_="drop")
    dot = element("circle", cx=x, cy=up(risk), r=5.5, class_="mark")
    words = element(
        "text",
        f"chosen: {coverage:.0%} alone, {risk:.1%} wrong".replace("%", " %"),
        x=x - 8 if left else x + 8,
        y=up.end + 6,
        class_="note strong end" if left else "note strong",
    )
    return line + dot + words
