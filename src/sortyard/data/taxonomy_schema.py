"""The shape of taxonomy.yaml, checked at the edge and turned into domain values and back."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field

from sortyard.data.yaml_schema import Entry, OneOrMore
from sortyard.domain.taxonomy import (
    SEPARATOR,
    Condition,
    Counterexample,
    Dimension,
    Kind,
    Label,
    Taxonomy,
)

FORMAT = 1


def _label_name(name: str) -> str:
    if not name.strip() or SEPARATOR in name:
        raise ValueError(f"a label's name is not empty and has no {SEPARATOR!r}")
    return name


def _dimension_name(name: str) -> str:
    if not name.strip():
        raise ValueError("a dimension's name is not empty")
    return name


LabelName = Annotated[str, AfterValidator(_label_name)]
DimensionName = Annotated[str, AfterValidator(_dimension_name)]
Probability = Annotated[float, Field(ge=0.0, le=1.0)]
Cost = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]


class CounterexampleEntry(Entry):
    """A text that looks like a label and is not."""

    text: str
    why: str = ""


class LabelEntry(Entry):
    """One label; the fields stand in the order in which they are written."""

    definition: str = ""
    includes: list[str] = Field(default=[])
    excludes: list[str] = Field(default=[])
    boundary_rules: list[str] = Field(default=[])
    examples: list[str] = Field(default=[])
    counterexamples: list[CounterexampleEntry] = Field(default=[])
    minimum_confidence: Probability | None = None
    always_review: bool = False
    error_cost: Cost = 1.0
    children: "dict[LabelName, LabelEntry | None]" = Field(default={})

    @classmethod
    def of(cls, label: Label) -> Self:
        return cls(
            definition=label.definition,
            includes=list(label.includes),
            excludes=list(label.excludes),
            boundary_rules=list(label.boundary_rules),
            examples=list(label.examples),
            counterexamples=[
                CounterexampleEntry(text=one.text, why=one.why) for one in label.counterexamples
            ],
            minimum_confidence=label.minimum_confidence,
            always_review=label.always_review,
            error_cost=label.error_cost,
            children={child.name: cls.of(child) for child in label.children},
        )

    def label(self, name: str) -> Label:
        return Label(
            name=name,
            definition=self.definition,
            includes=tuple(self.includes),
            excludes=tuple(self.excludes),
            examples=tuple(self.examples),
            counterexamples=tuple(
                Counterexample(one.text, one.why) for one in self.counterexamples
            ),
            boundary_rules=tuple(self.boundary_rules),
            minimum_confidence=self.minimum_confidence,
            always_review=self.always_review,
            error_cost=self.error_cost,
            children=_labels(self.children),
        )


def _labels(entries: "dict[str, LabelEntry | None]") -> tuple[Label, ...]:
    return tuple((entry or LabelEntry()).label(name) for name, entry in entries.items())


class DimensionEntry(Entry):
    """One question and its labels."""

    kind: Kind = Kind.SINGLE
    question: str = ""
    minimum_confidence: Probability | None = None
    when: dict[DimensionName, OneOrMore | None] = Field(default={})
    labels: dict[LabelName, LabelEntry | None] = Field(min_length=1)

    @classmethod
    def of(cls, dimension: Dimension) -> Self:
        return cls(
            kind=dimension.kind,
            question=dimension.question,
            minimum_confidence=dimension.minimum_confidence,
            when={one.dimension: list(one.paths) or None for one in dimension.when},
            labels={label.name: LabelEntry.of(label) for label in dimension.labels},
        )

    def dimension(self, name: str) -> Dimension:
        return Dimension(
            name=name,
            kind=self.kind,
            question=self.question,
            minimum_confidence=self.minimum_confidence,
            when=tuple(Condition(one, tuple(paths or ())) for one, paths in self.when.items()),
            labels=_labels(self.labels),
        )


class TaxonomyEntry(Entry):
    """The whole file."""

    format: int = FORMAT
    version: Annotated[int, Field(ge=1)] = 1
    dimensions: dict[DimensionName, DimensionEntry] = Field(min_length=1)

    @classmethod
    def of(cls, taxonomy: Taxonomy) -> Self:
        return cls(
            version=taxonomy.version,
            dimensions={one.name: DimensionEntry.of(one) for one in taxonomy.dimensions},
        )

    def taxonomy(self) -> Taxonomy:
        return Taxonomy(
            version=self.version,
            dimensions=tuple(entry.dimension(name) for name, entry in self.dimensions.items()),
        )

    def content(self) -> dict[str, Any]:
        """Hold what is said, without what is left at its default."""
        said = self.model_dump(mode="json", exclude_defaults=True)["dimensions"]
        kinds = {name: {"kind": entry.kind.value} for name, entry in self.dimensions.items()}
        return {
            "format": self.format,
            "version": self.version,
            "dimensions": {name: kinds[name] | _without_empty(said[name]) for name in said},
        }


def _without_empty(said: Any) -> Any:  # noqa: ANN401 -- any part of the file
    """Say nothing where there is nothing to say: `refunds:` and not `refunds: {}`."""
    if isinstance(said, dict):
        return {key: _without_empty(value) for key, value in said.items()} or None
    return said


def known_keys(place: tuple[str | int, ...]) -> tuple[str, ...]:
    """List the keys that the file may have beside the one at this place."""
    entry: type[Entry] = LabelEntry
    if len(place) == 1:
        entry = TaxonomyEntry
    elif len(place) == len(("dimensions", "team", "kind")):
        entry = DimensionEntry
    elif isinstance(place[-2], int):
        entry = CounterexampleEntry
    return tuple(entry.model_fields)
