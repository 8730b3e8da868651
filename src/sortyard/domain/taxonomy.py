"""The company's own labels: dimensions, label trees, and what each label means."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum

from sortyard.domain.errors import InvalidTaxonomy, UnknownDimension

SEPARATOR = "/"


class Kind(StrEnum):
    """How many labels of a dimension a message carries."""

    SINGLE = "single"
    MULTI = "multi"


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A text that looks like a label and is not, and why."""

    text: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One node of the taxonomy. Its path, `billing/refunds`, is its id."""

    name: str
    definition: str = ""
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    counterexamples: tuple[Counterexample, ...] = ()
    boundary_rules: tuple[str, ...] = ()
    minimum_confidence: float | None = None
    always_review: bool = False
    error_cost: float = 1.0
    children: tuple["Label", ...] = ()

    def problems(self, path: str) -> Iterator[str]:
        """Every rule that this label or a child of it breaks."""
        if not self.name.strip() or SEPARATOR in self.name:
            yield f"{path!r}: a label's name is not empty and has no {SEPARATOR!r}"
        least = self.minimum_confidence
        if least is not None and not 0.0 <= least <= 1.0:
            yield f"{path!r}: minimum_confidence lies between 0 and 1, not {least}"
        if not 0.0 <= self.error_cost < float("inf"):
            yield f"{path!r}: error_cost is a number from 0 up, not {self.error_cost}"
        yield from _problems_of_siblings(self.children, path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A label at its place in the tree."""

    path: str
    label: Label

    @property
    def parent(self) -> str | None:
        """The path one level up; none at the top."""
        return parent_of(self.path)

    @property
    def is_leaf(self) -> bool:
        return not self.label.children

    @property
    def card(self) -> str:
        """
        The label as one readable text: its path, definition, includes and examples.

        This is what a label without rows is recognised by.
        """
        words = self.path.replace(SEPARATOR, ": ").replace("_", " ")
        parts = [words, self.label.definition, ", ".join(self.label.includes)]
        return ". ".join(part.strip().rstrip(".") for part in parts if part.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """One question that is asked of every message."""

    name: str
    kind: Kind = Kind.SINGLE
    question: str = ""
    labels: tuple[Label, ...] = ()
    minimum_confidence: float | None = None

    def problems(self) -> Iterator[str]:
        """Every rule that this dimension breaks."""
        if not self.name.strip():
            yield "a dimension has no name"
        if not self.labels:
            yield f"dimension {self.name!r} has no labels"
        least = self.minimum_confidence
        if least is not None and not 0.0 <= least <= 1.0:
            yield f"{self.name!r}: minimum_confidence lies between 0 and 1, not {least}"
        yield from _problems_of_siblings(self.labels, "")

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Every label with its path, parents before their children."""
        return tuple(_walk(self.labels, ""))

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(node.path for node in self.nodes)

    @property
    def leaves(self) -> tuple[str, ...]:
        return tuple(node.path for node in self.nodes if node.is_leaf)

    @property
    def is_flat(self) -> bool:
        return not any(label.children for label in self.labels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxonomy:
    """All dimensions, versioned; two with the same content have the same hash."""

    dimensions: tuple[Dimension, ...]
    version: int = 1

    def __post_init__(self) -> None:
        problems = [problem for one in self.dimensions for problem in one.problems()]
        if not self.dimensions:
            problems.append("it has no dimensions")
        names = [one.name for one in self.dimensions]
        problems += [f"dimension {name!r} appears twice" for name in _repeated(names)]
        if self.version < 1:
            problems.append(f"version counts from 1, not {self.version}")
        if problems:
            raise InvalidTaxonomy("This taxonomy", problems)

    def __getitem__(self, name: str) -> Dimension:
        for dimension in self.dimensions:
            if dimension.name == name:
                return dimension
        raise UnknownDimension(name, self.names)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dimension.name for dimension in self.dimensions)

    @property
    def content_hash(self) -> str:
        """SHA-256 over the content; the version number is not part of it."""
        content = json.dumps(
            [asdict(one) for one in self.dimensions], sort_keys=True, ensure_ascii=False
        )
        return hashlib.sha256(content.encode()).hexdigest()


def parent_of(path: str) -> str | None:
    """Go one level up: `billing` for `billing/refunds`, none for `billing`."""
    head, separator, _ = path.rpartition(SEPARATOR)
    return head if separator else None


def ancestors(path: str) -> tuple[str, ...]:
    """List every path above this one, nearest first."""
    above: list[str] = []
    parent = parent_of(path)
    while parent is not None:
        above.append(parent)
        parent = parent_of(parent)
    return tuple(above)


def are_siblings(one: str, other: str) -> bool:
    """
    Tell whether two different labels have the same parent.

    Labels at the top of a tree have no parent, so they are no siblings.
    """
    parent = parent_of(one)
    return one != other and parent is not None and parent == parent_of(other)


def _walk(labels: tuple[Label, ...], above: str) -> Iterator[Node]:
    for label in labels:
        path = f"{above}{SEPARATOR}{label.name}" if above else label.name
        yield Node(path=path, label=label)
        yield from _walk(label.children, path)


def _problems_of_siblings(labels: tuple[Label, ...], above: str) -> Iterator[str]:
    for name in _repeated([label.name for label in labels]):
        yield f"{name!r} appears twice under {above or 'the top'!r}"
    for label in labels:
        yield from label.problems(f"{above}{SEPARATOR}{label.name}" if above else label.name)


def _repeated(names: list[str]) -> list[str]:
    return sorted(name for name, count in Counter(names).items() if count > 1)
