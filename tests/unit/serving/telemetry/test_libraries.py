"""What libraries log and what threads die of is known, and its words are not."""

import io
import json
import logging
from threading import Thread
from typing import Any, Self

from sortyard.serving.telemetry.libraries import hearing_libraries
from sortyard.serving.telemetry.logs import EventLog

SECRET = "my card 4111 1111 1111 1111 was stolen"


def _fail() -> None:
    raise RuntimeError(SECRET)


class _Heard:
    """What is written while the block runs."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        self._log = EventLog(self.stream)
        self._hearing = hearing_libraries(self._log)

    def __enter__(self) -> Self:
        self._hearing.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._hearing.__exit__(None, None, None)
        self._log.close()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


def test_a_warning_is_written_without_its_words() -> None:
    with _Heard() as heard:
        logging.getLogger("some.library").warning("cannot read %s", SECRET)
    (line,) = heard.lines

    assert (line["level"], line["logger"], line["where"].partition(":")[0]) == (
        "warning",
        "some.library",
        "test_libraries",
    )
    assert "4111" not in heard.stream.getvalue()


def test_an_exception_is_its_type_and_its_place() -> None:
    with _Heard() as heard:
        try:
            _fail()
        except RuntimeError:
            logging.getLogger("some.library").exception("failed on %s", SECRET)
    (line,) = heard.lines

    assert (line["level"], line["error"], line["where"].partition(":")[0]) == (
        "error",
        "RuntimeError",
        __name__,
    )
    assert "4111" not in heard.stream.getvalue()


def test_chatter_is_left_out() -> None:
    with _Heard() as heard:
        logging.getLogger("some.library").info("starting")

    assert heard.lines == []


def test_a_thread_that_dies_says_no_words() -> None:
    with _Heard() as heard:
        thread = Thread(target=_fail)
        thread.start()
        thread.join()
    (line,) = heard.lines

    assert (line["event"], line["error"], "4111" in heard.stream.getvalue()) == (
        "fault",
        "RuntimeError",
        False,
    )


def test_afterwards_nothing_is_heard() -> None:
    with _Heard() as heard:
        pass
    logging.getLogger("some.library").error("later")

    assert heard.lines == []
