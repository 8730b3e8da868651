"""How evenly rows are spread over labels, on the bands of normalised entropy."""

from typing import Final

from markupsafe import Markup

from sortyard.data.health.balance import BOUNDS, Band
from sortyard.evaluation.plots.svg import Axis, element, picture

WIDTH, HEIGHT = 372.0, 62.0
INSET: Final = 6.0
Y, THICK = 26.0, 12.0


def evenness(normalised: float) -> Markup:
    """Draw the four bands and a mark."""
    across = Axis(low=0.0, high=1.0, start=INSET, end=WIDTH - INSET)
    ends = [(1.0, BOUNDS[0][0], Band.EVEN)]
    lows = [*(least for least, _ in BOUNDS[1:]), 0.0]
    bands = [BOUNDS[1][1], BOUNDS[2][1], Band.LOPSIDED]
    highs = [least for least, _ in BOUNDS]
    ends += list(zip(highs, lows, bands, strict=True))
    parts = []
    for high, low, band in ends:
        parts.append(
            element(
                "rect",
                x=across(low),
                y=Y,
                width=across(high) - across(low) - 1.5,
                height=THICK,
                class_=f"band {band}",
            )
        )
        parts.append(
            element(
                "text",
                str(band),
                x=(across(low) + across(high)) / 2,
                y=Y + THICK + 18,
                class_="tick middle",
            )
        )
    x = across(normalised)
    mark = element("circle", cx=x, cy=Y + THICK / 2, r=6.5, class_="mark")
    words = element(
        "text", f"{normalised:.2f}", x=min(x, WIDTH - 18), y=Y - 9, class_="note strong middle"
    )
    return picture(
        *parts, mark, words, width=WIDTH, height=HEIGHT, title="Normalised entropy of the labels"
    )
