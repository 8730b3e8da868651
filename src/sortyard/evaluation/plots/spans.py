"""A share with its interval, as a bar small enough for a table cell."""

from markupsafe import Markup

from sortyard.evaluation.intervals import Interval
from sortyard.evaluation.plots.svg import Axis, element, picture

WIDTH, HEIGHT = 160.0, 14.0
INSET = 5.0


def span(
    value: float, interval: Interval, *, floor: float | None = None, low: float = 0.0
) -> Markup:
    """Draw the value as a dot on its interval; a tick marks the floor where there is one."""
    across = Axis(low=low, high=1.0, start=INSET, end=WIDTH - INSET)
    middle = HEIGHT / 2
    below = floor is not None and value < floor

    def place(share: float) -> float:
        return across(min(max(share, low), 1.0))

    parts = [
        element("line", x1=INSET, x2=WIDTH - INSET, y1=middle, y2=middle, class_="track"),
        element(
            "line",
            x1=place(interval.low),
            x2=place(interval.high),
            y1=middle,
            y2=middle,
            class_="reach",
        ),
    ]
    if floor is not None:
        x = place(floor)
        parts.append(element("line", x1=x, x2=x, y1=1.0, y2=HEIGHT - 1.0, class_="floor"))
    colour = "dot below" if below else "dot"
    parts.append(element("circle", cx=place(value), cy=middle, r=4.0, class_=colour))
    words = f"{value:.1%}, between {interval.low:.1%} and {interval.high:.1%}"
    return picture(*parts, width=WIDTH, height=HEIGHT, title=words, class_="span")
