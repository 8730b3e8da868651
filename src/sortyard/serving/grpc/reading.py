"""Messages and options as `sortyard.v1` sends them, turned into those of the domain."""

from collections.abc import Mapping
from math import isfinite

from sortyard.domain.errors import InvalidMessage
from sortyard.domain.messages import Message, MetadataValue
from sortyard.serving.grpc.generated import classifier_pb2 as wire
from sortyard.serving.intake import Given, failure, fresh_id, make_options
from sortyard.serving.served import Options


def message_of(given: wire.Message) -> Message:
    """Read one message, and name it if it has no name. Raises InvalidMessage."""
    name = given.id or fresh_id()
    return Message(name, given.text, given.subject or None, _metadata(given.metadata, name))


def given_of(given: wire.Message) -> Given:
    """Read one message, or say what is wrong with it."""
    try:
        return message_of(given)
    except InvalidMessage as error:
        return failure(error.message_id, error)


def options_of(given: wire.Options, *, within: float | None) -> Options:
    """Read what a request chooses; `within` is how long its caller waits, in seconds."""
    candidates = given.candidates if given.HasField("candidates") else None
    return make_options(given.dimensions, candidates, within)


def _metadata(given: Mapping[str, wire.Metadata], name: str) -> Mapping[str, MetadataValue]:
    return {key: _value(value, name) for key, value in given.items()}


def _value(given: wire.Metadata, name: str) -> MetadataValue:
    match given.WhichOneof("value"):
        case "text":
            return given.text
        case "integer":
            return given.integer
        case "truth":
            return given.truth
        case "number" if isfinite(given.number):
            return given.number
        case "number":
            raise InvalidMessage(name, "its metadata holds a number that is not finite")
        case _:
            raise InvalidMessage(name, "its metadata holds a name without a value")
