"""A message with labels, and where the labels come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sortyard.domain.messages import Message


class Provenance(StrEnum):
    """Who put the labels on an example."""

    ARCHIVE = "archive"
    ANNOTATED = "annotated"
    CORRECTION = "correction"
    SILVER = "silver"
    SYNTHETIC = "synthetic"
    LLM = "llm"

    @property
    def is_gold(self) -> bool:
        """Whether a person stood behind the labels."""
        return self in {Provenance.ARCHIVE, Provenance.ANNOTATED, Provenance.CORRECTION}


@dataclass(frozen=True, slots=True)
class Example:
    """
    A labelled message.

    `labels` maps a dimension to its label paths: one for a `single` dimension, any number for a
    `multi` one. A dimension that is absent was not asked; an empty tuple means that no label holds.
    """

    message: Message
    labels: Mapping[str, tuple[str, ...]]
    provenance: Provenance = Provenance.ARCHIVE
