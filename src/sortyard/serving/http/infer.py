"""`POST /v2/models/sortyard/infer`: one message an element of the input tensors."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from sortyard.domain.access import Scope
from sortyard.domain.errors import InvalidUsage
from sortyard.domain.facts import Facts
from sortyard.serving.http.describing import PROBLEMS, body_of
from sortyard.serving.http.leaving import unless_gone
from sortyard.serving.http.parts import Parts
from sortyard.serving.http.problems import Refused, problem_of
from sortyard.serving.http.reading import checked, read_json
from sortyard.serving.http.reception import FRONT
from sortyard.serving.http.tensor_json import InferBody, InferResult, InferTensor
from sortyard.serving.http.tracing import traced
from sortyard.serving.http.visit import Visit, visit_of
from sortyard.serving.intake import LONGEST_NAME, answer
from sortyard.serving.tensors import (
    MODEL,
    Tensor,
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
    body = checked(InferBody, await read_json(request))
    try:
        with traced(request, parts.tracing, PATH):
            facts = await unless_gone(request, _infer(parts, visit, body, version))
    except InvalidUsage as error:
        raise Refused(replace(problem_of(error), status=BAD_REQUEST)) from None
    return Response(to_json(facts), media_type="application/json")


async def _infer(parts: Parts, visit: Visit, body: InferBody, version: str) -> Facts:
    messages = read_messages([_tensor(one) for one in body.inputs])
    options = read_parameters(body.parameters or {})
    visit.messages = len(messages)
    served = await answer(parts.desk, messages, options, parts.intake, front=FRONT)
    visit.release = served.release
    # Another release may have begun to answer since the version was looked at.
    check_model(MODEL, version, served.release)
    wanted = [one.name for one in body.outputs or ()]
    return {
        "model_name": MODEL,
        "model_version": served.release,
        **({} if body.id is None else {"id": body.id}),
        "outputs": [_facts(one) for one in write_outputs(served, wanted)],
    }


def _tensor(body: InferTensor) -> Tensor:
    return Tensor(body.name, body.datatype, tuple(body.shape), list(_flat(body.data)))


def _flat(data: Sequence[Any]) -> Iterator[Any]:
    """Lay nested rows out; the reader of JSON has bounded how deep they are."""
    for element in data:
        if isinstance(element, list):
            yield from _flat(element)
        else:
            yield element


def _facts(tensor: Tensor) -> Facts:
    return {
        "name": tensor.name,
        "datatype": tensor.datatype,
        "shape": tensor.shape,
        "data": tensor.elements,
    }
