"""`POST /v1/classify`: one message or many."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from sortyard.domain.access import Scope
from sortyard.domain.facts import Facts, facts_of
from sortyard.domain.messages import Message
from sortyard.domain.predictions import Answer, Failure
from sortyard.serving.http.bodies import ClassifyMany, ClassifyOne
from sortyard.serving.http.describing import PROBLEMS, body_of
from sortyard.serving.http.explanations import check_explained, explanations, is_too_much
from sortyard.serving.http.leaving import unless_gone
from sortyard.serving.http.parts import Parts
from sortyard.serving.http.problems import Refused, problem_of_failure
from sortyard.serving.http.reading import checked, given, message_of, options_of, read_json
from sortyard.serving.http.reception import FRONT
from sortyard.serving.http.results import Result, Results
from sortyard.serving.http.tracing import traced
from sortyard.serving.http.visit import visit_of
from sortyard.serving.intake import Given, answer
from sortyard.serving.served import Options, Served

PATH = "/v1/classify"


def classify_routes(parts: Parts) -> APIRouter:
    """Give the route that classifies."""
    router = APIRouter(tags=["answers"])

    @router.post(
        PATH,
        summary="Classify one message, or many.",
        response_model=None,
        responses={200: {"model": Result | Results}, **PROBLEMS},
        openapi_extra=body_of(ClassifyOne, ClassifyMany),
    )
    async def classify(request: Request) -> Response:
        visit_of(request).need(Scope.CLASSIFY)
        body = await read_json(request)
        with traced(request, parts.tracing, PATH):
            facts = await unless_gone(request, _facts(parts, request, body))
        return Response(to_json(facts), media_type="application/json")

    return router


async def _facts(parts: Parts, request: Request, body: Any) -> Facts:  # noqa: ANN401 -- JSON
    if isinstance(body, dict) and "messages" in body:
        return await _many(parts, request, checked(ClassifyMany, body))
    return await _one(parts, request, checked(ClassifyOne, body))


async def _many(parts: Parts, request: Request, body: ClassifyMany) -> Facts:
    parts.intake.check_count(len(body.messages))
    messages = [given(value, place) for place, value in enumerate(body.messages, 1)]
    if body.options.explanation:
        check_explained(messages)
    served = await _served(parts, request, messages, options_of(body.options))
    results = [
        facts_of(one, served.taxonomy, release=served.release, dimensions=served.dimensions)
        for one in served.results
    ]
    if body.options.explanation:
        told: Facts = {}
        for place, (message, result) in enumerate(zip(messages, served.results, strict=True)):
            if isinstance(message, Message) and isinstance(result, Answer):
                if not is_too_much(told):  # or each of them would wait in vain, one after the other
                    told = await explanations(parts, visit_of(request), message, result)
                results[place] |= told
    return {"release": served.release, "results": results}


async def _one(parts: Parts, request: Request, body: ClassifyOne) -> Facts:
    message = message_of(body)
    served = await _served(parts, request, [message], options_of(body.options))
    (result,) = served.results
    if isinstance(result, Failure):
        raise Refused(problem_of_failure(result))
    facts = facts_of(result, served.taxonomy, dimensions=served.dimensions)
    if body.options.explanation:
        facts |= await explanations(parts, visit_of(request), message, result)
    return facts


async def _served(
    parts: Parts, request: Request, messages: Sequence[Given], options: Options
) -> Served:
    visit = visit_of(request)
    visit.messages = len(messages)
    served = await answer(parts.desk, messages, options, parts.intake, front=FRONT)
    visit.release = served.release
    return served
