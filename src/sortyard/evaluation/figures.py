"""How figures are written, in the same way everywhere."""

from collections.abc import Callable, Mapping
from datetime import datetime
from math import isnan
from unicodedata import category

from sortyard.evaluation.intervals import Interval

UNDEFINED = "—"
LEAST_P = 0.001


def percent(value: float) -> str:
    """Write a share: `92.9 %`."""
    return UNDEFINED if isnan(value) else f"{100.0 * value:.1f} %"


def points(value: float) -> str:
    """Write a difference of shares: `+2.8 points`."""
    if isnan(value):
        return UNDEFINED
    rounded = round(100.0 * value, 1)
    return f"{rounded:+.1f} points" if rounded else "0.0 points"


def decimal(value: float) -> str:
    """Write a plain figure: `0.011`."""
    return UNDEFINED if isnan(value) else f"{value:.3f}"


def count(value: float) -> str:
    """Write a number of things: `3,080`."""
    return UNDEFINED if isnan(value) else f"{value:,.0f}"


def counted(number: float, noun: str) -> str:
    """Write a number of things with their name: `1 label`, `3,080 messages`."""
    return f"{count(number)} {noun}{'' if number == 1 else 's'}"


def milliseconds(value: float) -> str:
    """Write a duration: `3.4 ms`."""
    return UNDEFINED if isnan(value) else f"{value:.1f} ms"


def moment(when: datetime) -> str:
    """Write a date and time: `21 November 2026, 12:00 UTC`."""
    return f"{when.day} {when:%B %Y, %H:%M %Z}".rstrip()


def between(interval: Interval) -> str:
    """Write where a share lies: `91.9 to 93.8 %`."""
    return f"{100.0 * interval.low:.1f} to {100.0 * interval.high:.1f} %"


def between_points(interval: Interval) -> str:
    """Write where a difference of shares lies: `+1.2 to +3.4`."""
    return f"{100.0 * interval.low:+.1f} to {100.0 * interval.high:+.1f}"


def chance(p_value: float) -> str:
    """Write a p-value, which is never zero."""
    return f"p < {LEAST_P}" if p_value < LEAST_P else f"p = {p_value:.3f}"


def printable(text: str) -> str:
    """Put a name that somebody else wrote on one line, without control characters."""
    return "".join(" " if category(one)[0] in "CZ" else one for one in text)


def shorten(name: str, width: int) -> str:
    """Cut the middle out of a long name: its ends tell it from others."""
    text = printable(name)
    if len(text) <= width:
        return text
    tail = (width - 1) * 2 // 3
    return f"{text[: width - 1 - tail]}…{text[len(text) - tail :]}"


FILTERS: Mapping[str, Callable[..., str]] = {
    one.__name__: one
    for one in (
        between,
        between_points,
        chance,
        count,
        counted,
        decimal,
        milliseconds,
        moment,
        percent,
        points,
    )
}
"""How figures are written in the templates of a report."""
