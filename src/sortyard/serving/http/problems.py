"""
What went wrong, as RFC 9457 tells it: the one place where errors become statuses.

A caller's own mistake is explained. Of the server's own trouble only its kind is told, for its
words may name files, addresses or what somebody wrote.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from pydantic_core import to_json
from starlette.responses import Response

from sortyard.domain import errors
from sortyard.domain.errors import SortyardError
from sortyard.domain.predictions import Failure

MEDIA_TYPE = "application/problem+json"
INTERNAL = "internal"
SERVER_ERROR = 500
NOTHING: Mapping[str, str] = {}

# What is not here is no fault of the caller, and a 500.
STATUSES: Mapping[str, int] = {
    errors.InvalidMessage.code: 422,
    errors.UnknownDimension.code: 404,
    errors.UnknownLabels.code: 404,
    errors.UnknownRelease.code: 404,
    errors.MissingBundle.code: 404,
    errors.InvalidUsage.code: 409,
    errors.GatesFailed.code: 409,
    errors.DamagedBundle.code: 409,
    errors.NewerFormat.code: 409,
    errors.TooLarge.code: 413,
    errors.Unauthorised.code: 401,
    errors.Forbidden.code: 403,
    errors.RateLimited.code: 429,
    errors.Overloaded.code: 503,
    errors.NotReady.code: 503,
    errors.CannotKeep.code: 503,
    errors.StoreAway.code: 503,
    errors.Busy.code: 503,
}
# Codes that only HTTP has.
PLAIN = {
    400: "invalid-request",
    404: "not-found",
    405: "method-not-allowed",
    408: "too-slow",
    413: errors.TooLarge.code,
    414: errors.TooLarge.code,
    415: "unsupported-media-type",
    422: "invalid-request",
    431: errors.TooLarge.code,
}
CHALLENGE = {"www-authenticate": 'Bearer realm="sortyard"'}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one part of a body; `pointer` is a JSON pointer to it."""

    pointer: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One answer that says no, before it is written out."""

    status: int
    code: str
    detail: str | None = None
    remedy: str | None = None
    retry_after: float | None = None
    findings: tuple[Finding, ...] = ()
    headers: Mapping[str, str] = field(default_factory=lambda: NOTHING)

    @property
    def title(self) -> str:
        return self.code.replace("-", " ").capitalize()

    def facts(self, request: str) -> dict[str, Any]:
        """Give the members of the problem document that there are."""
        members = {
            "type": f"urn:sortyard:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "remedy": self.remedy,
            "request": request,
            "errors": [{"pointer": one.pointer, "problem": one.problem} for one in self.findings],
        }
        return {name: value for name, value in members.items() if value not in (None, [])}

    def response(self, request: str, *, as_text: bool = False) -> Response:
        """
        Write it out.

        `as_text` adds the member `error`, where the Open Inference Protocol wants a text.
        """
        facts = self.facts(request)
        if as_text:
            facts["error"] = self.detail or self.title
        headers = dict(self.headers)
        if self.retry_after is not None:
            headers["retry-after"] = str(max(ceil(self.retry_after), 1))
        return Response(to_json(facts), self.status, headers, media_type=MEDIA_TYPE)


class Refused(Exception):
    """A request cannot be answered, for a reason that only HTTP knows."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def refused(status: int, detail: str, *findings: Finding, close: bool = False) -> Refused:
    """Refuse a request, and with `close` the rest of what its connection sends."""
    headers = {"connection": "close"} if close else NOTHING
    return Refused(
        Problem(
            status=status, code=PLAIN[status], detail=detail, findings=findings, headers=headers
        )
    )


def problem_of(error: Exception) -> Problem:
    """Say of an error what a caller may know."""
    if isinstance(error, Refused):
        return error.problem
    if not isinstance(error, SortyardError):
        return Problem(status=SERVER_ERROR, code=INTERNAL)
    status = STATUSES.get(error.code, SERVER_ERROR)
    told = status < SERVER_ERROR
    return Problem(
        status=status,
        code=error.code,
        detail=error.problem if told else None,
        remedy=error.remedy if told else None,
        retry_after=getattr(error, "retry_after", None),
        headers=CHALLENGE if error.code == errors.Unauthorised.code else NOTHING,
    )


def problem_of_failure(failure: Failure) -> Problem:
    """Say why the one message of a request has no answer."""
    status = STATUSES.get(failure.code, SERVER_ERROR)
    return Problem(
        status=status,
        code=failure.code,
        detail=failure.problem if status < SERVER_ERROR else None,
    )
