"""
What libraries log and what threads die of, without the words, for those may quote a message.

A line keeps when it was, how grave, and where in the code. It is the last line of defence: whatever
is expected to go wrong has an event of its own.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sortyard.serving.telemetry.logs import EventLog, Level, place


@contextmanager
def hearing_libraries(log: EventLog) -> Iterator[None]:
    """Take over, during the block, what libraries and dying threads would write to the terminal."""
    handler, before = Libraries(log), threading.excepthook
    logging.getLogger().addHandler(handler)
    threading.excepthook = lambda ended: _note_end(log, ended)
    try:
        yield
    finally:
        threading.excepthook = before
        logging.getLogger().removeHandler(handler)


class Libraries(logging.Handler):
    """Writes the records of Python's own logging into an `EventLog`; warnings and worse."""

    def __init__(self, log: EventLog) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self._log.write(
            "library",
            level=Level.ERROR if record.levelno >= logging.ERROR else Level.WARNING,
            logger=record.name,
            error=None if error is None else type(error).__name__,
            where=f"{record.module}:{record.lineno}" if error is None else place(error),
        )


def _note_end(log: EventLog, ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is not None:
        log.fault(ended.exc_value)
