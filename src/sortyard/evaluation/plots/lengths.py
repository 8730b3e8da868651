"""How many messages have which length."""

from typing import Final

from markupsafe import Markup

from sortyard.data.health.lengths import LengthBin, Lengths
from sortyard.evaluation.plots.svg import Axis, element, picture

WIDTH, HEIGHT = 372.0, 150.0
TOP, BELOW = 30.0, 34.0
GAP: Final = 3.0
CROWDED: Final = 9  # bins; of more, every other is named


def lengths(found: Lengths) -> Markup:
    """Draw a bar for each range of lengths, each twice as long as the one before."""
    bins = _used(found)
    up = Axis(low=0.0, high=max(one.rows for one in bins), start=TOP + HEIGHT, end=TOP)
    step = WIDTH / len(bins)
    parts = []
    for at, one in enumerate(bins):
        parts.append(
            element(
                "rect",
                element("title", f"{_name(one)} characters: {one.rows:,} messages"),
                x=at * step,
                y=up(one.rows),
                width=step - GAP,
                height=max(up.start - up(one.rows), 1.0 if one.rows else 0.0),
                class_="bar",
            )
        )
        if len(bins) <= CROWDED or at % 2 == 0:
            parts.append(
                element(
                    "text",
                    f"{one.low:,}+",
                    x=at * step + (step - GAP) / 2,
                    y=up.start + 18,
                    class_="tick middle",
                )
            )
    name = element("text", "messages by their characters", x=0, y=12, class_="axis")
    return picture(
        *parts, name, width=WIDTH, height=TOP + HEIGHT + BELOW, title="Lengths of the messages"
    )


def _used(found: Lengths) -> list[LengthBin]:
    """Leave out what is empty at both ends."""
    filled = [at for at, one in enumerate(found.bins) if one.rows]
    return list(found.bins[filled[0] : filled[-1] + 1])


def _name(one: LengthBin) -> str:
    return f"{one.low:,} and more" if one.high is None else f"{one.low:,} to {one.high - 1:,}"
