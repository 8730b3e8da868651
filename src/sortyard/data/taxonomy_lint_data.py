"""What can be said about a taxonomy and the labels that data really uses."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from sortyard.data.taxonomy_finding import Finding, Severity
from sortyard.domain.errors import did_you_mean, listing
from sortyard.domain.label_names import alike_pairs, words_of
from sortyard.domain.taxonomy import Dimension, Node, Taxonomy, ancestors


def data_findings(
    taxonomy: Taxonomy, data_labels: Mapping[str, Iterable[tuple[str, ...]]]
) -> Iterator[Finding]:
    """Find labels of one side only, names that drifted apart, and answers nobody asked for."""
    held = {name: tuple(rows) for name, rows in data_labels.items()}
    for name, rows in held.items():
        if name not in taxonomy.names:
            yield _unknown_dimension(name, taxonomy)
            continue
        counts = Counter(path for held in rows for path in held)
        yield from _unknown_labels(taxonomy[name], counts)
        yield from _labels_without_rows(taxonomy[name], counts)
        yield from _answered_unasked(taxonomy[name], held)


def _unknown_dimension(name: str, taxonomy: Taxonomy) -> Finding:
    return Finding(
        code="unknown-dimension",
        severity=Severity.ERROR,
        dimension=name,
        path="",
        problem="The data answers a question that the taxonomy does not ask.",
        remedy=f"{did_you_mean([name], taxonomy.names)}There is: {listing(taxonomy.names)}.",
    )


def _answered_unasked(
    dimension: Dimension, held: Mapping[str, tuple[tuple[str, ...], ...]]
) -> Iterator[Finding]:
    """Count the rows that answer a question of which the data says that it does not arise."""
    known = {one.dimension: held[one.dimension] for one in dimension.when if one.dimension in held}
    count = sum(
        bool(answer)
        and not dimension.is_asked({name: rows[at] for name, rows in known.items() if rows[at]})
        for at, answer in enumerate(held[dimension.name])
    )
    if count:
        subject = (
            "1 row of the data answers" if count == 1 else f"{count:,} rows of the data answer"
        )
        yield Finding(
            code="answered-unasked",
            severity=Severity.WARNING,
            dimension=dimension.name,
            path="",
            problem=f"{subject} it where its `when` does not hold.",
            remedy="These rows teach nothing: correct them, or widen `when`.",
        )


def _unknown_labels(dimension: Dimension, counts: Counter[str]) -> Iterator[Finding]:
    finding = partial(Finding, dimension=dimension.name)
    known = set(dimension.paths)
    unknown = [path for path in counts if path not in known]
    meant = _spellings(dimension, unknown)
    for path in sorted(unknown, key=lambda path: (-counts[path], path)):
        rows = "1 row" if counts[path] == 1 else f"{counts[path]:,} rows"
        if path in meant:
            yield finding(
                code="spelling-drift",
                severity=Severity.WARNING,
                path=meant[path],
                problem=f"{rows} of the data spell it {path!r}.",
                remedy="Use one spelling: correct the data, or rename the label.",
            )
        else:
            yield finding(
                code="unknown-label",
                severity=Severity.ERROR,
                path=path,
                problem=f"{rows} of the data use this label, and the taxonomy does not have it.",
                remedy="Add it to taxonomy.yaml with a definition, or relabel these rows.",
            )


def _spellings(dimension: Dimension, unknown: Iterable[str]) -> dict[str, str]:
    """Find the known label that an unknown one is a spelling of; the same words go first."""
    strange = set(unknown)
    meant: dict[str, str] = {}
    for pair in alike_pairs([*dimension.paths, *sorted(strange)]):
        known, other = pair
        if known in strange or other not in strange:
            continue
        if other not in meant or words_of(known) == words_of(other):
            meant[other] = known
    return meant


def _labels_without_rows(dimension: Dimension, counts: Counter[str]) -> Iterator[Finding]:
    used = {above for path in counts for above in (path, *ancestors(path))}
    for node in dimension.nodes:
        if node.is_leaf and node.path not in used:
            yield _without_rows(dimension, node)


def _without_rows(dimension: Dimension, node: Node) -> Finding:
    told = bool(node.label.definition.strip() or node.label.examples)
    known_by = "definition and examples" if told else "name"
    return Finding(
        code="no-rows",
        severity=Severity.NOTE if told else Severity.WARNING,
        dimension=dimension.name,
        path=node.path,
        problem=f"No row of the data has this label, so it is known by its {known_by} alone.",
        remedy=(
            "Label some messages with it; without rows nothing about it can be measured."
            if told
            else "Write its definition and examples, or remove it."
        ),
    )
