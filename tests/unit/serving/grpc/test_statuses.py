"""Every error has one status, which the guide states."""

import re
from pathlib import Path

import grpc
import pytest

from sortyard.domain import errors
from sortyard.domain.errors import SortyardError
from sortyard.serving.grpc.statuses import INTERNAL, Status, status_of

PAGE = Path(__file__).resolve().parents[4] / "docs" / "guide" / "grpc.md"
ROW = re.compile(r"^\| `([A-Z_]+)` \| (.+) \|$", re.MULTILINE)
WORD = re.compile(r"`([a-z-]+)`")

EXAMPLES: tuple[SortyardError, ...] = (
    errors.InvalidMessage("m", "it has no text"),
    errors.InvalidUsage("It does not fit.", "Make it fit."),
    errors.TooLarge("The request", 5, "messages"),
    errors.UnknownDimension("teem", ["team"]),
    errors.UnknownLabels(["biling"], ["billing"], "The request"),
    errors.UnknownRelease("r2", ["r1"]),
    errors.Unauthorised(),
    errors.Forbidden("admin"),
    errors.RateLimited(60, 0.5),
    errors.Overloaded(1_024, 1.5),
    errors.NotReady("a file of this machine is damaged"),
    errors.CannotKeep("a file of this machine is full"),
    errors.StoreAway("a database of this machine", "it refuses"),
    errors.CannotWrite("a file of this machine", "it is full"),
)


def _code(status: Status) -> str:
    return dict(status.trailers)["sortyard-code"]


def test_the_guide_states_the_status_of_every_code() -> None:
    found: dict[str, set[str]] = {}
    for error in EXAMPLES:
        status = status_of(error)
        found.setdefault(status.code.name, set()).add(_code(status))

    stated = {name: set(WORD.findall(codes)) for name, codes in ROW.findall(PAGE.read_text())}
    assert found == stated


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda one: one.code)
def test_of_the_trouble_of_the_server_only_its_kind_is_told(error: SortyardError) -> None:
    """Its words may name files and addresses."""
    assert "of this machine" not in status_of(error).details


def test_an_error_that_is_none_of_ours_is_internal() -> None:
    status = status_of(RuntimeError("a secret"))

    assert (status.code, status.details) == (grpc.StatusCode.INTERNAL, "Internal.")
    assert _code(status) == INTERNAL


def test_the_caller_is_told_how_to_help_itself() -> None:
    assert "Did you mean 'team' for 'teem'?" in status_of(EXAMPLES[3]).details


def test_the_time_to_wait_is_rounded_up() -> None:
    """Who comes back as told does not come too early."""
    trailers = dict(status_of(errors.Overloaded(9, 1.2345)).trailers)

    assert (trailers["retry-after"], trailers["grpc-retry-pushback-ms"]) == ("2", "1235")


def test_details_fit_into_a_header() -> None:
    """However long the name of what was asked for, and in whatever script."""
    status = status_of(errors.InvalidMessage("😀" * 10_000, "it is long"))

    assert len(status.details.encode()) * 3 < 8_192
