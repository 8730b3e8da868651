"""Which status a caller gets for an error: the one place where errors meet gRPC."""

from dataclasses import dataclass
from math import ceil
from typing import TypeAlias

import grpc

from sortyard.domain import errors
from sortyard.domain.errors import SortyardError

Trailers: TypeAlias = tuple[tuple[str, str], ...]

CODE = "sortyard-code"  # the trailers that carry what a program acts on
RETRY_AFTER = "retry-after"  # in seconds
PUSHBACK = "grpc-retry-pushback-ms"  # the same, for clients that retry by themselves
INTERNAL = "internal"
LONGEST_DETAILS = 500  # characters: they travel in a header, and the size of one is limited

# What a caller can do something about; it is told in words.
_ITS_OWN = {
    errors.InvalidMessage.code: grpc.StatusCode.INVALID_ARGUMENT,
    errors.InvalidUsage.code: grpc.StatusCode.INVALID_ARGUMENT,
    errors.TooLarge.code: grpc.StatusCode.INVALID_ARGUMENT,  # it fails however often it is tried
    errors.UnknownDimension.code: grpc.StatusCode.INVALID_ARGUMENT,
    errors.UnknownLabels.code: grpc.StatusCode.INVALID_ARGUMENT,
    errors.UnknownRelease.code: grpc.StatusCode.NOT_FOUND,
    errors.Unauthorised.code: grpc.StatusCode.UNAUTHENTICATED,
    errors.Forbidden.code: grpc.StatusCode.PERMISSION_DENIED,
    errors.RateLimited.code: grpc.StatusCode.RESOURCE_EXHAUSTED,
}
# What passes; only its kind is told, for the words may name files and addresses.
_PASSING = {
    errors.Overloaded.code,
    errors.NotReady.code,
    errors.CannotKeep.code,
    errors.StoreAway.code,
}


@dataclass(frozen=True, slots=True)
class Status:
    """How a call ends that has no answer."""

    code: grpc.StatusCode
    details: str
    trailers: Trailers


def status_of(error: Exception) -> Status:
    """Say of an error what a caller may know, and when to come back where that helps."""
    code = code_of(error)
    trailers: Trailers = ((CODE, code),)
    wait = retry_after(error)
    if wait is not None:
        trailers += ((RETRY_AFTER, str(ceil(wait))), (PUSHBACK, str(ceil(wait * 1_000))))
    passing = grpc.StatusCode.UNAVAILABLE if code in _PASSING else grpc.StatusCode.INTERNAL
    return Status(_ITS_OWN.get(code, passing), words_of(error), trailers)


def code_of(error: Exception) -> str:
    """Give the code under which a caller knows an error; `internal` for one of ours alone."""
    known = isinstance(error, SortyardError) and (error.code in _ITS_OWN or error.code in _PASSING)
    return error.code if isinstance(error, SortyardError) and known else INTERNAL


def words_of(error: Exception) -> str:
    """Give the words that a caller may read."""
    code = code_of(error)
    if code in _ITS_OWN:
        return str(error)[:LONGEST_DETAILS]
    return f"{code.replace('-', ' ').capitalize()}."


def retry_after(error: Exception) -> float | None:
    """Give the seconds after which it may work; None where waiting does not help."""
    wait = getattr(error, "retry_after", None)
    return wait if isinstance(wait, float | int) else None
