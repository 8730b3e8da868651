"""What every error has, and the words that many of them share."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import ClassVar


class SortyardError(Exception):
    """What went wrong, and what the reader can do about it."""

    code: ClassVar[str]
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.problem} {self.remedy}"


def listing(items: Iterable[str], *, limit: int = 5) -> str:
    """Quote a few items, and count the rest."""
    words = [repr(item) for item in items]
    rest = len(words) - limit
    return ", ".join(words[:limit]) + (f" and {rest} more" if rest > 0 else "")


def number(count: int, noun: str) -> str:
    """Write a number of things with their name: `1 label`, `3,080 labels`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def listed(problems: Iterable[str]) -> str:
    """Put problems into one sentence, which has its full stop still to come."""
    return "; ".join(one.rstrip(".") for one in problems)


def did_you_mean(unknown: Iterable[str], known: Iterable[str]) -> str:
    """Name the nearest known word for each unknown one; empty when there is none."""
    choices = tuple(known)
    pairs = [
        f"{guess!r} for {word!r}"
        for word in unknown
        for guess in get_close_matches(word, choices, n=1)
    ]
    return f"Did you mean {', '.join(pairs[:5])}? " if pairs else ""
