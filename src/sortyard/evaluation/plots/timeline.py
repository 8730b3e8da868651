"""Labels over time: a row a label, a square a period, the darker the more messages."""

from typing import Final

from markupsafe import Markup

from sortyard.data.health.time import Activity, History, day
from sortyard.evaluation.figures import shorten
from sortyard.evaluation.plots.svg import element, picture

WIDTH: Final = 800.0
LEFT, TOP, BELOW = 250.0, 8.0, 26.0
STEP: Final = 20.0
MOST: Final = 16  # labels
NAME: Final = 27  # letters; capitals are wide
FAINTEST: Final = 0.12


def timeline(history: History) -> Markup:
    """Draw the labels that turned and the most frequent others."""
    shown = _shown(history)
    wide = (WIDTH - LEFT) / max(len(history.edges) - 1, 1)
    turned = {one.label for one in (*history.stopped, *history.began)}
    parts = []
    for at, one in enumerate(shown):
        y = TOP + at * STEP
        class_ = "tick end strong" if one.label in turned else "tick end"
        parts.append(
            element("text", shorten(one.label, NAME), x=LEFT - 10, y=y + 13, class_=class_)
        )
        most = max(one.rows)
        for period, rows in enumerate(one.rows):
            words = f"{one.label}, from {day(history.edges[period])}: {rows:,} rows"
            parts.append(
                element(
                    "rect",
                    element("title", words),
                    x=LEFT + period * wide,
                    y=y,
                    width=wide - 2.0,
                    height=STEP - 3.0,
                    rx=2.0,
                    class_="when" if rows else "when none",
                    style=f"opacity:{max(rows / most, FAINTEST):.2f}" if rows else "",
                )
            )
    below = TOP + len(shown) * STEP + 16
    parts.append(element("text", day(history.first), x=LEFT, y=below, class_="tick"))
    parts.append(element("text", day(history.last), x=WIDTH - 2, y=below, class_="tick end"))
    height = TOP + len(shown) * STEP + BELOW
    return picture(*parts, width=WIDTH, height=height, title="Labels over time")


def _shown(history: History) -> list[Activity]:
    turned = [one.label for one in (*history.stopped, *history.began)][: MOST // 2]
    others = [one.label for one in history.activity if one.label not in turned]
    chosen = {*turned, *others[: MOST - len(turned)]}
    kept = [one for one in history.activity if one.label in chosen]
    return sorted(kept, key=_middle)


def _middle(one: Activity) -> float:
    """When, on the whole, a label was used: early ones stand above late ones."""
    return sum(at * rows for at, rows in enumerate(one.rows)) / max(sum(one.rows), 1)
