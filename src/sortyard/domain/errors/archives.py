"""Files of messages that cannot be read, or hold too little."""

from collections.abc import Iterable

from sortyard.domain.errors.kind import SortyardError, did_you_mean, listing, number


class UnreadableArchive(SortyardError):
    """A file cannot be read as messages at all."""

    code = "unreadable-archive"

    def __init__(self, source: str, why: str) -> None:
        super().__init__(source, why)
        self.problem = f"{source} cannot be read as an archive: {why}."
        self.remedy = (
            "Give a CSV, TSV, JSONL or Parquet file with a header, or mails (.mbox, .eml)."
        )


class EmptyArchive(SortyardError):
    """A file was read and holds no usable row."""

    code = "empty-archive"

    def __init__(
        self, source: str, why: str = "it has no rows", remedy: str = "Is its text column filled?"
    ) -> None:
        super().__init__(source, why, remedy)
        self.problem = f"{source} holds no usable message: {why}."
        self.remedy = f"Check that this is the file you meant. {remedy}"


class UnknownColumn(SortyardError):
    """A column is asked for that the archive does not have."""

    code = "unknown-column"

    def __init__(self, column: str, known: Iterable[str], source: str) -> None:
        self.column = column
        self.known = tuple(known)
        super().__init__(column, self.known, source)
        self.problem = f"{source} has no column {column!r}."
        self.remedy = (
            f"{did_you_mean([column], self.known)}It has: {listing(self.known, limit=20)}."
        )


class UndecidedColumns(SortyardError):
    """No column looks enough like the one that is needed."""

    code = "undecided-columns"

    def __init__(self, role: str, known: Iterable[str], source: str) -> None:
        self.role = role
        self.known = tuple(known)
        super().__init__(role, self.known, source)
        self.problem = f"No column of {source} is clearly the {role}."
        self.remedy = (
            f"Name it with `--{role} COLUMN`. The columns are: {listing(self.known, limit=20)}."
        )


class TooFewVotes(SortyardError):
    """Nobody can be compared with anybody: too few people have voted on the same messages."""

    code = "too-few-votes"

    def __init__(self, dimension: str, why: str) -> None:
        super().__init__(dimension, why)
        self.problem = f"Agreement on {dimension!r} cannot be measured: {why}."
        self.remedy = (
            "Let two people label the same messages, and name the columns with `--id` and "
            "`--annotator` where they were guessed wrong."
        )


class NotEnoughData(SortyardError):
    """There is too little data to fit or measure anything."""

    code = "not-enough-data"

    def __init__(self, task: str, *, found: int, needed: int) -> None:
        self.task = task
        self.found = found
        self.needed = needed
        super().__init__(task, found, needed)
        self.problem = f"Cannot {task}: {number(found, 'labelled text')}, at least {needed} needed."
        self.remedy = "Add labelled messages, or leave this dimension out."

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild_not_enough_data, (self.task, self.found, self.needed)


def _rebuild_not_enough_data(task: str, found: int, needed: int) -> NotEnoughData:
    return NotEnoughData(task, found=found, needed=needed)
