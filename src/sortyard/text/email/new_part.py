"""The link that keeps of a mail what is new in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from typing import ClassVar, Final

from sortyard.text.email.thread import Thread

_ROUNDS: Final = 8  # of mails within mails that were sent on
_MARKUP: Final = re.compile(r"<[^<>]*>|[\s`*_#~=|>-]+")


@dataclass(frozen=True, slots=True)
class NewPart:
    """
    Keeps what the writer of a mail wrote, and drops the thread below, above and around it.

    Gone are headers, quotations with the line that introduces them, mails that were sent on below
    a remark, signatures, the small print, and what machines put above or below. A quotation
    between two things that the writer said stays, unless `inline_quotes` is false: the answer is
    about it. Of headers that lie above the text, the subject stays, unless `subject` is
    false. `closings` also drops "Kind regards" and the name below.

    Where nothing would be left, the mail stays whole: then the quotation is what there is to read.
    A text of one line comes out as it is.
    """

    inline_quotes: bool = True
    subject: bool = True
    closings: bool = False

    name: ClassVar[str] = "new_part"
    version: ClassVar[int] = 1

    def problems(self) -> tuple[str, ...]:
        return tuple(
            f"new_part: {option} is true or false, not {value!r}"
            for option, value in (
                ("inline_quotes", self.inline_quotes),
                ("subject", self.subject),
                ("closings", self.closings),
            )
            if not isinstance(value, bool)
        )

    def __call__(self, text: str) -> str:
        found = text
        for _ in range(_ROUNDS):
            shorter = self._once(found)
            if shorter == found:
                return found
            found = shorter
        return text  # nobody sends a mail on so often; whoever built it reads it whole

    def _once(self, text: str) -> str:
        if "\n" not in text and "\r" not in text:
            return text
        lines = text.split("\n") if "\r" not in text else _lines(text)
        stripped = [line.strip() for line in lines]
        thread = Thread(stripped, inline_quotes=self.inline_quotes, closings=self.closings)
        own = thread.own()
        if not own.places or _only_markup(stripped[at] for at in own.places):
            return text
        if not own.subject and _only_blank(stripped, own.places):
            return text
        kept = [lines[at] for at in own.places]
        return "\n".join([own.subject, *kept] if self.subject and own.subject else kept)


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _only_blank(lines: list[str], kept: list[int]) -> bool:
    """Tell whether no line with words on it is left out; empty ones are another link's."""
    return sum(map(bool, lines)) == sum(bool(lines[at]) for at in kept)


def _only_markup(lines: Iterable[str]) -> bool:
    """Tell whether there are tags, fences and rules alone, of which other links leave nothing."""
    words = [line for line in lines if line]
    return bool(words) and not any(_MARKUP.sub("", unescape(line)) for line in words)
