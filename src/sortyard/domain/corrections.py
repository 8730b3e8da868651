"""What waits for a person, and what a person said after the machine."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sortyard.domain.predictions import Answer, Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """
    A message that waits for a person, or has been seen by one.

    `dimensions` are those of its answer that go to a person first; `opened` is when the message
    came in.
    """

    message_id: str
    release: str
    dimensions: tuple[str, ...]
    opened: datetime
    closed: datetime | None = None
    closed_by: str | None = None

    @classmethod
    def of(cls, answer: Answer, *, opened: datetime) -> Self | None:
        """Ask a person for every choice that is routed to one; None where none is."""
        dimensions = tuple(
            name for name, choice in answer.choices.items() if choice.route is Route.REVIEW
        )
        if not dimensions:
            return None
        return cls(
            message_id=answer.message_id,
            release=answer.release,
            dimensions=dimensions,
            opened=opened,
        )

    @property
    def is_waiting(self) -> bool:
        return self.closed is None

    def to_dict(self) -> dict[str, Any]:
        """Give plain JSON values."""
        return {
            "message": self.message_id,
            "release": self.release,
            "dimensions": list(self.dimensions),
            "opened": self.opened.isoformat(),
            "closed": None if self.closed is None else self.closed.isoformat(),
            "closed_by": self.closed_by,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """
    What a person said about one dimension of a message.

    `before` are the labels that the release answered, `after` those of the person, who may have
    confirmed them. Nothing is ever overwritten: whoever changes their mind says so once more.
    """

    message_id: str
    release: str
    dimension: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    reviewer: str
    at: datetime

    @property
    def agrees(self) -> bool:
        """Tell whether the person said the same as the machine."""
        return set(self.before) == set(self.after)

    def to_dict(self) -> dict[str, Any]:
        """Give plain JSON values; `from_dict` reads them back."""
        return {
            "message": self.message_id,
            "release": self.release,
            "dimension": self.dimension,
            "before": list(self.before),
            "after": list(self.after),
            "reviewer": self.reviewer,
            "at": self.at.isoformat(),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Read a correction back."""
        return cls(
            message_id=stored["message"],
            release=stored["release"],
            dimension=stored["dimension"],
            before=tuple(stored["before"]),
            after=tuple(stored["after"]),
            reviewer=stored["reviewer"],
            at=datetime.fromisoformat(stored["at"]),
        )
