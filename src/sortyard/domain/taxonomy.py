"""The company's own labels: dimensions, label trees, and what each label means."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from typing import Any

from sortyard.domain.errors import InvalidTaxonomy, UnknownDimension, did_you_mean

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


@dataclass(frozen=True, slots=True)
class Condition:
    """
    What another dimension has to be answered with, for a question to be asked.

    One of these paths, or one below them; without paths any label will do.
    """

    dimension: str
    paths: tuple[str, ...] = ()

    def holds(self, labels: Iterable[str]) -> bool:
        """Tell whether an answer is as it has to be; a parent of a path is not sure enough."""
        given = tuple(labels)
        return any(is_under(label, self.paths) for label in given) if self.paths else bool(given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """
    One question that is asked of every message, or of those that fit all its conditions.

    `when` has the conditions; a dimension that has any is answered after those that they name.
    """

    name: str
    kind: Kind = Kind.SINGLE
    question: str = ""
    labels: tuple[Label, ...] = ()
    minimum_confidence: float | None = None
    when: tuple[Condition, ...] = ()

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

    def is_asked(self, answers: Mapping[str, Iterable[str]]) -> bool:
        """
        Tell whether the question is to be asked, by what other dimensions are answered with.

        A dimension that has no answer here forbids nothing.
        """
        return all(
            one.holds(answers[one.dimension]) for one in self.when if one.dimension in answers
        )


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
        problems += _problems_of_conditions({one.name: one for one in self.dimensions})
        if self.version < 1:
            problems.append(f"version counts from 1, not {self.version}")
        if problems:
            raise InvalidTaxonomy("This taxonomy", problems)

    def __getitem__(self, name: str) -> Dimension:
        for dimension in self.dimensions:
            if dimension.name == name:
                return dimension
        raise UnknownDimension(name, self.names)

    def only(self, names: Iterable[str]) -> "Taxonomy":
        """Keep some dimensions; what a condition says of the others is left out."""
        kept = set(names)
        return replace(
            self,
            dimensions=tuple(
                replace(one, when=tuple(each for each in one.when if each.dimension in kept))
                for one in self.dimensions
                if one.name in kept
            ),
        )

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dimension.name for dimension in self.dimensions)

    @property
    def content_hash(self) -> str:
        """SHA-256 over the content; the version number is not part of it."""
        content = json.dumps(
            [_content(one) for one in self.dimensions], sort_keys=True, ensure_ascii=False
        )
        return hashlib.sha256(content.encode()).hexdigest()


def in_turn(dimensions: Iterable[Dimension]) -> tuple[Dimension, ...]:
    """Put every dimension after those that its conditions look at."""
    named = {one.name: one for one in dimensions}
    return tuple(named[name] for name in TopologicalSorter(_asked_first(named)).static_order())


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


def is_under(label: str, paths: Iterable[str]) -> bool:
    """Tell whether a label is one of these paths, or lies below one."""
    return not {label, *ancestors(label)}.isdisjoint(paths)


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


def _content(dimension: Dimension) -> dict[str, Any]:
    """Hold all that is said; without conditions nothing, so that old taxonomies keep their hash."""
    said = asdict(dimension)
    return said if dimension.when else {name: said[name] for name in said if name != "when"}


def _asked_first(dimensions: Mapping[str, Dimension]) -> dict[str, list[str]]:
    return {
        name: [each.dimension for each in one.when if each.dimension in dimensions]
        for name, one in dimensions.items()
    }


def _problems_of_conditions(dimensions: Mapping[str, Dimension]) -> Iterator[str]:
    for name, dimension in dimensions.items():
        for condition in dimension.when:
            if condition.dimension not in dimensions:
                guess = did_you_mean([condition.dimension], dimensions)
                yield f"{name!r}: when names no dimension: {condition.dimension!r}. {guess}".strip()
                continue
            known = dimensions[condition.dimension].paths
            for path in condition.paths:
                if path not in known:
                    guess = did_you_mean([path], known)
                    yield (
                        f"{name!r}: when names a label that {condition.dimension!r} does not have: "
                        f"{path!r}. {guess}".strip()
                    )
    try:
        TopologicalSorter(_asked_first(dimensions)).prepare()
    except CycleError as error:
        _, circle = error.args
        yield f"dimensions wait for each other in a circle: {' > '.join(map(repr, circle))}"


def _repeated(names: list[str]) -> list[str]:
    return sorted(name for name, count in Counter(names).items() if count > 1)
