"""Streams keep their order, are bounded, and end cleanly."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from threading import Event

import grpc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.domain.errors import InvalidUsage, NotReady
from sortyard.models.classifier import Classifier
from sortyard.serving.bounds import Bounds
from sortyard.serving.grpc.generated import classifier_pb2 as wire
from sortyard.serving.grpc.streams import Streams
from sortyard.serving.intake import Limits
from tests.contracts.desks import PATIENCE, Watching, until, watched
from tests.unit.serving.grpc.conftest import Front, Serve, trailers_of, wait_until

MOST = 3

pauses = st.lists(st.integers(min_value=0, max_value=5), max_size=20)


class _Work:
    """Answers a number with itself after so many turns of the loop, and counts what is at work."""

    def __init__(self) -> None:
        self.at_work = 0
        self.most = 0

    async def __call__(self, question: tuple[int, int]) -> int:
        number, turns = question
        self.at_work += 1
        self.most = max(self.most, self.at_work)
        for _ in range(turns):
            await asyncio.sleep(0)
        self.at_work -= 1
        return number


async def _asked(pauses: Iterable[int]) -> AsyncIterator[tuple[int, int]]:
    for number, turns in enumerate(pauses):
        yield number, turns
        await asyncio.sleep(0)


def _run(pauses: Iterable[int], work: _Work) -> list[int]:
    written: list[int] = []

    async def write(answer: int) -> None:
        await asyncio.sleep(0)
        written.append(answer)

    asyncio.run(Streams(MOST).run(_asked(pauses), work, write))
    return written


@given(pauses)
def test_answers_keep_the_order_of_the_questions(pauses: list[int]) -> None:
    """However long each of them takes."""
    assert _run(pauses, _Work()) == list(range(len(pauses)))


@given(pauses)
def test_never_more_than_so_many_are_at_work(pauses: list[int]) -> None:
    work = _Work()

    _run(pauses, work)

    assert work.most <= MOST


def test_who_does_not_read_answers_is_not_read_from() -> None:
    """What a slow reader may pile up here is bounded."""
    asked = []

    async def questions() -> AsyncIterator[int]:
        for number in range(100):
            asked.append(number)
            yield number

    async def work(number: int) -> int:
        return number

    async def scenario() -> None:
        stuck = asyncio.Event()

        async def write(_: int) -> None:
            await stuck.wait()

        running = asyncio.create_task(Streams(MOST).run(questions(), work, write))
        for _ in range(200):
            await asyncio.sleep(0)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(scenario())
    assert len(asked) == MOST


@pytest.mark.parametrize("early", [True, False], ids=["before-it-began", "while-it-waits"])
def test_closing_answers_what_was_read_and_says_that_the_rest_was_not(*, early: bool) -> None:
    written: list[int] = []
    waiting = asyncio.Event()

    async def questions() -> AsyncIterator[int]:
        yield 1
        waiting.set()
        await asyncio.Event().wait()
        yield 2

    async def work(number: int) -> int:
        await asyncio.sleep(0)
        return number

    async def write(number: int) -> None:
        written.append(number)

    async def scenario() -> None:
        streams = Streams(MOST)
        if early:
            streams.close()
        running = asyncio.create_task(streams.run(questions(), work, write))
        if not early:
            await waiting.wait()
            streams.close()
        with pytest.raises(NotReady):
            await asyncio.wait_for(running, PATIENCE)

    asyncio.run(scenario())
    assert written == ([] if early else [1])


def test_what_the_questions_raise_is_raised() -> None:
    """As itself, and not in a group of errors."""

    async def questions() -> AsyncIterator[int]:
        yield 1
        raise InvalidUsage("It cannot be read.", "Write it again.")

    async def work(number: int) -> int:
        return number

    async def write(_: int) -> None:
        """Take it."""

    with pytest.raises(InvalidUsage):
        asyncio.run(Streams(MOST).run(questions(), work, write))


def test_what_the_work_raises_is_raised() -> None:
    async def work(_: tuple[int, int]) -> int:
        raise InvalidUsage("It cannot be done.", "Ask for something else.")

    async def write(_: int) -> None:
        """Take it."""

    with pytest.raises(InvalidUsage):
        asyncio.run(Streams(MOST).run(_asked([0, 0]), work, write))


@pytest.mark.parametrize("broken", ["questions", "work"])
def test_an_error_waits_until_what_came_before_is_answered(broken: str) -> None:
    """A write that began is not broken off, though the error comes in the middle of it."""
    written: list[int] = []
    raised = asyncio.Event()

    async def questions() -> AsyncIterator[int]:
        yield 1
        yield 2
        if broken == "questions":
            raised.set()
            raise InvalidUsage("It cannot be read.", "Write it again.")
        yield 3

    async def work(number: int) -> int:
        if number == MOST:
            raised.set()
            raise InvalidUsage("It cannot be done.", "Ask for something else.")
        return number

    async def write(number: int) -> None:
        await raised.wait()
        for _ in range(5):  # the error gets all the turns that it could need
            await asyncio.sleep(0)
        written.append(number)

    with pytest.raises(InvalidUsage):
        asyncio.run(Streams(MOST).run(questions(), work, write))

    assert written == [1, 2]


def test_a_stream_that_is_broken_off_leaves_nothing_at_work() -> None:
    """Whoever asked has hung up, and nobody would take the answers."""
    at_work: set[int] = set()

    async def work(question: tuple[int, int]) -> int:
        at_work.add(question[0])
        try:
            await asyncio.Event().wait()
        finally:
            at_work.remove(question[0])
        return 0

    async def write(_: int) -> None:
        """Take it."""

    async def scenario() -> None:
        running = asyncio.create_task(Streams(MOST).run(_asked([0] * 9), work, write))
        await until(lambda: len(at_work) == MOST)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert not at_work

    asyncio.run(scenario())


def _requests(*texts: str) -> Iterator[wire.ClassifyStreamRequest]:
    for number, text in enumerate(texts):
        message = wire.Message(id=f"m{number}", text=text)
        yield wire.ClassifyStreamRequest(message=message)


def _stream(front: Front, *texts: str) -> list[wire.Result]:
    return list(front.classifier.ClassifyStream(_requests(*texts), timeout=PATIENCE))


def test_a_stream_is_answered_in_order(front: Front) -> None:
    found = _stream(front, *["refund the invoice"] * 600)

    assert [one.id for one in found] == [f"m{number}" for number in range(600)]
    assert {one.answer.release for one in found} == {"r1"}


def test_an_empty_stream_has_no_answers(front: Front) -> None:
    assert _stream(front) == []


def test_each_message_has_options_of_its_own(front: Front) -> None:
    message = wire.Message(id="m", text="refund")
    requests = [
        wire.ClassifyStreamRequest(message=message, options=wire.Options(dimensions=[name]))
        for name in ("team", "flags")
    ]

    found = list(front.classifier.ClassifyStream(iter(requests), timeout=PATIENCE))

    assert [[one.dimension for one in result.answer.choices] for result in found] == [
        ["team"],
        ["flags"],
    ]


def test_an_error_that_belongs_to_one_message_is_its_result(serve: Serve) -> None:
    with serve(named={"intake": Limits(characters=100)}) as front:
        found = _stream(front, "refund", "x" * 200, "refund")

    assert [one.error.code for one in found] == ["", "too-large", ""]


def test_a_refused_message_says_when_to_come_back(serve: Serve, trained: Classifier) -> None:
    """One waits at the gate of the encoder, one more may wait, and the third is too many."""
    release, student = watched(trained)
    observer = Watching()

    def requests() -> Iterator[wire.ClassifyStreamRequest]:
        for request in _requests("first text", "second text", "third text"):
            yield request
            assert student.reached.wait(PATIENCE)

    with serve(release, bounds=Bounds(most_waiting=2), observer=observer) as front:
        student.gate.clear()
        try:
            results = front.classifier.ClassifyStream(requests(), timeout=PATIENCE)
            wait_until(lambda: observer.named("refused"))
        finally:
            student.gate.set()
        found = list(results)

    assert [one.error.code for one in found] == ["", "", "overloaded"]
    assert found[2].error.retry_after > 0


def test_what_cannot_be_read_ends_the_stream(front: Front) -> None:
    ask = front.channel.stream_stream("/sortyard.v1.Classifier/ClassifyStream")

    with pytest.raises(grpc.RpcError) as caught:
        list(ask(iter([b"\xff\xff\xff\xff"]), timeout=PATIENCE))

    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT


def test_a_server_that_stops_lets_go_of_its_streams(front: Front) -> None:
    """What was asked is answered; an idle stream does not hold it up until its grace is over."""
    ended = Event()

    def requests() -> Iterator[wire.ClassifyStreamRequest]:
        yield from _requests("refund")
        ended.wait(PATIENCE)

    results = front.classifier.ClassifyStream(requests(), timeout=PATIENCE)
    assert next(results).id == "m0"
    front.stop()
    with pytest.raises(grpc.RpcError) as caught:
        next(results)
    ended.set()

    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
    assert trailers_of(caught.value)["sortyard-code"] == "not-ready"
