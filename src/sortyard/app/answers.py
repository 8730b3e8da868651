"""Answers as other programs read them: one JSON object, or one flat row, a message."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from sortyard.domain.predictions import Answer, Candidate, Choice, Failure
from sortyard.domain.taxonomy import Dimension, Kind, Taxonomy

Result: TypeAlias = Answer | Failure
Facts: TypeAlias = dict[str, Any]
LIST_SEPARATOR = ";"


def facts_of(result: Result, taxonomy: Taxonomy, *, release: str) -> Facts:
    """Put one answer into the object that scripts rely on."""
    if isinstance(result, Failure):
        error = {"code": result.code, "problem": result.problem}
        return {"id": result.message_id, "release": release, "error": error}
    dimensions = {
        dimension.name: _facts_of_choice(result[dimension.name], dimension)
        for dimension in taxonomy.dimensions
    }
    return {
        "id": result.message_id,
        "release": result.release,
        "degraded": result.degraded.value if result.degraded else None,
        "dimensions": dimensions,
    }


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


def _facts_of_choice(choice: Choice, dimension: Dimension) -> Facts:
    single = dimension.kind is Kind.SINGLE
    answer = {"label": choice.label} if single else {"labels": list(choice.labels)}
    return answer | {
        "confidence": _rounded(choice.confidence),
        "route": choice.route.value,
        "reason": choice.reason.value if choice.reason else None,
        "candidates": _facts_of_candidates(choice.candidates),
        "novelty": _rounded(choice.novelty),
        "stage": choice.stage.value if choice.stage else None,
        "source": choice.source.value,
        "rule": choice.rule,
    }


def _facts_of_candidates(candidates: tuple[Candidate, ...]) -> list[Facts]:
    return [{"label": one.label, "confidence": _rounded(one.confidence)} for one in candidates]


def _cells_of(choice: Choice) -> Iterator[tuple[str, str]]:
    name = choice.dimension
    yield name, LIST_SEPARATOR.join(choice.labels)
    yield f"{name}_confidence", "" if choice.confidence is None else f"{choice.confidence:.4f}"
    yield f"{name}_route", choice.route.value
    yield f"{name}_reason", choice.reason.value if choice.reason else ""
    candidates = _facts_of_candidates(choice.candidates)
    yield f"{name}_candidates", json.dumps(candidates, ensure_ascii=False) if candidates else ""


def _rounded(value: float | None) -> float | None:
    """Leave out digits that mean nothing."""
    return None if value is None else round(value, 6)
