"""What can be said about a label, or about a dimension, by itself."""

from collections import Counter
from collections.abc import Iterator
from functools import partial

from sortyard.data.forms import plain_form
from sortyard.data.taxonomy_finding import Finding, Severity
from sortyard.domain.label_names import words_of
from sortyard.domain.taxonomy import Dimension, Kind, Label, Node

# What the protocol asks of a label that people are to agree on.
EXAMPLES, COUNTEREXAMPLES = 5, 3
WORDS = 4  # a shorter definition says no more than a name
OUT_OF_REACH = 0.999  # a calibrated confidence is practically never higher


def dimension_findings(dimension: Dimension) -> Iterator[Finding]:
    """Look at the question as a whole."""
    finding = partial(Finding, dimension=dimension.name, path="")
    if dimension.kind is Kind.SINGLE and len(dimension.leaves) == 1:
        yield finding(
            code="one-label",
            severity=Severity.WARNING,
            problem="There is one label only, so there is nothing to decide.",
            remedy="Add the labels that the other messages carry, or remove the dimension.",
        )
    if not dimension.question:
        yield finding(
            code="no-question",
            severity=Severity.NOTE,
            problem="The dimension does not say what it asks.",
            remedy="Write its question, as you would put it to a new colleague.",
        )
    yield from _out_of_reach(dimension.minimum_confidence, dimension.name, "")


def label_findings(dimension: Dimension, node: Node) -> Iterator[Finding]:
    """Look at one label; what its children say is theirs."""
    yield from _thin(dimension, node)
    yield from _contradictions(dimension, node)
    yield from _repetitions(dimension, node)
    yield from _handling(dimension, node)
    yield from _out_of_reach(node.label.minimum_confidence, dimension.name, node.path)


def _thin(dimension: Dimension, node: Node) -> Iterator[Finding]:
    label, lacks = node.label, []
    if not label.definition.strip():
        lacks.append("no definition")
    elif len(label.definition.split()) < WORDS or _says_its_name(label):
        lacks.append("a definition that says no more than the name")
    if node.is_leaf and len(label.examples) < EXAMPLES:
        lacks.append(f"{len(label.examples)} of {EXAMPLES} examples")
    if node.is_leaf and len(label.counterexamples) < COUNTEREXAMPLES:
        lacks.append(f"{len(label.counterexamples)} of {COUNTEREXAMPLES} counterexamples")
    if lacks:
        yield Finding(
            code="thin-definition",
            severity=Severity.WARNING if "definition" in lacks[0] else Severity.NOTE,
            dimension=dimension.name,
            path=node.path,
            problem=f"It has {', '.join(lacks)}.",
            remedy="Write what belongs here and what only looks as if it did, and why.",
        )


def _says_its_name(label: Label) -> bool:
    return set(words_of(label.definition)) <= set(words_of(label.name))


def _contradictions(dimension: Dimension, node: Node) -> Iterator[Finding]:
    label = node.label
    finding = partial(Finding, severity=Severity.ERROR, dimension=dimension.name, path=node.path)
    for phrase in _in_both(label.includes, label.excludes):
        yield finding(
            code="included-and-excluded",
            problem=f"{phrase!r} is both included and excluded.",
            remedy="Remove it from one of the two lists.",
        )
    for text in _in_both(label.examples, [one.text for one in label.counterexamples]):
        yield finding(
            code="example-and-counterexample",
            problem=f"{text!r} is both an example and a counterexample.",
            remedy="Keep it where it belongs.",
        )


def _in_both(some: tuple[str, ...], others: list[str] | tuple[str, ...]) -> Iterator[str]:
    known = {plain_form(other) for other in others}
    return (one for one in some if plain_form(one) in known)


def _repetitions(dimension: Dimension, node: Node) -> Iterator[Finding]:
    label = node.label
    finding = partial(Finding, severity=Severity.NOTE, dimension=dimension.name, path=node.path)
    texts = [*label.examples, *(one.text for one in label.counterexamples)]
    if any(not text.strip() for text in [*texts, *label.includes, *label.excludes]):
        yield finding(
            code="empty-entry",
            problem="One of its lists has an empty entry.",
            remedy="Remove the entry.",
        )
    repeated = [
        form for form, count in Counter(map(plain_form, label.examples)).items() if count > 1
    ]
    for form in repeated:
        yield finding(
            code="repeated-example",
            problem=f"The example {form!r} appears more than once.",
            remedy="Replace it by one that shows something new.",
        )
    unexplained = sum(not one.why.strip() for one in label.counterexamples)
    if unexplained:
        yield finding(
            code="unexplained-counterexample",
            problem=f"{unexplained} of its counterexamples do not say why.",
            remedy="Say which rule keeps the text out, and where it belongs instead.",
        )


def _handling(dimension: Dimension, node: Node) -> Iterator[Finding]:
    label = node.label
    finding = partial(Finding, dimension=dimension.name, path=node.path)
    if len(label.children) == 1:
        yield finding(
            code="only-child",
            severity=Severity.NOTE,
            problem=f"{label.children[0].name!r} is its only child, so the two mean the same.",
            remedy="Add the other children, or make them one label.",
        )
    if label.always_review and label.minimum_confidence is not None:
        yield finding(
            code="idle-minimum-confidence",
            severity=Severity.NOTE,
            problem="It always goes to a person, so its minimum confidence changes nothing.",
            remedy="Remove one of the two.",
        )
    if label.error_cost == 0:
        yield finding(
            code="free-errors",
            severity=Severity.WARNING,
            problem="An error costs nothing here, so nothing keeps wrong answers out.",
            remedy="Give error_cost a number above 0; 1 is usual.",
        )


def _out_of_reach(minimum: float | None, dimension: str, path: str) -> Iterator[Finding]:
    if minimum is not None and minimum > OUT_OF_REACH:
        yield Finding(
            code="unreachable-minimum-confidence",
            severity=Severity.WARNING,
            dimension=dimension,
            path=path,
            problem=f"A minimum confidence of {minimum:g} is practically never reached.",
            remedy="Lower it, or say `always_review: true` if that is what is meant.",
        )
