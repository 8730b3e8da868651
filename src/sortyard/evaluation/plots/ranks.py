"""The rows of every label, from the most frequent to the rarest."""

from collections.abc import Sequence
from math import log10
from typing import Final

from markupsafe import Markup

from sortyard.data.health.counts import FEW, LabelCount
from sortyard.evaluation.plots.svg import Axis, element, picture

WIDTH: Final = 372.0
HEIGHT: Final = 220.0
LEFT, TOP, BELOW = 52.0, 30.0, 34.0
WIDEST: Final = 34.0
GAP: Final = 0.18  # of a bar's place
MOST: Final = 400  # bars; of more labels, some are left out evenly


def ranks(labels: Sequence[LabelCount]) -> Markup:
    """Draw a bar a label on a scale of powers of ten; below the dashed line there are too few."""
    drawn = _thinned(labels)
    top = max(labels[0].rows if labels else 1, FEW) * 1.25
    up = Axis(low=0.0, high=log10(top), start=TOP + HEIGHT, end=TOP)
    step = min((WIDTH - LEFT) / max(len(drawn), 1), WIDEST)
    bars = [
        element(
            "rect",
            element("title", f"{one.label}: {one.rows:,} rows"),
            x=LEFT + at * step,
            y=up(log10(one.rows)) if one.rows > 1 else up.start - 2.0,
            width=max(step * (1.0 - GAP), 0.6),
            height=max(up.start - up(log10(one.rows)), 2.0),
            class_="bar few" if one.is_few else "bar",
        )
        for at, one in enumerate(drawn)
    ]
    line = up(log10(FEW))
    few = element("line", x1=LEFT, x2=WIDTH, y1=line, y2=line, class_="promise")
    note = element("text", f"{FEW} rows", x=WIDTH, y=line - 6, class_="note end")
    names = [
        element("text", "rows of each label, the most frequent first", x=0, y=12, class_="axis"),
        element("text", _range(len(labels)), x=LEFT, y=TOP + HEIGHT + 20, class_="tick"),
    ]
    return picture(
        *_scale(up, top),
        *bars,
        few,
        note,
        *names,
        width=WIDTH,
        height=TOP + HEIGHT + BELOW,
        title="Rows of every label",
    )


def _scale(up: Axis, top: float) -> list[Markup]:
    parts = []
    power = 1
    while power <= top:
        y = up(log10(power))
        parts.append(element("line", x1=LEFT, x2=WIDTH, y1=y, y2=y, class_="grid"))
        parts.append(element("text", f"{power:,}", x=LEFT - 8, y=y + 4, class_="tick end"))
        power *= 10
    return parts


def _thinned(labels: Sequence[LabelCount]) -> Sequence[LabelCount]:
    if len(labels) <= MOST:
        return labels
    return [labels[at * len(labels) // MOST] for at in range(MOST)]


def _range(count: int) -> str:
    return "1 label" if count == 1 else f"1 to {count:,}, by their rank"
