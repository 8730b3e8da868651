"""What every link of the preparation chain looks like."""

from collections.abc import Mapping
from typing import ClassVar, Protocol, TypeAlias

Option: TypeAlias = str | int | float | bool


class Link(Protocol):
    """
    One step that a text goes through.

    A link is a frozen dataclass whose fields are its options. It never raises, whatever the text,
    and it changes nothing in a text that it has already been through. `version` goes up with
    every change that alters what comes out.
    """

    name: ClassVar[str]
    version: ClassVar[int]

    def __call__(self, text: str) -> str: ...

    def problems(self) -> tuple[str, ...]:
        """Every option that makes no sense."""
        ...


Described: TypeAlias = Mapping[str, str | int | Mapping[str, Option]]
