"""
A server that forgets by itself what is older than `keep_days`.

It looks once an hour, in a thread of its own, so that no answer waits for it. Where nothing is due
it does nothing: the audit log grows by an entry a day at most.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from time import monotonic

from sortyard.app.actors import user
from sortyard.app.workspace import Workspace
from sortyard.domain.errors import SortyardError
from sortyard.serving.ports import Clock, Now, utc_now
from sortyard.serving.telemetry.logs import Level, Log
from sortyard.storage.database import Database
from sortyard.storage.migrating import migrate
from sortyard.storage.retention import Retention

EVERY = 3_600.0  # seconds between two looks
AGAIN = 300.0  # where a look failed, or was not to be trusted
LEAP = 600.0  # seconds that the time of day may gain by itself between two looks
LAST_STEP = 5.0  # seconds for a step that is under way when the server stops


class Expiry:
    """
    Forgets the days that lie longer back than messages are kept, whenever it is their turn.

    What is forgotten does not come back, so a clock that has just leapt ahead is not believed
    before the next look.
    """

    def __init__(
        self,
        database: Database,
        *,
        days: int,
        log: Log,
        now: Now = utc_now,
        clock: Clock = monotonic,
    ) -> None:
        self._database = database
        self._kept = timedelta(days=days)
        self._log = log
        self._now = now
        self._clock = clock
        self._started: float | None = None  # when the clock started, by the time of day
        self._stopped = Event()

    def look(self) -> float:
        """Forget what is due; gives the seconds until the next look."""
        try:
            return EVERY if self._is_done() else AGAIN
        except SortyardError as error:
            self._log.write("expiry-failed", level=Level.WARNING, code=error.code)
        except Exception as error:  # noqa: BLE001 -- nothing may end it, or all is kept for ever
            self._log.fault(error)
        return AGAIN

    def run(self) -> None:
        """Look now, and from now on, until stopped."""
        while not self._stopped.wait(self.look()):
            pass

    def stop(self) -> None:
        """Begin nothing more; any thread may say so."""
        self._stopped.set()

    def _is_done(self) -> bool:
        """Forget what is due; False where the clock is not believed."""
        now, began = self._now(), self._clock()
        before, self._started = self._started, now.timestamp() - began
        if before is not None and self._started - before > LEAP:
            self._log.write("clock-leapt", level=Level.WARNING, seconds=self._started - before)
            return False
        migrate(self._database, by=user(), at=now)  # it may have been away when the server started
        retention, oldest = Retention(self._database), now - self._kept
        if retention.is_due(oldest):
            gone = retention.expire(
                oldest, by=user(), at=now, going_on=lambda: not self._stopped.is_set()
            )
            self._log.write("expired", count=gone.records, seconds=self._clock() - began)
        return True


@contextmanager
def expiring(workspace: Workspace, database: Database, log: Log) -> Iterator[None]:
    """Forget what is due during the block, if the workspace says for how long it keeps messages."""
    days = workspace.settings.keep_days
    if not days:
        yield
        return
    expiry = Expiry(database, days=days, log=log)
    # What it does may be cut off at any moment: a step is a transaction.
    thread = Thread(target=expiry.run, name="expiry", daemon=True)
    thread.start()
    try:
        yield
    finally:
        expiry.stop()
        thread.join(LAST_STEP)
