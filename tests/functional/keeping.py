"""
A worker that keeps one record after the other until it is killed.

`python -m tests.functional.keeping JOURNAL STORE FIRST` prints the number of each record once it is
kept.
"""

import sys
from itertools import count
from pathlib import Path

from sortyard.storage.database import Database
from sortyard.storage.journal import Journal
from sortyard.storage.recorder import Recorder
from sortyard.storage.records import Records
from tests.contracts.sinks import made_record


def keep_for_ever(journal: Path, store: str, first: int) -> None:
    """Keep records whose numbers go up from `first`."""
    with Recorder(Records(Database.open(store)), Journal(journal)) as recorder:
        for number in count(first):
            recorder.keep([made_record(number)])
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    _, journal, store, first = sys.argv
    keep_for_ever(Path(journal), store, int(first))
