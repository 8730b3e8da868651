"""Long texts keep their beginning and their end."""

from dataclasses import dataclass
from typing import ClassVar

_CUT = "\n...\n"


@dataclass(frozen=True, slots=True)
class Window:
    """
    Keeps the first `head` and the last `tail` characters of a text that is longer than both.

    What a message is about is said at its start, and what its writer wants often at its end; the
    middle of a long one is a log, a thread or a contract. Nine in ten real messages are shorter
    than the default, which is twice what the encoder reads: the wording view gains by the rest.
    The cut falls between words where there is a space nearby, and three dots mark it.
    """

    head: int = 2_000
    tail: int = 500

    name: ClassVar[str] = "window"
    version: ClassVar[int] = 1

    def problems(self) -> tuple[str, ...]:
        return tuple(
            f"window: {option} is a number of characters from 0 up, not {value!r}"
            for option, value in (("head", self.head), ("tail", self.tail))
            if not isinstance(value, int) or value < 0
        )

    def __call__(self, text: str) -> str:
        if len(text) <= self.head + self.tail + len(_CUT):
            return text
        return self._beginning(text) + _CUT + self._end(text)

    def _beginning(self, text: str) -> str:
        kept = text[: self.head]
        words, space, _ = kept.rpartition(" ")
        near = space and self.head - len(words) < _NEARBY
        return (words if near else kept).rstrip()

    def _end(self, text: str) -> str:
        kept = text[len(text) - self.tail :]
        _, space, words = kept.partition(" ")
        near = space and self.tail - len(words) < _NEARBY
        return (words if near else kept).lstrip()


_NEARBY = 30  # characters; a longer "word" is no word, and may be cut
