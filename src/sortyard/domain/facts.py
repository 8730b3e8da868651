"""Answers as other programs read them, whatever they come by: plain JSON values."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, TypeAlias

from sortyard.domain.explanations import Explanation
from sortyard.domain.predictions import Answer, Candidate, Choice, Failure
from sortyard.domain.taxonomy import Dimension, Kind, Taxonomy

Result: TypeAlias = Answer | Failure
Facts: TypeAlias = dict[str, Any]


def facts_of(
    result: Result,
    taxonomy: Taxonomy,
    *,
    release: str | None = None,
    dimensions: Iterable[str] | None = None,
) -> Facts:
    """
    Put one answer into the object that scripts rely on.

    `release` is what a failure names; an answer names its own. Without `dimensions` every one of
    the taxonomy is there.
    """
    if isinstance(result, Failure):
        error = {"code": result.code, "problem": result.problem}
        return {"id": result.message_id, "release": release, "error": error}
    names = taxonomy.names if dimensions is None else dimensions
    return {
        "id": result.message_id,
        "release": result.release,
        "degraded": result.degraded.value if result.degraded else None,
        "language": result.foreign.language if result.foreign else None,
        "translated": bool(result.foreign and result.foreign.translated),
        "dimensions": {name: _facts_of_choice(result[name], taxonomy[name]) for name in names},
    }


def facts_of_candidates(candidates: Iterable[Candidate]) -> list[Facts]:
    """Give candidates with their confidence, best first."""
    return [{"label": one.label, "confidence": _rounded(one.confidence)} for one in candidates]


def facts_of_explanation(explanation: Explanation) -> Facts:
    """Give the parts of a score; they add up to it exactly, so none of them is rounded."""
    facts = asdict(explanation)
    return {"id": facts.pop("message_id")} | facts


def facts_of_taxonomy(taxonomy: Taxonomy) -> Facts:
    """Give every dimension with its labels, in the order in which they are written."""
    return {
        "version": taxonomy.version,
        "hash": taxonomy.content_hash,
        "dimensions": [asdict(dimension) for dimension in taxonomy.dimensions],
    }


def _facts_of_choice(choice: Choice, dimension: Dimension) -> Facts:
    single = dimension.kind is Kind.SINGLE
    answer = {"label": choice.label} if single else {"labels": list(choice.labels)}
    return answer | {
        "confidence": _rounded(choice.confidence),
        "route": choice.route.value,
        "reason": choice.reason.value if choice.reason else None,
        "candidates": facts_of_candidates(choice.candidates),
        "novelty": _rounded(choice.novelty),
        "stage": choice.stage.value if choice.stage else None,
        "source": choice.source.value,
        "rule": choice.rule,
    }


def _rounded(value: float | None) -> float | None:
    """Leave out digits that mean nothing."""
    return None if value is None else round(value, 6)
