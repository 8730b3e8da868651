"""
What the serving core asks of whoever wires it.

Everything here may be called from the worker thread, so an implementation blocks at most for the
time of one write to a local disk.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Protocol, TypeAlias

from sortyard.domain.messages import Message
from sortyard.domain.records import KeptText, Record, TextForm
from sortyard.models.classifier import Classifier

Pointer: TypeAlias = Callable[[], str | None]  # names the release that shall answer
Load: TypeAlias = Callable[[str], Classifier]  # opens a release by its id, every file checked
Clock: TypeAlias = Callable[[], float]  # seconds from any start, which never jump
Now: TypeAlias = Callable[[], datetime]  # the time of day, in UTC


class Recorder(Protocol):
    """Keeps what was answered."""

    def keep(self, records: Sequence[Record]) -> None:
        """
        Keep records where no crash can take them; what returns is kept.

        Raises CannotKeep. The answers are not given then.
        """
        ...


class TextKeeper(Protocol):
    """Brings the words of a message into the form in which they may be kept."""

    def keep(self, message: Message) -> KeptText: ...

    def author(self, name: str) -> str | None:
        """Give the form in which an author is kept; None where none is."""
        ...


class NoRecorder:
    """A `Recorder` for a desk whose answers nobody keeps."""

    def keep(self, records: Sequence[Record]) -> None:
        """Let them go."""


class NoTexts:
    """A `TextKeeper` that keeps no word and no author."""

    def keep(self, message: Message) -> KeptText:  # noqa: ARG002 -- the port names it
        return KeptText(form=TextForm.NONE)

    def author(self, name: str) -> str | None:  # noqa: ARG002
        return None


def utc_now() -> datetime:
    """Tell the time of day of this machine."""
    return datetime.now(UTC)
