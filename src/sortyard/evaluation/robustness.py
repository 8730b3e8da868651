"""What happens to the answers when people type badly, shout, or are cut off."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Self

import numpy as np

from sortyard.domain.errors import NotEnoughData

Disturbance = Callable[[str, np.random.Generator], str]

TYPOS_A_LETTER = 0.05  # about one in four words of five letters
KEPT_OF_A_TEXT = 0.5
FEWEST_WORDS = 3
NEIGHBOURS = {
    letter: row[max(at - 1, 0) : at] + row[at + 1 : at + 2]
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for at, letter in enumerate(row)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Robustness:
    """
    The answers to disturbed texts beside those to the same texts as they were.

    `changed` is the share of messages that got another answer.
    """

    disturbance: str
    rows: int
    accuracy_before: float
    accuracy_after: float
    changed: float

    @property
    def drop(self) -> float:
        """The accuracy lost."""
        return self.accuracy_before - self.accuracy_after

    @classmethod
    def of(
        cls,
        disturbance: str,
        *,
        truth: Sequence[object],
        before: Sequence[object],
        after: Sequence[object],
    ) -> Self:
        """Compare two series of answers; each answer is a path, or a tuple of paths."""
        if not truth:
            raise NotEnoughData("measure the robustness", found=0, needed=1)
        rows = list(zip(truth, before, after, strict=True))
        return cls(
            disturbance=disturbance,
            rows=len(rows),
            accuracy_before=sum(old == true for true, old, _ in rows) / len(rows),
            accuracy_after=sum(new == true for true, _, new in rows) / len(rows),
            changed=sum(old != new for _, old, new in rows) / len(rows),
        )


def typos(text: str, rng: np.random.Generator, *, rate: float = TYPOS_A_LETTER) -> str:
    """Drop, double, mistype (a neighbour on the keyboard) or swap some of the letters."""
    letters = list(text)
    for at in np.flatnonzero(rng.random(len(text)) < rate):
        if not letters[at].isalpha():
            continue
        if rng.random() < 1 / 4 and "".join(letters[at + 1 : at + 2]).isalpha():
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
        else:
            letters[at] = _mistyped(letters[at], rng)
    return "".join(letters)


def shouting(text: str, rng: np.random.Generator) -> str:
    """Write everything in capitals."""
    del rng  # every disturbance takes the same arguments
    return text.upper()


def lower_case(text: str, rng: np.random.Generator) -> str:
    """Write everything in small letters."""
    del rng  # every disturbance takes the same arguments
    return text.lower()


def truncation(text: str, rng: np.random.Generator, *, kept: float = KEPT_OF_A_TEXT) -> str:
    """Cut the text off after some of its words, but keep a few."""
    del rng  # every disturbance takes the same arguments
    words = text.split()
    return " ".join(words[: max(FEWEST_WORDS, round(kept * len(words)))])


DISTURBANCES: Mapping[str, Disturbance] = {
    "typos": partial(typos, rate=TYPOS_A_LETTER),
    "capitals": shouting,
    "small letters": lower_case,
    "cut in half": partial(truncation, kept=KEPT_OF_A_TEXT),
}


def _mistyped(letter: str, rng: np.random.Generator) -> str:
    kind = rng.integers(3)
    near = NEIGHBOURS.get(letter.lower(), "")
    if kind == 0:
        return ""
    if kind == 1 or not near:
        return letter * 2
    typed = near[rng.integers(len(near))]
    return typed.upper() if letter.isupper() else typed
