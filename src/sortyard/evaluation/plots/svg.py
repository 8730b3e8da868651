"""SVG elements as safe text, and the axes that the plots share."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

DIGITS = 2


def element(name: str, *children: str, **attributes: object) -> Markup:
    """
    Write one element; whatever is not markup yet is escaped.

    `class_` stands for `class`, and an underscore for a hyphen.
    """
    written = Markup("").join(
        Markup(' {}="{}"').format(_name(key), _number(value)) for key, value in attributes.items()
    )
    inside = Markup("").join(escape(child) for child in children)
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), written, inside)  # noqa: S704  # names are our own


def picture(
    *children: str, width: float, height: float, title: str, class_: str = "plot"
) -> Markup:
    """Write a whole drawing, with a title for those who cannot see it."""
    return element(
        "svg",
        element("title", title),
        *children,
        viewBox=f"0 0 {_number(width)} {_number(height)}",
        role="img",
        class_=class_,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """A straight scale from values to places on the drawing."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def ticks(low: float, high: float, *, most: int = 6) -> tuple[float, ...]:
    """Choose round values within a range."""
    for step in (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0):
        if (high - low) / step <= most:
            first = -(-round(low / step, 6) // 1)
            count = int(round((high - first * step) / step, 6)) + 1
            return tuple(round((first + at) * step, 6) for at in range(count))
    return (low, high)


def frame(across: Axis, up: Axis, *, titles: tuple[str, str]) -> Markup:
    """Draw a faint grid with percentages, and name the two axes."""
    lines = [
        element("line", x1=across.start, x2=across.end, y1=up(one), y2=up(one), class_="grid")
        for one in ticks(up.low, up.high)
    ]
    left = [
        element("text", in_percent(one), x=across.start - 8, y=up(one) + 4, class_="tick end")
        for one in ticks(up.low, up.high)
    ]
    below = [
        element("text", in_percent(one), x=across(one), y=up.start + 18, class_="tick middle")
        for one in ticks(across.low, across.high)
    ]
    middle = (across.start + across.end) / 2
    names = [
        element("text", titles[0], x=middle, y=up.start + 38, class_="axis middle"),
        element("text", titles[1], x=0, y=up.end - 12, class_="axis"),
    ]
    return Markup("").join([*lines, *left, *below, *names])


def path(places: Sequence[tuple[float, float]], **attributes: object) -> Markup:
    """Draw a line through places."""
    steps = " L".join(f"{_number(x)} {_number(y)}" for x, y in places)
    return element("path", d=f"M{steps}", **attributes)


def in_percent(share: float) -> str:
    """Write a tick: `5 %`, `2.5 %`."""
    return f"{round(100.0 * share, 1):g} %"


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-") if key != "viewBox" else key


def _number(value: object) -> str:
    return f"{round(value, DIGITS):g}" if isinstance(value, float) else str(value)
