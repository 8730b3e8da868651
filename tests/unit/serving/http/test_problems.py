"""Every error has one status, and no answer has words that were not written for it."""

import inspect

import pytest

from sortyard.domain import errors
from sortyard.domain.errors import SortyardError
from sortyard.domain.predictions import Failure
from sortyard.models.classifier import Classifier
from sortyard.serving.http.problems import STATUSES, problem_of, problem_of_failure
from tests.contracts.http_fronts import Front, open_front
from tests.contracts.loops import Loop
from tests.contracts.release_shelves import MemoryReleases
from tests.unit.domain.test_errors import EVERY, example_of

SECRET = "my card number is 4111"


@pytest.mark.parametrize("error", EVERY)
def test_an_error_becomes_the_status_of_its_code(error: type[SortyardError]) -> None:
    problem = problem_of(example_of(error))

    assert (problem.code, problem.status) == (error.code, STATUSES.get(error.code, 500))


@pytest.mark.parametrize("error", EVERY)
def test_only_a_caller_s_own_mistake_is_explained(error: type[SortyardError]) -> None:
    made = example_of(error)
    problem = problem_of(made)

    assert (problem.detail == made.problem) is (problem.status < 500)
    assert (problem.detail is None) is (problem.status >= 500)


def test_every_code_with_a_status_is_that_of_an_error() -> None:
    assert set(STATUSES) <= {error.code for error in EVERY}


@pytest.mark.parametrize(
    "error",
    [one for _, one in inspect.getmembers(errors, inspect.isclass) if hasattr(one, "retry_after")],
)
def test_what_passes_by_itself_says_when(error: type[SortyardError]) -> None:
    response = problem_of(example_of(error)).response("q")

    assert int(response.headers["retry-after"]) >= 1


def test_an_error_that_nobody_foresaw_has_no_words() -> None:
    problem = problem_of(RuntimeError(SECRET))

    assert (problem.status, problem.code, problem.detail) == (500, "internal", None)


def test_a_failure_inside_is_told_by_its_code() -> None:
    problem = problem_of_failure(Failure("t", "internal", SECRET))

    assert (problem.status, problem.detail) == (500, None)


def test_a_problem_is_a_problem_document(front: Front) -> None:
    answer = front.post("/v1/classify", {"text": "a", "options": {"dimensions": ["x"]}})
    found = answer.json()

    assert answer.headers["content-type"] == "application/problem+json"
    assert (found["type"], found["title"], found["status"]) == (
        "urn:sortyard:problem:unknown-dimension",
        "Unknown dimension",
        404,
    )
    assert found["request"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nothing", 404, "not-found"),
        ("GET", "/v1/classify", 405, "method-not-allowed"),
        ("GET", "/v1/classify/", 404, "not-found"),
        ("GET", "/v1/releases/a%20b", 422, "invalid-request"),
        ("GET", "/docs", 404, "not-found"),
        ("GET", "/redoc", 404, "not-found"),
    ],
)
def test_the_framework_s_own_refusals_are_problems_too(
    front: Front, method: str, path: str, status: int, code: str
) -> None:
    answer = front.ask(method, path)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_refused_method_says_which_are_not(front: Front) -> None:
    assert front.get("/v1/classify").headers["allow"] == "POST"


class BrokenReleases(MemoryReleases):
    """Releases that fail in a way that nobody foresaw."""

    def all(self) -> list[object]:  # type: ignore[override]
        raise RuntimeError(SECRET)


def test_a_fault_is_noted_and_answered_without_its_words(loop: Loop, trained: Classifier) -> None:
    with open_front(loop, trained, releases=BrokenReleases()) as front:
        answer = front.get("/v1/releases")
        ((fault, request),) = front.log.faults

    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert (str(fault), request) == (SECRET, answer.headers["x-request-id"])
    assert SECRET not in answer.text
    assert front.observer.named("request")[-1][1] == "internal"
