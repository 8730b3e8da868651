"""What finds names and places, where a model of language is at hand."""

from collections.abc import Iterable
from typing import Protocol

from sortyard.text.personal.entities import Span


class NameFinder(Protocol):
    """Finds names of people and places, as a model of language sees them."""

    def find(self, text: str) -> Iterable[Span]:
        """Give `NAME` and `PLACE`, in the order of the text, none over another; never raise."""
        ...


class NoNames:
    """A `NameFinder` that knows nobody."""

    def find(self, text: str) -> Iterable[Span]:  # noqa: ARG002 -- it looks at nothing
        """Find none."""
        return ()
