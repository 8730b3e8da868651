"""`GET /v1/taxonomy`: the labels that answers are made of."""

from fastapi import APIRouter
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from sortyard.domain.access import Scope
from sortyard.domain.facts import facts_of_taxonomy
from sortyard.serving.http.describing import PROBLEMS
from sortyard.serving.http.parts import Parts
from sortyard.serving.http.results import TaxonomyResult
from sortyard.serving.http.visit import visit_of


def taxonomy_routes(parts: Parts) -> APIRouter:
    """Give the route that shows the taxonomy."""
    router = APIRouter(tags=["releases"])

    @router.get(
        "/v1/taxonomy",
        summary="The taxonomy of the release that answers.",
        response_model=None,
        responses={200: {"model": TaxonomyResult}, **PROBLEMS},
    )
    async def taxonomy(request: Request) -> Response:
        visit = visit_of(request)
        visit.need(Scope.CLASSIFY)
        found, visit.release = parts.desk.taxonomy, parts.desk.readiness.release
        facts = {"release": visit.release} | facts_of_taxonomy(found)
        return Response(to_json(facts), media_type="application/json")

    return router
