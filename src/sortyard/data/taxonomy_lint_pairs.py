"""What can be said about labels that may be taken for one another."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sortyard.data.forms import plain_form
from sortyard.data.taxonomy_finding import Finding, Severity
from sortyard.domain.label_names import alike_pairs
from sortyard.domain.taxonomy import SEPARATOR, Dimension, Kind, Label, Node, ancestors

TOO_CLOSE = 0.8  # cosine; with the default encoder, definitions of opposites lie just below
BLOCK = 1_000  # definitions compared at a time, to bound memory


def pair_findings(dimension: Dimension) -> Iterator[Finding]:
    """Hold the labels of one dimension against one another by their words."""
    yield from _overlapping_includes(dimension)
    yield from _included_below_what_excludes(dimension)
    yield from _shared_examples(dimension)
    yield from _same_definitions(dimension)
    yield from _alike_names(dimension)


def close_definitions(
    dimension: Dimension, embed: Callable[[Sequence[str]], NDArray[np.floating]]
) -> Iterator[Finding]:
    """Find definitions that mean nearly the same; a parent and its children may."""
    nodes = [node for node in dimension.nodes if node.label.definition.strip()]
    if not nodes:
        return
    vectors = np.asarray(embed([node.label.definition for node in nodes]), dtype=np.float64)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    for start in range(0, len(nodes), BLOCK):
        cosines = vectors[start : start + BLOCK] @ vectors.T
        for row, column in zip(*np.nonzero(cosines >= TOO_CLOSE), strict=True):
            one, other = nodes[start + int(row)], nodes[int(column)]
            if start + row < column and not _is_above(one, other) and not _say_the_same(one, other):
                yield Finding(
                    code="close-definitions",
                    severity=Severity.WARNING,
                    dimension=dimension.name,
                    path=other.path,
                    problem=(
                        f"Its definition means nearly the same as that of {one.path!r} "
                        f"(similarity {cosines[row, column]:.2f})."
                    ),
                    remedy="Say what tells the two apart, or merge them.",
                )


def _overlapping_includes(dimension: Dimension) -> Iterator[Finding]:
    for phrase, one, other in _shared(dimension, lambda label: label.includes):
        yield Finding(
            code="overlapping-includes",
            severity=Severity.WARNING,
            dimension=dimension.name,
            path=other.path,
            problem=f"{phrase!r} is included here and in {one.path!r}.",
            remedy="Keep it in one, and write the boundary rule into both.",
        )


def _shared_examples(dimension: Dimension) -> Iterator[Finding]:
    if dimension.kind is Kind.MULTI:
        return  # a message may carry both labels
    for text, one, other in _shared(dimension, lambda label: label.examples):
        yield Finding(
            code="shared-example",
            severity=Severity.ERROR,
            dimension=dimension.name,
            path=other.path,
            problem=f"{text!r} is an example here and of {one.path!r}, and only one can be right.",
            remedy="Keep it in one; in the other it makes a good counterexample.",
        )


def _same_definitions(dimension: Dimension) -> Iterator[Finding]:
    for _, one, other in _shared(dimension, lambda label: [label.definition]):
        yield Finding(
            code="same-definition",
            severity=Severity.ERROR,
            dimension=dimension.name,
            path=other.path,
            problem=f"It is defined in the words of {one.path!r}.",
            remedy="Say what tells the two apart, or merge them.",
        )


def _included_below_what_excludes(dimension: Dimension) -> Iterator[Finding]:
    excluding = {
        node.path: {plain_form(phrase) for phrase in node.label.excludes}
        for node in dimension.nodes
    }
    for node in dimension.nodes:
        for phrase in node.label.includes:
            for above in ancestors(node.path):
                if plain_form(phrase) in excluding[above]:
                    yield Finding(
                        code="included-below-what-excludes",
                        severity=Severity.ERROR,
                        dimension=dimension.name,
                        path=node.path,
                        problem=f"{phrase!r} is included here, and {above!r} above excludes it.",
                        remedy="Remove it from one of the two, or move the label elsewhere.",
                    )


def _alike_names(dimension: Dimension) -> Iterator[Finding]:
    finding = partial(
        Finding, code="alike-names", severity=Severity.WARNING, dimension=dimension.name
    )
    families: list[tuple[str, Iterable[Label]]] = [("", dimension.labels)]
    families += [(node.path + SEPARATOR, node.label.children) for node in dimension.nodes]
    for above, labels in families:
        for one, other in alike_pairs(label.name for label in labels):
            yield finding(
                path=above + other,
                problem=f"Its name is hard to tell from that of {above + one!r}.",
                remedy="Merge the two, or name each by what sets it apart.",
            )


def _shared(
    dimension: Dimension, texts: Callable[[Label], Iterable[str]]
) -> Iterator[tuple[str, Node, Node]]:
    """Find what two labels say in the same words, unless one stands above the other."""
    said: dict[str, Node] = {}
    for node in dimension.nodes:
        for form, text in {plain_form(text): text for text in texts(node.label)}.items():
            other = said.setdefault(form, node) if form else node
            if other is not node and not _is_above(other, node):
                yield text, other, node


def _say_the_same(one: Node, other: Node) -> bool:
    """Tell whether the words are the same, which is a finding of its own."""
    return plain_form(one.label.definition) == plain_form(other.label.definition)


def _is_above(one: Node, other: Node) -> bool:
    return one.path in ancestors(other.path) or other.path in ancestors(one.path)
