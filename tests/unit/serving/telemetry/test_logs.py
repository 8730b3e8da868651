"""A log says what happened, carries no words of a message, and slows nobody."""

import io
import json
from threading import Event
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.serving.telemetry.logs import HIDDEN, WORD, EventLog, Fields, Level, line_of, place

SECRET = "my card 4111 1111 1111 1111 was stolen"


def _fail() -> None:
    raise RuntimeError(SECRET)


def _lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_request_is_one_line() -> None:
    stream = io.StringIO()
    log = EventLog(stream)
    log.write(
        "request", request="7f3a", operation="/v1/classify", status=200, ms=3.14159, release="r1"
    )
    log.close()
    (line,) = _lines(stream)

    assert {name: value for name, value in line.items() if name != "time"} == {
        "level": "info",
        "event": "request",
        "request": "7f3a",
        "operation": "/v1/classify",
        "status": 200,
        "ms": 3.142,
        "release": "r1",
    }


def test_the_id_of_a_request_is_treated_and_nothing_else() -> None:
    stream = io.StringIO()
    log = EventLog(stream, redact=lambda words: words.replace("0170", "<PHONE>"))
    log.write("request", request="0170", release="0170")
    log.close()
    (line,) = _lines(stream)

    assert (line["request"], line["release"]) == ("<PHONE>", "0170")


def test_a_time_has_its_zone() -> None:
    line = json.loads(line_of(0.0, Level.INFO, "start", {}))

    assert line["time"] == "1970-01-01T00:00:00.000+00:00"


@given(st.dictionaries(st.sampled_from(sorted(Fields.__annotations__)), st.text()))
def test_a_text_is_hidden_in_every_field(fields: dict[str, str]) -> None:
    line = json.loads(line_of(0.0, Level.INFO, "request", fields))

    assert all(line[name] in {value, HIDDEN} for name, value in fields.items())
    assert all(WORD.fullmatch(line[name]) or line[name] == HIDDEN for name in fields)


@pytest.mark.parametrize(
    "value",
    [SECRET, "jane@example.org", "two words", "line\nend", "", "ü", "x" * 129, ["a"], {"a": 1}],
    ids=str,
)
def test_what_is_no_word_is_hidden(value: Any) -> None:
    assert json.loads(line_of(0.0, Level.INFO, "request", {"code": value}))["code"] == HIDDEN


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_hidden(value: float) -> None:
    assert json.loads(line_of(0.0, Level.INFO, "request", {"ms": value}))["ms"] == HIDDEN


def test_a_field_that_nobody_declared_is_left_out() -> None:
    assert "text" not in json.loads(line_of(0.0, Level.INFO, "request", {"text": "word"}))


def test_a_text_in_place_of_an_event_is_hidden() -> None:
    assert json.loads(line_of(0.0, Level.INFO, SECRET, {}))["event"] == HIDDEN


def test_what_is_less_grave_is_left_out() -> None:
    stream = io.StringIO()
    log = EventLog(stream, least=Level.WARNING)
    log.write("request")
    log.write("degradation", level=Level.WARNING)
    log.close()

    assert [line["event"] for line in _lines(stream)] == ["degradation"]


def test_a_fault_is_its_type_and_its_place() -> None:
    stream = io.StringIO()
    log = EventLog(stream)
    with pytest.raises(RuntimeError) as caught:
        _fail()
    log.fault(caught.value, request="7f3a")
    log.close()
    (line,) = _lines(stream)

    assert (line["error"], line["where"].partition(":")[0], "4111" in stream.getvalue()) == (
        "RuntimeError",
        __name__,
        False,
    )


def test_an_error_that_was_never_raised_has_no_place() -> None:
    assert place(ValueError()) == "unknown"


class _Stuck(io.StringIO):
    """A pipe that nobody reads, until somebody does."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.free = Event(), Event()

    def write(self, text: str) -> int:
        self.reached.set()
        assert self.free.wait(30)
        return super().write(text)


def test_a_stuck_pipe_slows_nobody_and_what_is_lost_is_counted() -> None:
    stream = _Stuck()
    log = EventLog(stream, most_waiting=10)
    log.write("request")
    assert stream.reached.wait(30)
    for _ in range(100):
        log.write("request")
    stream.free.set()
    log.close(timeout=30)
    lines = _lines(stream)
    lost = sum(line["count"] for line in lines if line["event"] == "lines-lost")

    assert (lost, sum(line["event"] == "request" for line in lines) + lost) == (90, 101)


def test_a_closed_stream_stops_nothing() -> None:
    stream = io.StringIO()
    stream.close()
    log = EventLog(stream)
    log.write("request")
    log.close(timeout=30)

    assert stream.closed


def test_closing_does_not_wait_for_ever() -> None:
    stream = _Stuck()
    log = EventLog(stream, most_waiting=1)
    log.write("request")
    assert stream.reached.wait(30)
    log.write("request")
    log.close(timeout=0.01)
    written = stream.getvalue()
    stream.free.set()

    assert written == ""
