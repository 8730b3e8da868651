"""What a workspace declares that speaks beside the words of a message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ColumnKind(StrEnum):
    """How a column of the metadata is read."""

    CATEGORY = "category"
    LIST = "list"  # several values, with commas between them
    NUMBER = "number"
    TIME = "time"  # its weekday and its hour


class Measure(StrEnum):
    """What can be told of a text without a model."""

    FORMAT = "format"
    LENGTH = "length"
    READABILITY = "readability"
    FORMALITY = "formality"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """
    Which features the messages of a workspace have.

    `metadata` says how each column is read, `keywords` which words or phrases make an indicator.
    """

    metadata: Mapping[str, ColumnKind] = field(default_factory=dict)
    measures: tuple[Measure, ...] = ()
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.metadata or self.measures or self.keywords)


NOTHING_DECLARED = Declaration()
