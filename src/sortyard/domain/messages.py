"""What comes in: a text with an id, an optional subject and metadata."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from sortyard.domain.errors import InvalidMessage

MetadataValue: TypeAlias = str | int | float | bool
NOTHING: Mapping[str, MetadataValue] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Message:
    """One incoming text. `metadata` holds whatever else its source knew."""

    id: str
    text: str
    subject: str | None = None
    metadata: Mapping[str, MetadataValue] = field(default_factory=lambda: NOTHING)

    def __post_init__(self) -> None:
        if not self.id:
            raise InvalidMessage(self.id, "it has no id")

    @property
    def whole(self) -> str:
        """The subject and the text, as a reader sees them."""
        return f"{self.subject}\n{self.text}" if self.subject else self.text
