"""The shape of features.yaml, checked at the edge and turned into a domain value."""

from typing import Annotated

from pydantic import AfterValidator, Field

from sortyard.data.taxonomy_yaml import Place
from sortyard.data.yaml_schema import Entry, OneOrMore
from sortyard.domain.features import ColumnKind, Declaration, Measure

FORMAT = 1


def _with_words(said: list[str]) -> list[str]:
    if not all(phrase.strip() for phrase in said):
        raise ValueError("one of its words is blank")
    return said


Phrases = Annotated[OneOrMore, Field(min_length=1), AfterValidator(_with_words)]


class FeaturesEntry(Entry):
    """The whole file."""

    format: int = FORMAT
    metadata: dict[str, ColumnKind] = Field(default={}, min_length=1)
    text: list[Measure] = Field(default=[], min_length=1)
    keywords: dict[str, Phrases] = Field(default={}, min_length=1)

    def declaration(self) -> Declaration:
        return Declaration(
            metadata=dict(self.metadata),
            measures=tuple(dict.fromkeys(self.text)),
            keywords={name: tuple(phrases) for name, phrases in self.keywords.items()},
        )


def known_keys(_place: Place) -> tuple[str, ...]:
    """List the keys that the file may have."""
    return tuple(FeaturesEntry.model_fields)
