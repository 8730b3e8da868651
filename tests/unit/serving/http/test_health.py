"""Whoever watches learns how the server is, and nothing of anybody."""

import asyncio
from threading import Event

import pytest

from sortyard.domain.access import Scope
from sortyard.domain.errors import StoreAway
from sortyard.models.classifier import Classifier
from sortyard.serving.access import Gate
from sortyard.serving.active import Active
from sortyard.serving.desk import Desk
from sortyard.serving.http.health import LOOK_EVERY, StoreWatch
from tests.contracts.desks import FakeClock
from tests.contracts.http_fronts import ELSEWHERE, Front, open_front
from tests.contracts.key_books import MadeKey, MemoryBook
from tests.contracts.loops import Loop


def test_a_process_that_runs_says_so(front: Front) -> None:
    assert front.get("/healthz", client=ELSEWHERE).json() == {"status": "ok"}


def test_a_desk_that_answers_is_ready(front: Front) -> None:
    answer = front.get("/readyz", client=ELSEWHERE)

    assert (answer.status_code, answer.json()) == (
        200,
        {"ready": True, "release": "r1", "current": True, "problem": None, "store": None},
    )


@pytest.mark.parametrize("path", ["/readyz", "/v2/health/ready"])
def test_a_desk_without_a_release_is_not_ready(loop: Loop, trained: Classifier, path: str) -> None:
    idle = Desk(Active(lambda: None, lambda _: trained))
    with open_front(loop, trained, desk=idle) as front:
        answer = front.get(path)

    assert (answer.status_code, answer.json()["ready"]) == (503, False)


def test_what_answers_though_it_should_not_is_said_in_words(
    loop: Loop, trained: Classifier
) -> None:
    shall_answer: list[str | None] = ["r1"]
    active = Active(lambda: shall_answer[0], trained.named)
    desk = Desk(active)
    loop.run(desk.start())
    with open_front(loop, trained, desk=desk) as front:
        shall_answer[0] = None
        loop.run(active.look())
        answer, served = front.get("/readyz"), front.post("/v1/classify", {"text": "printer"})
    loop.run(desk.close())

    assert (answer.status_code, served.json()["release"]) == (200, "r1")
    assert answer.json() == {
        "ready": True,
        "release": "r1",
        "current": False,
        "problem": "no release is promoted any more; r1 answers on",
        "store": None,
    }


def test_who_asks_it_something_is_told_to_come_back(loop: Loop, trained: Classifier) -> None:
    idle = Desk(Active(lambda: None, lambda _: trained))
    with open_front(loop, trained, desk=idle) as front:
        answer = front.post("/v1/classify", {"text": "printer"})

    assert (answer.status_code, answer.json()["code"]) == (503, "not-ready")
    assert int(answer.headers["retry-after"]) > 0


def _away() -> None:
    raise StoreAway("postgresql://somebody@db/store", "it does not answer")


@pytest.mark.parametrize(("ping", "state"), [(lambda: None, "reachable"), (_away, "away")])
def test_an_absent_store_is_told_and_makes_nothing_unready(
    loop: Loop, trained: Classifier, ping: object, state: str
) -> None:
    with open_front(loop, trained, store=ping) as front:
        answer = front.get("/readyz")

    assert (answer.status_code, answer.json()["store"]) == (200, state)


def test_the_store_is_asked_now_and_then_however_often_somebody_looks() -> None:
    clock, asked = FakeClock(), []

    async def look() -> list[str]:
        watch = StoreWatch(lambda: asked.append(1), clock)
        states = []
        for _ in range(8):
            states += [await watch.state()]
            clock.now += LOOK_EVERY / 2
        return states

    assert set(asyncio.run(look())) == {"reachable"}
    assert len(asked) == 4


def test_a_store_that_does_not_answer_holds_nobody_up() -> None:
    stuck = Event()

    async def look() -> str:
        async with asyncio.timeout(20):
            state = await StoreWatch(stuck.wait).state()
        stuck.set()
        return state

    assert asyncio.run(look()) == "away"


def test_metrics_are_for_this_machine_and_for_keys(loop: Loop, trained: Classifier) -> None:
    key = MadeKey.of("watcher", Scope.REVIEW)
    gate = Gate(MemoryBook([key.key]))
    gate.refresh()
    headers = {"authorization": key.authorization}
    with open_front(loop, trained, gate=gate) as front:
        here = front.get("/metrics")
        elsewhere = front.get("/metrics", client=ELSEWHERE)
        with_key = front.get("/metrics", client=ELSEWHERE, headers=headers)

    assert (here.status_code, elsewhere.status_code, with_key.status_code) == (200, 401, 200)
    assert (here.text, here.headers["content-type"]) == (
        "sortyard_up 1\n",
        "text/plain; version=0.0.4; charset=utf-8",
    )


def test_a_server_that_measures_nothing_says_so(loop: Loop, trained: Classifier) -> None:
    with open_front(loop, trained, metrics=None) as front:
        assert front.get("/metrics").status_code == 404
