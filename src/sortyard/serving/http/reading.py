"""From the body of a request to values, checked."""

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, from_json
from starlette.requests import Request

from sortyard.domain.errors import InvalidMessage
from sortyard.domain.messages import Message
from sortyard.serving.http.bodies import MessageBody, OptionsBody
from sortyard.serving.http.problems import Finding, refused
from sortyard.serving.http.visit import header_of
from sortyard.serving.intake import Given, failure, fresh_id
from sortyard.serving.served import Options

JSON = "application/json"
MOST_FINDINGS = 20
LONGEST_POINTER = 200  # characters

Model = TypeVar("Model", bound=BaseModel)


async def read_json(request: Request, *, optional: bool = False) -> Any:  # noqa: ANN401 -- whatever JSON holds
    """Read the body as JSON. Raises Refused where it is something else."""
    body = await request.body()
    if optional and not body:
        return {}
    if media_type_of(request) != JSON:
        raise refused(415, f"The content type of the body is not {JSON}.")
    return parsed(body)


def media_type_of(request: Request) -> str:
    """Name the media type of the body, without its parameters; empty where none is said."""
    given = header_of(request.scope, b"content-type") or ""
    return given.partition(";")[0].strip().lower()


def parsed(body: bytes) -> Any:  # noqa: ANN401 -- as above
    """Parse JSON. Raises Refused where it is something else."""
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError:
        raise refused(400, "The body is not JSON.") from None


def checked(model: type[Model], value: object) -> Model:
    """Check a value against its schema. Raises Refused with everything that is wrong."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        findings = [Finding(_pointer(one), one["msg"]) for one in _wrong(error)]
        raise refused(422, "The body is not what is asked for.", *findings) from None


def message_of(body: MessageBody) -> Message:
    """Give the message that a body describes, with an id where it has none."""
    return Message(body.id or fresh_id(), body.text, body.subject, body.metadata)


def given(value: object, place: int) -> Given:
    """Read one message of many, counted from 1; one that cannot be used fails alone."""
    try:
        return message_of(MessageBody.model_validate(value))
    except ValidationError as error:
        wrong = _wrong(error)
    name = _id_of(value, wrong) or str(place)
    why = f"{_pointer(wrong[0]).lstrip('/') or 'all of it'}: {wrong[0]['msg'].lower()}"
    return failure(name, InvalidMessage(name, why))


def options_of(body: OptionsBody) -> Options:
    """Give what a request chose."""
    chosen = None if body.dimensions is None else tuple(body.dimensions)
    return Options(dimensions=chosen, candidates=body.candidates)


def _wrong(error: ValidationError) -> list[ErrorDetails]:
    """List what is wrong, without what was sent."""
    return error.errors(include_url=False, include_context=False, include_input=False)[
        :MOST_FINDINGS
    ]


def _id_of(value: object, wrong: Sequence[ErrorDetails]) -> str | None:
    """Give the id of a message that cannot be used, unless it is the id that is wrong."""
    if not isinstance(value, dict) or any(one["loc"][:1] == ("id",) for one in wrong):
        return None
    name = value.get("id")
    return name if isinstance(name, str) else None


def _pointer(finding: ErrorDetails) -> str:
    """Write a place as a JSON pointer; it may hold names that the caller made up, so it is cut."""
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in finding["loc"])
    return "".join(f"/{part}" for part in parts)[:LONGEST_POINTER]
