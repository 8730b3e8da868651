"""Answers as rows of a table: one flat row a message."""

import json
from collections.abc import Iterator, Mapping

from sortyard.domain.facts import Result, facts_of_candidates
from sortyard.domain.predictions import Choice, Failure
from sortyard.domain.taxonomy import Taxonomy

LIST_SEPARATOR = ";"


def columns(taxonomy: Taxonomy) -> tuple[str, ...]:
    """Name the columns of a table of answers."""
    own = ("", "_confidence", "_route", "_reason", "_candidates")
    names = [one.name + ending for one in taxonomy.dimensions for ending in own]
    return ("id", "release", *names, "error")


def row_of(result: Result, taxonomy: Taxonomy, *, release: str) -> Mapping[str, str]:
    """Put one answer into one row of cells; an answer that is missing is an empty cell."""
    row = dict.fromkeys(columns(taxonomy), "")
    row |= {"id": result.message_id, "release": release}
    if isinstance(result, Failure):
        return row | {"error": f"{result.code}: {result.problem}"}
    for name in taxonomy.names:
        row |= dict(_cells_of(result[name]))
    return row


def _cells_of(choice: Choice) -> Iterator[tuple[str, str]]:
    name = choice.dimension
    yield name, LIST_SEPARATOR.join(choice.labels)
    yield f"{name}_confidence", "" if choice.confidence is None else f"{choice.confidence:.4f}"
    yield f"{name}_route", choice.route.value
    yield f"{name}_reason", choice.reason.value if choice.reason else ""
    candidates = facts_of_candidates(choice.candidates)
    yield f"{name}_candidates", json.dumps(candidates, ensure_ascii=False) if candidates else ""
