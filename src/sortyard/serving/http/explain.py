"""`POST /v1/explain`: why a label has the score that it has."""

from fastapi import APIRouter
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from sortyard.domain.access import Scope
from sortyard.domain.errors import InvalidMessage
from sortyard.domain.explanations import Explanation
from sortyard.domain.facts import facts_of_explanation
from sortyard.domain.messages import Message
from sortyard.serving.http.bodies import ExplainBody
from sortyard.serving.http.describing import PROBLEMS, body_of
from sortyard.serving.http.leaving import unless_gone
from sortyard.serving.http.parts import Parts
from sortyard.serving.http.reading import checked, message_of, read_json
from sortyard.serving.http.results import ExplainResult
from sortyard.serving.http.tracing import traced
from sortyard.serving.http.visit import visit_of

PATH = "/v1/explain"


def explain_routes(parts: Parts) -> APIRouter:
    """Give the route that explains."""
    router = APIRouter(tags=["answers"])

    @router.post(
        PATH,
        summary="Take the score of a label apart.",
        response_model=None,
        responses={200: {"model": ExplainResult}, **PROBLEMS},
        openapi_extra=body_of(ExplainBody),
    )
    async def explain(request: Request) -> Response:
        visit = visit_of(request)
        visit.need(Scope.CLASSIFY)
        body = checked(ExplainBody, await read_json(request))
        message = message_of(body)
        parts.intake.check(message)
        visit.messages = 1
        with traced(request, parts.tracing, PATH):
            found = await unless_gone(request, _explanation(parts, message, body))
        visit.release = found.release if found else parts.desk.readiness.release
        facts = {
            "id": message.id,
            "release": visit.release,
            "explanation": facts_of_explanation(found) if found else None,
        }
        return Response(to_json(facts), media_type="application/json")

    return router


async def _explanation(parts: Parts, message: Message, body: ExplainBody) -> Explanation | None:
    """Explain a message; None where preparation leaves nothing of it."""
    try:
        return await parts.desk.explain(message, body.dimension, label=body.label)
    except InvalidMessage:
        return None
