"""The HTTP front, put together."""

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from sortyard.domain.errors import SortyardError
from sortyard.serving.http.classify import classify_routes
from sortyard.serving.http.describing import Api
from sortyard.serving.http.explain import explain_routes
from sortyard.serving.http.health import health_routes
from sortyard.serving.http.infer import infer_routes
from sortyard.serving.http.inference import inference_routes
from sortyard.serving.http.limits import Limiter
from sortyard.serving.http.parts import Parts
from sortyard.serving.http.problems import (
    PLAIN,
    SERVER_ERROR,
    Finding,
    Problem,
    Refused,
    problem_of,
)
from sortyard.serving.http.reception import PROTOCOL, Reception
from sortyard.serving.http.releases import releases_routes
from sortyard.serving.http.security import OPEN, Doorman
from sortyard.serving.http.taxonomy import taxonomy_routes
from sortyard.serving.http.visit import visit_of
from sortyard.serving.telemetry.logs import Log
from sortyard.serving.version import VERSION

ABOUT = "Sorts messages into a company's own labels, and knows how sure it is."
ROUTES = (
    classify_routes,
    explain_routes,
    taxonomy_routes,
    releases_routes,
    health_routes,
    inference_routes,
    infer_routes,
)
# FastAPI would trace and log by itself, with the words of exceptions, to whatever its environment
# names.
NO_TELEMETRY = TelemetryConfig(tracing=False, metrics=False, logs=False, auto_configure=False)


def make_app(parts: Parts) -> FastAPI:
    """
    Put the front together; it starts nothing.

    There are no pages that show the interface, since a browser would fetch their scripts from
    elsewhere; `/openapi.json` says the same.
    """
    app = Api(
        title="Sortyard",
        summary=ABOUT,
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=NO_TELEMETRY,
        middleware=[
            Middleware(Reception, observer=parts.observer, log=parts.log),
            Middleware(Doorman, gate=parts.gate),
            Middleware(Limiter, limits=parts.http, exempt=OPEN),
        ],
    )
    for routes in ROUTES:
        app.include_router(routes(parts))
    _add_problems(app, parts.log)
    return app


def _add_problems(app: FastAPI, log: Log) -> None:
    """Answer every error as a problem, whoever raised it."""

    async def answer(request: Request, error: Exception) -> Response:
        visit, problem = visit_of(request), _problem(error)
        if problem.status == SERVER_ERROR:
            log.fault(error, request=visit.request)
        visit.outcome = problem.code
        return problem.response(visit.request, as_text=request.url.path.startswith(PROTOCOL))

    for kind in (SortyardError, Refused, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, answer)


def _problem(error: Exception) -> Problem:
    if isinstance(error, HTTPException):
        code = PLAIN.get(error.status_code, PLAIN[400])
        return Problem(status=error.status_code, code=code, headers=error.headers or {})
    if isinstance(error, RequestValidationError):
        findings = tuple(Finding("/" + one["loc"][-1], one["msg"]) for one in error.errors())
        detail = "The address is not one that there is."
        return Problem(status=422, code=PLAIN[422], detail=detail, findings=findings)
    return problem_of(error)
