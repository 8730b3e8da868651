"""`POST /v2/models/sortyard/infer`: one message an element of the input tensors."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from sortyard.domain.access import Scope
from sortyard.domain.errors import InvalidUsage
from sortyard.serving.http.describing import PROBLEMS, body_of
from sortyard.serving.http.leaving import unless_gone
from sortyard.serving.http.parts import Parts
from sortyard.serving.http.problems import Refused, problem_of
from sortyard.serving.http.reception import FRONT
from sortyard.serving.http.tensor_bytes import Given, Written, read_given
from sortyard.serving.http.tensor_json import InferBody, InferResult
from sortyard.serving.http.tracing import traced
from sortyard.serving.http.visit import Visit, visit_of
from sortyard.serving.intake import LONGEST_NAME, answer
from sortyard.serving.tensors import (
    MODEL,
    check_model,
    read_messages,
    read_parameters,
    write_outputs,
)

PATH = "/v2/models/{model}/infer"
BAD_REQUEST = 400  # what the protocol wants for whatever is wrong with a request
Name = Annotated[str, Path(min_length=1, max_length=LONGEST_NAME)]


def infer_routes(parts: Parts) -> APIRouter:
    """Give the route that answers tensors with tensors."""
    router = APIRouter(tags=["inference protocol"])
    described: dict[str, Any] = {
        "response_model": None,
        "responses": {200: {"model": InferResult}, **PROBLEMS},
        "openapi_extra": body_of(InferBody),
    }

    @router.post(PATH, summary="Answer the elements of tensors.", **described)
    async def infer(request: Request, model: Name) -> Response:
        return await _answer(parts, request, model)

    @router.post(
        "/v2/models/{model}/versions/{version}/infer",
        summary="Answer the elements of tensors with one version.",
        **described,
    )
    async def version_infer(request: Request, model: Name, version: Name) -> Response:
        return await _answer(parts, request, model, version)

    return router


async def _answer(parts: Parts, request: Request, model: str, version: str = "") -> Response:
    visit = visit_of(request)
    visit.need(Scope.CLASSIFY)
    check_model(model, version, parts.desk.readiness.release)
    given = await read_given(request)
    try:
        with traced(request, parts.tracing, PATH):
            return await unless_gone(request, _infer(parts, visit, given, version))
    except InvalidUsage as error:
        raise Refused(replace(problem_of(error), status=BAD_REQUEST)) from None


async def _infer(parts: Parts, visit: Visit, given: Given, version: str) -> Response:
    body, messages = given.body, read_messages(given.tensors(parts.intake), parts.intake)
    options = read_parameters(body.parameters or {})
    visit.messages = len(messages)
    served = await answer(parts.desk, messages, options, parts.intake, front=FRONT)
    visit.release = served.release
    # Another release may have begun to answer since the version was looked at.
    check_model(MODEL, version, served.release)
    written = Written()
    for tensor in write_outputs(served, [one.name for one in body.outputs or ()]):
        written.add(tensor, as_bytes=given.wants_bytes(tensor.name))
    named = {} if body.id is None else {"id": body.id}
    return written.response({"model_name": MODEL, "model_version": served.release, **named})
