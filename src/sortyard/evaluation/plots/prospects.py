"""What was tried on a sample, and what a training on everything is likely to reach."""

from collections.abc import Sequence
from math import log10
from typing import Final

from markupsafe import Markup

from sortyard.data.health.outlook import Outlook
from sortyard.evaluation.plots.svg import Axis, element, in_percent, path, picture, ticks

WIDTH: Final = 412.0
HEIGHT: Final = 220.0
LEFT, TOP, BELOW = 52.0, 30.0, 34.0
ROOM: Final = 24.0


def prospects(outlook: Outlook) -> Markup:
    """Draw the points of the sample, and the forecast with its interval beside them."""
    rows = [one.rows for one in outlook.probed]
    low_rows, high_rows = rows[0], 2 * outlook.trained_on
    shares = [one.right for one in outlook.probed]
    low = max(0.0, min([*shares, outlook.low, outlook.guess]) - 0.03)
    across = Axis(low=log10(low_rows), high=log10(high_rows), start=LEFT + ROOM, end=WIDTH - ROOM)
    up = Axis(low=low, high=1.0, start=TOP + HEIGHT, end=TOP)
    points = [(across(log10(one.rows)), up(one.right)) for one in outlook.probed]
    here = across(log10(outlook.trained_on))
    return picture(
        *_scale(up),
        *_tried(outlook, points, here),
        *_forecast(outlook, here, up),
        *_doubled(outlook, across.end, up),
        element(
            "text", "right on held-out messages, by rows learnt from", x=0, y=12, class_="axis"
        ),
        width=WIDTH,
        height=TOP + HEIGHT + BELOW,
        title="What a sample shows, and what a training is likely to reach",
    )


def _tried(outlook: Outlook, points: Sequence[tuple[float, float]], here: float) -> list[Markup]:
    """Draw the points of the sample; rows are written below those that leave `here` its room."""
    return [
        path(points, class_="line thin"),
        *(element("circle", cx=x, cy=y, r=4.0, class_="dot tried") for x, y in points),
        *(
            element("text", f"{one.rows:,}", x=x, y=TOP + HEIGHT + 20, class_="tick middle")
            for one, (x, _) in zip(outlook.probed, points, strict=True)
            if here - x > 2 * ROOM
        ),
    ]


def _forecast(outlook: Outlook, here: float, up: Axis) -> list[Markup]:
    """Draw what all rows are likely to reach, and its interval."""
    return [
        element(
            "line", x1=here, x2=here, y1=up(outlook.low), y2=up(outlook.high), class_="span-of"
        ),
        element("circle", cx=here, cy=up(outlook.value), r=6.0, class_="mark"),
        element(
            "text", f"{outlook.trained_on:,}", x=here, y=TOP + HEIGHT + 20, class_="tick middle"
        ),
        element(
            "text",
            f"forecast {in_percent(round(outlook.value, 2))}",
            x=here - 12,
            y=up(outlook.value) + 4,
            class_="note strong end",
        ),
    ]


def _doubled(outlook: Outlook, there: float, up: Axis) -> list[Markup]:
    """Draw what twice as many rows are likely to reach."""
    y = up(outlook.doubled)
    return [
        element("circle", cx=there, cy=y, r=5.0, class_="again"),
        element("text", "twice as many", x=there + ROOM, y=y + 22, class_="note end"),
    ]


def _scale(up: Axis) -> list[Markup]:
    parts = []
    for one in ticks(up.low, up.high):
        parts.append(element("line", x1=LEFT, x2=WIDTH, y1=up(one), y2=up(one), class_="grid"))
        parts.append(element("text", in_percent(one), x=LEFT - 8, y=up(one) + 4, class_="tick end"))
    return parts
