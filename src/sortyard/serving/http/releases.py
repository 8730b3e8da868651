"""`/v1/releases`: which releases there are, which one answers, and how to change that."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from sortyard.domain.access import Scope
from sortyard.domain.errors import UnknownRelease
from sortyard.domain.facts import Facts
from sortyard.serving.http.bodies import PromoteBody, RollbackBody
from sortyard.serving.http.describing import PROBLEMS, body_of
from sortyard.serving.http.parts import Parts
from sortyard.serving.http.ports import Release, Releases, Turn
from sortyard.serving.http.reading import checked, read_json
from sortyard.serving.http.results import ReleaseResult, ReleasesResult, TurnResult
from sortyard.serving.http.visit import visit_of

ROLLBACK = "rollback"
Name = Annotated[str, Path(pattern=r"^[0-9A-Za-z_-]{1,64}$", description="The id of a release.")]


def releases_routes(parts: Parts) -> APIRouter:
    """Give the routes that read and change which release answers."""
    router = APIRouter(tags=["releases"])
    _add_changes(router, parts)  # first, for what is no id of a release

    @router.get(
        "/v1/releases",
        summary="Every release, and which one answers.",
        response_model=None,
        responses={200: {"model": ReleasesResult}, **PROBLEMS},
    )
    async def releases(request: Request) -> Response:
        visit_of(request).need(Scope.CLASSIFY)
        ready = parts.desk.readiness
        found = await asyncio.to_thread(_releases(parts).all)
        facts = [_facts(one, ready.release) for one in found]
        return _json({"answering": ready.release, "problem": ready.problem, "releases": facts})

    @router.get(
        "/v1/releases/{release}",
        summary="What is known about one release.",
        response_model=None,
        responses={200: {"model": ReleaseResult}, **PROBLEMS},
    )
    async def release(request: Request, release: Name) -> Response:
        visit_of(request).need(Scope.CLASSIFY)
        if release == ROLLBACK:  # an address of its own, which nobody can get
            raise HTTPException(405, headers={"Allow": "POST"})
        found = await asyncio.to_thread(_releases(parts).find, release)
        return _json(_facts(found, parts.desk.readiness.release))

    return router


def _add_changes(router: APIRouter, parts: Parts) -> None:
    @router.post(
        f"/v1/releases/{ROLLBACK}",
        summary="Let the release before answer again.",
        response_model=None,
        responses={200: {"model": TurnResult}, **PROBLEMS},
        openapi_extra=body_of(RollbackBody, required=False),
    )
    async def roll_back(request: Request) -> Response:
        actor = visit_of(request).need(Scope.ADMIN).name
        body = checked(RollbackBody, await read_json(request, optional=True))
        turn = await asyncio.to_thread(
            _releases(parts).roll_back,
            body.release,
            at=parts.now(),
            force=body.force,
            actor=actor,
        )
        return _json(_facts_of_turn(turn))

    @router.post(
        "/v1/releases/{release}/promote",
        summary="Let a release answer.",
        response_model=None,
        responses={200: {"model": TurnResult}, **PROBLEMS},
        openapi_extra=body_of(PromoteBody, required=False),
    )
    async def promote(request: Request, release: Name) -> Response:
        actor = visit_of(request).need(Scope.ADMIN).name
        body = checked(PromoteBody, await read_json(request, optional=True))
        turn = await asyncio.to_thread(
            _releases(parts).promote, release, at=parts.now(), force=body.force, actor=actor
        )
        return _json(_facts_of_turn(turn))


def _releases(parts: Parts) -> Releases:
    """Give the releases; a server without a workspace knows none."""
    if parts.releases is None:
        raise UnknownRelease("", ())
    return parts.releases


def _facts(release: Release, answering: str | None) -> Facts:
    return {
        "id": release.id,
        "created": release.created,
        "recipe": release.recipe,
        "parents": release.parents,
        "passed": release.passed,
        "failures": release.failures,
        "figures": release.figures,
        "answering": release.id == answering,
    }


def _facts_of_turn(turn: Turn) -> Facts:
    return {
        "at": turn.at,
        "release": turn.release,
        "before": turn.before,
        "forced": turn.forced,
    }


def _json(facts: Facts) -> Response:
    return Response(to_json(facts), media_type="application/json")
