"""The store as a server holds it: it may be away at the start, at the end, and in between."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sortyard.app.actors import user
from sortyard.app.journals import journal_folder
from sortyard.app.remembered_keys import RememberedKeys
from sortyard.app.storing import connect
from sortyard.app.workspace import Workspace
from sortyard.domain.errors import CannotKeep, NewerFormat, StoreAway
from sortyard.domain.records import Record
from sortyard.serving.access import Gate
from sortyard.serving.rates import Counter
from sortyard.serving.telemetry.logs import EventLog, Level
from sortyard.storage.database import Database
from sortyard.storage.journal import Journal
from sortyard.storage.keys import Keys
from sortyard.storage.migrating import migrate
from sortyard.storage.recorder import Recorder
from sortyard.storage.records import Records

KEYS = "keys.json"  # in the state folder: the keys as they were last seen
LAST_WRITES = 5.0  # seconds for the store to take what is left; the rest waits in the journal


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Where answers go, and who may ask for them."""

    database: Database
    recorder: Recorder
    gate: Gate


class PreparedRecords:
    """A `RecordSink` whose tables are set up as soon as the database is there."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._records = Records(database)
        self._prepared = False

    def prepare(self) -> None:
        """Set the tables up. Raises `StoreAway` and `NewerFormat`."""
        if not self._prepared:
            migrate(self._database, by=user(), at=datetime.now(UTC))
            self._prepared = True

    def write(self, records: Sequence[Record]) -> int:
        """Write records; a store of a later version is as good as absent, and loses none."""
        try:
            self.prepare()
        except NewerFormat as error:
            raise StoreAway(self._database.name, "a later version has set it up") from error
        return self._records.write(records)


@contextmanager
def recording(
    workspace: Workspace, log: EventLog, *, rates: Counter | None = None
) -> Iterator[Keeping]:
    """
    Lend what keeps answers, and write what it holds at the end.

    `rates` count how often keys ask; by default those of this process are counted alone. A database
    that is away is no obstacle, once the keys have been seen. Raises `StoreAway` where they have
    not, and `NewerFormat`.
    """
    settings = workspace.settings
    with ExitStack() as stack:
        database = connect(workspace)
        stack.callback(database.close)
        sink = PreparedRecords(database)
        try:
            sink.prepare()
        except StoreAway as error:
            log.write("store-away", level=Level.WARNING, code=error.code)
        book = RememberedKeys(Keys(database), workspace.state / KEYS)
        gate = Gate(book, per_minute=settings.rate_limit or None, rates=rates)
        gate.refresh()
        journal = Journal(journal_folder(workspace), durable=settings.durable)
        recorder = Recorder(sink, journal)
        recorder.start()
        stack.callback(_close, recorder, log)
        yield Keeping(database=database, recorder=recorder, gate=gate)


def _close(recorder: Recorder, log: EventLog) -> None:
    try:
        recorder.close(LAST_WRITES)
    except CannotKeep as error:  # the disk and the database refuse: there is nowhere left
        log.write("records-lost", level=Level.ERROR, code=error.code)
