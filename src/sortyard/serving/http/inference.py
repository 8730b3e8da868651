"""`/v2`: the Open Inference Protocol, as KServe, Triton and their clients speak it."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from sortyard.domain.access import Scope
from sortyard.domain.errors import NotReady
from sortyard.domain.facts import Facts
from sortyard.serving.http.describing import PROBLEMS
from sortyard.serving.http.parts import Parts
from sortyard.serving.http.tensor_json import (
    Live,
    ModelMetadata,
    ModelReady,
    ReadyV2,
    ServerMetadata,
)
from sortyard.serving.http.visit import visit_of
from sortyard.serving.intake import LONGEST_NAME
from sortyard.serving.tensors import INPUTS, MODEL, PLATFORM, Spec, check_model, outputs
from sortyard.serving.version import VERSION

EXTENSIONS = ("binary_tensor_data",)
Name = Annotated[str, Path(min_length=1, max_length=LONGEST_NAME)]


def inference_routes(parts: Parts) -> APIRouter:
    """Give the routes that tell about the server and its model; `infer` has a file of its own."""
    router = APIRouter(tags=["inference protocol"])
    _add_server(router, parts)
    _add_model(router, parts)
    _add_readiness(router, parts)
    return router


def _add_server(router: APIRouter, parts: Parts) -> None:
    @router.get(
        "/v2",
        summary="What server this is.",
        response_model=None,
        responses={200: {"model": ServerMetadata}, **PROBLEMS},
    )
    async def server(request: Request) -> Response:
        visit_of(request).need(Scope.CLASSIFY)
        return _json({"name": MODEL, "version": VERSION, "extensions": [*EXTENSIONS]})

    @router.get("/v2/health/live", summary="Whether the process runs.", response_model=Live)
    async def live() -> Response:
        return _json({"live": True})

    @router.get(
        "/v2/health/ready",
        summary="Whether messages are answered now.",
        response_model=ReadyV2,
        responses={503: {"model": ReadyV2, "description": "No message is answered now."}},
    )
    async def ready() -> Response:
        found = parts.desk.readiness.ready
        return _json({"ready": found}, status=200 if found else 503)


def _add_model(router: APIRouter, parts: Parts) -> None:
    described: dict[str, Any] = {
        "response_model": None,
        "responses": {200: {"model": ModelMetadata}, **PROBLEMS},
    }

    @router.get("/v2/models/{model}", summary="The tensors of the model.", **described)
    async def model(request: Request, model: Name) -> Response:
        visit_of(request).need(Scope.CLASSIFY)
        return _json(_metadata(parts, model))

    @router.get(
        "/v2/models/{model}/versions/{version}",
        summary="The tensors of one version of the model.",
        **described,
    )
    async def version(request: Request, model: Name, version: Name) -> Response:
        visit_of(request).need(Scope.CLASSIFY)
        return _json(_metadata(parts, model, version))


def _add_readiness(router: APIRouter, parts: Parts) -> None:
    described: dict[str, Any] = {
        "response_model": None,
        "responses": {200: {"model": ModelReady}, **PROBLEMS},
    }

    @router.get("/v2/models/{model}/ready", summary="Whether the model answers now.", **described)
    async def model_ready(request: Request, model: Name) -> Response:
        visit_of(request).need(Scope.CLASSIFY)
        _check(parts, model)
        return _json({"name": MODEL, "ready": True})

    @router.get(
        "/v2/models/{model}/versions/{version}/ready",
        summary="Whether one version of the model answers now.",
        **described,
    )
    async def version_ready(request: Request, model: Name, version: Name) -> Response:
        visit_of(request).need(Scope.CLASSIFY)
        _check(parts, model, version)
        return _json({"name": MODEL, "ready": True})


def _metadata(parts: Parts, model: str, version: str = "") -> Facts:
    release = _check(parts, model, version)
    return {
        "name": MODEL,
        "versions": [release],
        "platform": PLATFORM,
        "inputs": [_described(spec) for spec in INPUTS],
        "outputs": [_described(spec) for spec in outputs(parts.desk.taxonomy)],
    }


def _check(parts: Parts, model: str, version: str = "") -> str:
    """Give the release that answers, if it is what was asked for."""
    release = parts.desk.readiness.release
    if release is None:
        raise NotReady("no release is loaded")
    check_model(model, version, release)
    return release


def _described(spec: Spec) -> Facts:
    return {"name": spec.name, "datatype": spec.datatype.value, "shape": [-1]}


def _json(facts: Facts, *, status: int = 200) -> Response:
    return Response(to_json(facts), status, media_type="application/json")
