"""What a language gate needs of whatever tells languages apart."""

from collections.abc import Mapping
from typing import Protocol, TypeAlias

Chances: TypeAlias = Mapping[str, float]  # by the code of the language; at most one together


class Detector(Protocol):
    """Tells in which language some words are likely to be. It never raises, whatever they are."""

    @property
    def name(self) -> str:
        """Which one it is, and in which version; thresholds are only right for one."""
        ...

    @property
    def languages(self) -> frozenset[str]:
        """The codes of the languages that it can tell (ISO 639)."""
        ...

    def chances(self, words: str) -> Chances: ...
