"""A request is refused at the byte that is too many, and the moment that is too late."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from sortyard.models.classifier import Classifier
from sortyard.serving.http.limits import HttpLimits
from tests.contracts.desks import WatchedEncoder, watched
from tests.contracts.http_fronts import Front, open_front
from tests.contracts.loops import PATIENCE, Loop

PATH = "/v1/classify"
JSON = {"content-type": "application/json"}
LIMITS = HttpLimits(
    bytes=10_000,
    bytes_held=25_000,
    requests=3,
    body_seconds=0.2,
    headers=20,
    header_bytes=2_000,
    target_bytes=500,
)


@pytest.fixture(scope="module")
def narrow(loop: Loop, trained: Classifier) -> Iterator[Front]:
    with open_front(loop, trained, http=LIMITS) as front:
        yield front


def _body(size: int) -> bytes:
    return b'{"text": "%s"}' % (b"x" * (size - 12))


@pytest.mark.parametrize(("size", "status"), [(10_000, 200), (10_001, 413)])
def test_a_body_may_be_as_long_as_allowed_and_no_longer(
    narrow: Front, size: int, status: int
) -> None:
    assert narrow.ask("POST", PATH, content=_body(size), headers=JSON).status_code == status


async def _chunks(size: int) -> AsyncIterator[bytes]:
    for start in range(0, size, 1_000):
        yield _body(size)[start : start + 1_000]


@pytest.mark.parametrize(("size", "status"), [(10_000, 200), (10_001, 413), (1_000_000, 413)])
def test_a_body_that_does_not_say_how_long_it_is_is_counted(
    narrow: Front, size: int, status: int
) -> None:
    answer = narrow.ask("POST", PATH, content=_chunks(size), headers=JSON)

    assert answer.status_code == status


async def _dribble() -> AsyncIterator[bytes]:
    for letter in (b'{"text": ', b'"a"}'):
        yield letter
        await asyncio.sleep(0.3)


def test_a_body_that_comes_too_slowly_is_not_waited_for(narrow: Front) -> None:
    answer = narrow.ask("POST", PATH, content=_dribble(), headers=JSON)

    assert (answer.status_code, answer.json()["code"]) == (408, "too-slow")


HEADS = {
    "too many headers": ("/healthz", {f"x-{place}": "a" for place in range(30)}, 431),
    "headers that are too long": ("/healthz", {"x-long": "a" * 3_000}, 431),
    "an address that is too long": ("/healthz?" + "a" * 600, {}, 414),
    "a packed body": ("/healthz", {"content-encoding": "gzip"}, 415),
    "a length that is no number": ("/healthz", {"content-length": "-1"}, 400),
    "a length beyond all": ("/healthz", {"content-length": "9" * 40}, 413),
}


@pytest.mark.parametrize(("path", "headers", "status"), HEADS.values(), ids=HEADS)
def test_a_head_that_is_out_of_bounds_is_refused(
    narrow: Front, path: str, headers: dict[str, str], status: int
) -> None:
    assert narrow.get(path, headers=headers).status_code == status


def test_more_requests_than_allowed_are_turned_away_at_once_and_health_is_not(
    loop: Loop, trained: Classifier
) -> None:
    classifier, student = watched(trained)
    with open_front(loop, classifier, http=LIMITS) as front:
        student.gate.clear()
        statuses, health = loop.run(_crowd(front, student))

    assert sorted(statuses) == [200, 200, 200, 503, 503]
    assert health == 200


async def _crowd(front: Front, student: WatchedEncoder) -> tuple[list[int], int]:
    """Ask five things at once, and for its health, of a server that is held up."""
    transport = httpx.ASGITransport(front.app, client=("127.0.0.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        asking = [
            asyncio.create_task(client.post(PATH, json={"text": f"printer {place}"}))
            for place in range(5)
        ]
        async with asyncio.timeout(PATIENCE):
            for _, answered in zip(range(2), asyncio.as_completed(asking), strict=False):
                await answered
        health = await client.get("/healthz")
        student.gate.set()
        answers = await asyncio.gather(*asking)
    assert all(one.headers["retry-after"] for one in answers if one.status_code == 503)
    return [one.status_code for one in answers], health.status_code


def test_bodies_together_hold_no_more_than_their_budget(loop: Loop, trained: Classifier) -> None:
    classifier, student = watched(trained)
    with open_front(loop, classifier, http=LIMITS) as front:
        student.gate.clear()
        statuses = loop.run(_heavy(front, student))

    assert sorted(statuses) == [200, 200, 503]


async def _heavy(front: Front, student: WatchedEncoder) -> list[int]:
    transport = httpx.ASGITransport(front.app, client=("127.0.0.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        asking = [
            asyncio.create_task(client.post(PATH, content=_body(10_000 - place), headers=JSON))
            for place in range(3)
        ]
        async with asyncio.timeout(PATIENCE):
            await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
        student.gate.set()
        return [one.status_code for one in await asyncio.gather(*asking)]


def test_what_was_held_is_given_back(narrow: Front) -> None:
    statuses = {
        narrow.ask("POST", PATH, content=_body(9_999), headers=JSON).status_code for _ in range(10)
    }

    assert statuses == {200}
