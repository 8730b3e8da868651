"""Say everything at once that makes a taxonomy hard to learn or hard to apply."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sortyard.data.taxonomy_finding import Finding, Severity
from sortyard.data.taxonomy_lint_data import data_findings
from sortyard.data.taxonomy_lint_labels import dimension_findings, label_findings
from sortyard.data.taxonomy_lint_pairs import close_definitions, pair_findings
from sortyard.domain.taxonomy import Dimension, Taxonomy

Embed: TypeAlias = Callable[[Sequence[str]], NDArray[np.floating]]  # texts → (texts, numbers)
DataLabels: TypeAlias = Mapping[str, Iterable[tuple[str, ...]]]  # by dimension, one tuple a row

__all__ = ["Finding", "Severity", "lint"]

_WORST_FIRST = list(Severity)


def lint(
    taxonomy: Taxonomy, *, data_labels: DataLabels | None = None, embed: Embed | None = None
) -> tuple[Finding, ...]:
    """
    Look for thin, overlapping and contradictory labels; the worst findings come first.

    With `data_labels` the names are held against those that the data uses, with `embed` the
    definitions against one another by meaning.
    """
    findings = chain.from_iterable(
        _of_dimension(dimension, embed) for dimension in taxonomy.dimensions
    )
    of_data = () if data_labels is None else data_findings(taxonomy, data_labels)
    return tuple(sorted([*findings, *of_data], key=lambda one: _WORST_FIRST.index(one.severity)))


def _of_dimension(dimension: Dimension, embed: Embed | None) -> Iterator[Finding]:
    yield from dimension_findings(dimension)
    for node in dimension.nodes:
        yield from label_findings(dimension, node)
    yield from pair_findings(dimension)
    if embed is not None:
        yield from close_definitions(dimension, embed)
