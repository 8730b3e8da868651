"""Answers that are known already: same release, same sight, same answer."""

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from sortyard.domain.predictions import Choice

Key: TypeAlias = tuple[str, int, Hashable]  # the release, how many candidates, and the sight
Choices: TypeAlias = Mapping[str, Choice]  # by dimension

# What an entry takes at most, measured on entries of the default size.
OVERHEAD = 1_000  # bytes, without its text, its choices and their candidates
PER_CHOICE, PER_CANDIDATE = 400, 120
WIDEST = 4  # bytes a character


@dataclass(frozen=True, slots=True)
class _Entry:
    choices: Choices
    bytes: int


class AnswerCache:
    """
    Remembers the latest answers of one release, bounded in number and in bytes.

    What was used longest ago goes first. It is for one thread at a time.
    """

    def __init__(self, *, entries: int, size: int) -> None:
        self._most_entries = entries
        self._most_bytes = size
        self._entries: OrderedDict[Key, _Entry] = OrderedDict()
        self._release: str | None = None
        self.bytes = 0  # as estimated from above

    def __len__(self) -> int:
        return len(self._entries)

    def turn_to(self, release: str | None) -> None:
        """Remember the answers of this release from now on, and forget those of any other."""
        if release != self._release:
            self._entries.clear()
            self.bytes = 0
            self._release = release

    def get(self, key: Key) -> Choices | None:
        """Look an answer up; None where it is not known."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        self._entries.move_to_end(key)
        return entry.choices

    def put(self, key: Key, choices: Choices, *, characters: int) -> None:
        """Remember the answer to a text of so many characters, if there is room for it."""
        size = _size(choices, characters)
        if key[0] != self._release or size > self._most_bytes or not self._most_entries:
            return
        old = self._entries.pop(key, None)
        self.bytes += size - (old.bytes if old else 0)
        self._entries[key] = _Entry(choices, size)
        while len(self._entries) > self._most_entries or self.bytes > self._most_bytes:
            _, dropped = self._entries.popitem(last=False)
            self.bytes -= dropped.bytes


def _size(choices: Choices, characters: int) -> int:
    parts = sum(PER_CHOICE + PER_CANDIDATE * len(one.candidates) for one in choices.values())
    return OVERHEAD + WIDEST * characters + parts
