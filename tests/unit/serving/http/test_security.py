"""Nobody gets in who should not, whatever the request looks like."""

from collections.abc import Iterator
from typing import Any

import pytest

from sortyard.domain.access import Scope
from sortyard.models.classifier import Classifier
from sortyard.serving.access import Gate
from sortyard.serving.http.security import OPEN, OPEN_ON_THIS_MACHINE
from tests.contracts.http_fronts import ELSEWHERE, Front, open_front
from tests.contracts.key_books import MadeKey, MemoryBook
from tests.contracts.loops import Loop

PATH = "/v1/classify"
BODY = {"text": "printer"}
KEY = MadeKey.of("reader", Scope.CLASSIFY)
NOTHING = MadeKey.of("nothing")
SLOW = MadeKey.of("slow", Scope.CLASSIFY, per_minute=1)


@pytest.fixture(scope="module")
def guarded(loop: Loop, trained: Classifier) -> Iterator[Front]:
    gate = Gate(MemoryBook([KEY.key, NOTHING.key, SLOW.key]))
    gate.refresh()
    with open_front(loop, trained, gate=gate) as front:
        yield front


def test_with_a_key_a_caller_is_let_in_from_anywhere(guarded: Front) -> None:
    headers = {"authorization": KEY.authorization}

    assert guarded.post(PATH, BODY, client=ELSEWHERE, headers=headers).status_code == 200


def test_without_one_nobody_is_and_is_told_how(guarded: Front) -> None:
    answer = guarded.post(PATH, BODY)

    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorised")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_two_keys_are_none(guarded: Front) -> None:
    headers = [("authorization", KEY.authorization), ("authorization", NOTHING.authorization)]

    assert guarded.post(PATH, BODY, headers=headers).status_code == 401


def test_a_key_in_the_address_is_none(guarded: Front) -> None:
    secret = KEY.authorization.removeprefix("Bearer ")

    assert guarded.post(f"{PATH}?authorization={secret}&key={secret}", BODY).status_code == 401


def test_a_key_that_asks_too_often_waits(guarded: Front) -> None:
    headers = {"authorization": SLOW.authorization}
    first, second = (guarded.post(PATH, BODY, headers=headers) for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 429)
    assert int(second.headers["retry-after"]) > 0


def test_a_body_is_not_read_before_its_caller_is_known(guarded: Front) -> None:
    answer = guarded.ask("POST", PATH, content=b"{", headers={"content-type": "application/json"})

    assert answer.status_code == 401


def _routes(front: Front) -> Iterator[tuple[str, str]]:
    for path, operations in front.app.openapi()["paths"].items():
        for method in operations:
            yield method.upper(), path.replace("{release}", "r1").replace("{model}", "sortyard")


def test_every_route_needs_a_key_but_the_open_ones(guarded: Front) -> None:
    statuses = {
        path: guarded.ask(method, path, client=ELSEWHERE).status_code
        for method, path in _routes(guarded)
    }
    let_in = {path for path, status in statuses.items() if status != 401}

    assert let_in == OPEN - {"/openapi.json"}
    assert guarded.get("/openapi.json", client=ELSEWHERE).status_code == 200


def test_no_route_answers_a_key_that_opens_nothing(guarded: Front) -> None:
    headers = {"authorization": NOTHING.authorization}
    statuses = {
        path: guarded.ask(method, path, json={}, headers=headers).status_code
        for method, path in _routes(guarded)
        if path not in OPEN | OPEN_ON_THIS_MACHINE
    }

    assert set(statuses.values()) == {403}, statuses


def test_the_interface_says_which_routes_need_a_key(guarded: Front) -> None:
    document = guarded.app.openapi()
    free = {
        path
        for path, operations in document["paths"].items()
        for operation in operations.values()
        if operation["security"] == []
    }

    assert free == OPEN - {"/openapi.json"}


OUTSIDE: dict[str, dict[str, Any]] = {
    "from another machine": {"client": ELSEWHERE},
    "through a proxy": {"headers": {"x-forwarded-for": "192.0.2.7"}},
    "through another kind of proxy": {"headers": {"forwarded": "for=192.0.2.7"}},
    "through a third": {"headers": {"via": "1.1 proxy"}},
    "by a page of another site": {"headers": {"origin": "https://evil.example"}},
    "by a page without a site": {"headers": {"origin": "null"}},
    "by a page on another port": {"headers": {"origin": "http://127.0.0.1:3000"}},
    "by a name that was made to mean this machine": {"host": "evil.example:8080"},
    "by such a name with an origin to match": {
        "host": "evil.example",
        "headers": {"origin": "http://evil.example"},
    },
}


@pytest.mark.parametrize("given", OUTSIDE.values(), ids=OUTSIDE)
def test_without_any_key_only_programs_of_this_machine_are_let_in(
    front: Front, given: dict[str, Any]
) -> None:
    assert front.post(PATH, BODY, **given).status_code == 401


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1", "[::1]:8080"])
def test_this_machine_may_be_called_by_any_of_its_names(front: Front, host: str) -> None:
    assert front.post(PATH, BODY, host=host).status_code == 200


def test_a_page_of_the_server_itself_is_let_in(front: Front) -> None:
    headers = {"origin": "http://127.0.0.1:8080"}

    assert front.post(PATH, BODY, headers=headers).status_code == 200


def test_no_other_site_may_read_an_answer(front: Front) -> None:
    headers = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    answer = front.ask("OPTIONS", PATH, headers=headers)

    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("path", ["/healthz", PATH, "/v1/nothing"])
def test_every_answer_says_to_browsers_what_it_is_not(front: Front, path: str) -> None:
    headers = front.get(path).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers


def test_only_tls_promises_tls(front: Front) -> None:
    assert "strict-transport-security" not in front.get("/healthz").headers


@pytest.mark.parametrize("given", ["q-1", "a.b:c_d-9"])
def test_a_request_keeps_the_id_that_it_came_with(front: Front, given: str) -> None:
    answer = front.get("/healthz", headers={"x-request-id": given})

    assert answer.headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "a b", "x" * 129, "<script>", "ä"])
def test_an_id_that_could_do_harm_is_replaced(front: Front, given: str) -> None:
    answer = front.get("/healthz", headers={"x-request-id": given.encode("latin-1")})

    assert len(answer.headers["x-request-id"]) == 32
