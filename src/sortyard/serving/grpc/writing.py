"""Answers of the domain, turned into those that `sortyard.v1` sends."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from sortyard.domain.errors import SortyardError
from sortyard.domain.explanations import Explanation
from sortyard.domain.predictions import (
    Answer,
    Choice,
    Degradation,
    Failure,
    Reason,
    Route,
    Source,
    Stage,
)
from sortyard.serving.grpc.generated import classifier_pb2 as wire
from sortyard.serving.grpc.statuses import code_of, retry_after, words_of


def _names(kind: type[StrEnum]) -> Mapping[StrEnum | None, str]:
    """Give the names of an enumeration as the protocol has them: `Route.AUTO` is `ROUTE_AUTO`."""
    prefix = kind.__name__.upper()
    return {None: f"{prefix}_UNSPECIFIED"} | {one: f"{prefix}_{one.name}" for one in kind}


ROUTES, REASONS, STAGES = _names(Route), _names(Reason), _names(Stage)
SOURCES, DEGRADATIONS = _names(Source), _names(Degradation)


def write_result(result: Answer | Failure, dimensions: Sequence[str]) -> wire.Result:
    """Put the answer to one message, or its failure, on the wire."""
    if isinstance(result, Failure):
        return wire.Result(
            id=result.message_id, error=wire.Error(code=result.code, problem=result.problem)
        )
    return wire.Result(
        id=result.message_id,
        answer=wire.Answer(
            release=result.release,
            degraded=DEGRADATIONS[result.degraded],
            language=result.foreign.language if result.foreign else "",
            translated=bool(result.foreign and result.foreign.translated),
            choices=[_choice(result[name]) for name in dimensions],
        ),
    )


def write_refusal(message_id: str, error: SortyardError) -> wire.Result:
    """Put an error that belongs to one message of a stream in the place of its answer."""
    return wire.Result(
        id=message_id,
        error=wire.Error(
            code=code_of(error), problem=words_of(error), retry_after=retry_after(error)
        ),
    )


def write_explanation(explanation: Explanation) -> wire.ExplainResponse:
    """Put an explanation on the wire."""
    return wire.ExplainResponse(
        id=explanation.message_id,
        release=explanation.release,
        dimension=explanation.dimension,
        label=explanation.label,
        score=explanation.score,
        constant=explanation.constant,
        nearest=explanation.nearest,
        terms=[
            wire.Term(text=one.text, view=one.view, contribution=one.contribution)
            for one in explanation.terms
        ],
        look_alikes=[
            wire.LookAlike(id=one.id, labels=one.labels, similarity=one.similarity, text=one.text)
            for one in explanation.look_alikes
        ],
        reranked=explanation.reranked,
    )


def _choice(choice: Choice) -> wire.Choice:
    return wire.Choice(
        dimension=choice.dimension,
        labels=choice.labels,
        confidence=choice.confidence,
        route=ROUTES[choice.route],
        reason=REASONS[choice.reason],
        candidates=[
            wire.Candidate(label=one.label, confidence=one.confidence) for one in choice.candidates
        ],
        novelty=choice.novelty,
        stage=STAGES[choice.stage],
        source=SOURCES[choice.source],
        rule=choice.rule,
    )
