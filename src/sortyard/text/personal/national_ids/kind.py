"""What the number of one country looks like, and how it is checked."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from sortyard.text.personal.cues import Cue, cue
from sortyard.text.personal.finder import ALONE, ENDED

GAP: Final = "gap"  # the group of a shape that divides its parts, the same everywhere in a number


@dataclass(frozen=True, slots=True)
class NationalId:
    """
    One kind of number: how it is written, and whether what was found is really one.

    `is_one` sees the letters (in capitals) and digits alone. Where chance would pass too often, a
    word has to lead up to the number, which `told` checks.
    """

    name: str
    shape: str
    pattern: re.Pattern[str]
    is_one: Callable[[str], bool]
    told: Cue | None = None

    def end(self, text: str, start: int) -> int:
        """Tell where the number ends that begins here; 0 where there is none."""
        found = self.pattern.match(text, start)
        if found is None:
            return 0
        if not self.is_one("".join(filter(str.isalnum, found[0])).upper()):
            return 0
        return found.end() if self.told is None or self.told(text, start) else 0


def national_id(
    name: str, shape: str, is_one: Callable[[str], bool], *, words: str = ""
) -> NationalId:
    """
    Declare a kind of number; with `words`, one of them has to lead up to it.

    A word is asked for where more than one in a hundred of all numbers of that length would pass.
    """
    pattern = re.compile(f"{ALONE}(?:{shape}){ENDED}")
    return NationalId(name, shape, pattern, is_one, cue(words) if words else None)


def is_date(year: int, month: int, day: int) -> bool:
    """Tell whether there is such a day."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def is_day(month: str, day: str) -> bool:
    """Tell whether some year has such a day."""
    return is_date(2000, int(month), int(day))  # a leap year
