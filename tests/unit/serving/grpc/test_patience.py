"""Nobody works for a caller who has gone, and nobody waits in vain."""

import grpc
import pytest

from sortyard.models.classifier import Classifier
from sortyard.serving.bounds import Bounds
from sortyard.serving.grpc.generated import classifier_pb2 as wire
from sortyard.serving.grpc.watching import Watchers
from tests.contracts.desks import PATIENCE, Watching, watched
from tests.unit.serving.grpc.conftest import Front, Serve, trailers_of, wait_until

HURRIED = 0.2  # seconds


def _request(text: str) -> wire.ClassifyRequest:
    return wire.ClassifyRequest(messages=[wire.Message(id=text, text=text)])


def _waiting(front: Front) -> int:
    return front.desk.figures.waiting


def test_a_deadline_is_honoured(serve: Serve, trained: Classifier) -> None:
    """The caller hears of it in time, and what had not begun by then never does."""
    release, student = watched(trained)
    with serve(release) as front:
        student.gate.clear()
        try:
            busy = front.classifier.Classify.future(_request("first text"), timeout=PATIENCE)
            assert student.reached.wait(PATIENCE)
            with pytest.raises(grpc.RpcError) as caught:
                front.classifier.Classify(_request("second text"), timeout=HURRIED)
            wait_until(lambda: _waiting(front) == 1)
        finally:
            student.gate.set()
        busy.result(PATIENCE)
        front.classifier.Classify(_request("third text"), timeout=PATIENCE)

    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert student.texts == ["first text", "third text"]


def test_work_is_dropped_when_its_caller_hangs_up(serve: Serve, trained: Classifier) -> None:
    release, student = watched(trained)
    observer = Watching()
    with serve(release, named={"watchers": Watchers(observer=observer)}) as front:
        student.gate.clear()
        try:
            busy = front.classifier.Classify.future(_request("first text"), timeout=PATIENCE)
            assert student.reached.wait(PATIENCE)
            gone = front.classifier.Classify.future(_request("second text"), timeout=PATIENCE)
            wait_until(lambda: _waiting(front) == 2)
            gone.cancel()
            wait_until(lambda: _waiting(front) == 1)
        finally:
            student.gate.set()
        busy.result(PATIENCE)
        front.classifier.Classify(_request("third text"), timeout=PATIENCE)

    assert student.texts == ["first text", "third text"]
    assert [outcome for _, outcome, *_ in observer.named("request")] == ["gone", "ok", "ok"]


def test_more_than_can_wait_is_refused_at_once(serve: Serve, trained: Classifier) -> None:
    """With a status that clients try again on, and when to do so."""
    release, student = watched(trained)
    with serve(release, bounds=Bounds(most_waiting=1)) as front:
        student.gate.clear()
        try:
            busy = front.classifier.Classify.future(_request("first text"), timeout=PATIENCE)
            assert student.reached.wait(PATIENCE)
            with pytest.raises(grpc.RpcError) as caught:
                front.classifier.Classify(_request("second text"), timeout=PATIENCE)
        finally:
            student.gate.set()
        busy.result(PATIENCE)

    trailers = trailers_of(caught.value)
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
    assert caught.value.details() == "Overloaded."
    assert trailers["sortyard-code"] == "overloaded"
    assert int(trailers["retry-after"]) >= 1
    assert int(trailers["grpc-retry-pushback-ms"]) > 0
