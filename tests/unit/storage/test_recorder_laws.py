"""In any order of keeping, storing, dying, full disks and absent stores: each record once."""

import shutil
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sortyard.domain.errors import CannotKeep
from sortyard.storage.backlog import ADOPT_EVERY
from sortyard.storage.journal import Journal
from sortyard.storage.journal_folder import JournalFolder
from sortyard.storage.journal_lines import line_of
from sortyard.storage.recorder import Recorder
from tests.contracts.disks import full_disk
from tests.contracts.sinks import MemorySink, made_record

MOST_IN_MEMORY = 5_000  # bytes: a few records
NEVER = 7  # every message whose number it divides is one that the store never takes

workers = st.sampled_from([0, 1])
numbers_of_records = st.integers(1, 4)


@dataclass
class Life:
    """A worker from its start to its death."""

    journal: Journal
    recorder: Recorder
    kept: set[str] = field(default_factory=set)


class Recorders(RuleBasedStateMachine):
    """Two workers over one journal and one store; `kept` is what they have promised."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(mkdtemp()) / "journal"
        self.sink = MemorySink()
        self.now = 0.0
        self.room: int | None = None
        self.numbers = count(1)
        self.kept: set[str] = set()
        self.offered: set[str] = set()
        self.lives = [self._born(), self._born()]

    def _born(self) -> Life:
        journal = Journal(self.root)
        recorder = Recorder(
            self.sink, journal, most_in_memory=MOST_IN_MEMORY, clock=lambda: self.now
        )
        return Life(journal, recorder)

    def _disk(self) -> AbstractContextManager[None]:
        return nullcontext() if self.room is None else full_disk(after=self.room)

    @rule(worker=workers, number=numbers_of_records)
    def keep(self, worker: int, number: int) -> None:
        records = [made_record(next(self.numbers)) for _ in range(number)]
        names = {record.message_id for record in records}
        self.offered |= names
        self.sink.refused |= {name for name in names if int(name[1:]) % NEVER == 0}
        with self._disk():
            try:
                self.lives[worker].recorder.keep(records)
            except CannotKeep:
                return
        self.kept |= names

    @rule(worker=workers)
    def keep_again(self, worker: int) -> None:
        """A message that comes in twice."""
        if self.kept:
            with self._disk():
                try:
                    self.lives[worker].recorder.keep([made_record(int(min(self.kept)[1:]))])
                except CannotKeep:
                    return

    @rule(worker=workers)
    def store(self, worker: int) -> None:
        with self._disk():
            stored = self.lives[worker].recorder.drain()
        if stored:
            assert self.lives[worker].recorder.figures.queued == 0

    @rule()
    def the_store_goes_away(self) -> None:
        self.sink.away = True

    @rule()
    def the_store_is_cut_off(self) -> None:
        self.sink.cut_off = True

    @rule()
    def the_store_comes_back(self) -> None:
        self.sink.away = False

    @rule(room=st.integers(0, 3_000))
    def the_disk_fills(self, room: int) -> None:
        self.room = room

    @rule()
    def the_disk_has_room_again(self) -> None:
        self.room = None

    @rule(seconds=st.sampled_from([0.1, ADOPT_EVERY]))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @rule(worker=workers)
    def die(self, worker: int) -> None:
        """What is in memory alone would be lost, and the figures say how much that is."""
        if not self.lives[worker].recorder.figures.exposed:
            self.lives[worker].journal.close()
            self.lives[worker] = self._born()

    @rule(worker=workers, left_out=st.integers(1, 600))
    def die_in_the_middle_of_a_line(self, worker: int, left_out: int) -> None:
        if self.lives[worker].recorder.figures.exposed:
            return
        self.lives[worker].journal.close()
        begun = line_of(made_record(next(self.numbers)))[:-left_out]
        for folder in filter(None, map(JournalFolder.taken, self.root.glob("*/"))):
            for path in folder.segments()[-1:]:
                with path.open("ab") as stream:
                    stream.write(begun)
            folder.let_go()
        self.lives[worker] = self._born()

    @invariant()
    def nothing_is_stored_that_was_not_offered(self) -> None:
        assert {message_id for message_id, _ in self.sink.stored} <= self.offered

    def teardown(self) -> None:
        self.sink.away = self.sink.cut_off = False
        for life in [*self.lives, self._born()]:
            assert any(life.recorder.drain() for _ in range(1_000))  # what is refused takes a few
            life.recorder.close()
        try:
            self._check_everything_is_where_it_belongs()
        finally:
            shutil.rmtree(self.root.parent)

    def _check_everything_is_where_it_belongs(self) -> None:
        stored = {message_id for message_id, _ in self.sink.stored}
        aside = b"".join(path.read_bytes() for path in self.root.glob("*.damaged"))
        for name in self.kept:
            if name in self.sink.refused:
                assert line_of(made_record(int(name[1:]))) in aside
            else:
                assert name in stored
        assert [path for path in self.root.glob("*") if path.is_dir()] == []


TestRecorders = Recorders.TestCase
TestRecorders.settings = settings(max_examples=60, stateful_step_count=40)
