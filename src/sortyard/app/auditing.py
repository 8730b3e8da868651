"""Look an archive over before anything is trained on it. Nothing is written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sortyard.app.archives import edited_taxonomy, read_for
from sortyard.app.files import write_whole
from sortyard.app.preparing import preparation_of
from sortyard.app.sheets import write_sheet
from sortyard.app.workspace import Given, Workspace, found_or_here
from sortyard.data.archive import Archive, archive_of
from sortyard.data.cells import as_text, is_empty
from sortyard.data.columns import Columns, infer_columns
from sortyard.data.corrected import Corrected, corrected, read_corrections
from sortyard.data.dataset import Dataset
from sortyard.data.duplicates import near_duplicate_groups
from sortyard.data.health.balance import Balance
from sortyard.data.health.copies import Copies, contradictions, copies
from sortyard.data.health.counts import Counts
from sortyard.data.health.finding import HealthFinding
from sortyard.data.health.health import DimensionHealth, Excerpt, Health
from sortyard.data.health.lengths import Lengths
from sortyard.data.health.outlook import Outlook
from sortyard.data.health.personal import MOST_READ, personal_data
from sortyard.data.health.previous import Reassignments, previous_column, reassignments
from sortyard.data.health.spelling import Spellings, spellings
from sortyard.data.health.splits import Leakage, leakage, parts_of, split_column
from sortyard.data.health.time import history
from sortyard.data.health.tongues import tongues
from sortyard.data.label_cells import as_name
from sortyard.data.label_columns import LabelColumns
from sortyard.data.problems import ProblemCount, Trouble
from sortyard.data.readers import read_table
from sortyard.data.row_labels import row_labels
from sortyard.data.splits import unite
from sortyard.data.tables import Table
from sortyard.data.taxonomy_finding import Severity
from sortyard.data.work_list import COLUMNS, Suspicions, work_rows
from sortyard.domain.errors import MissingExtra
from sortyard.domain.ports import Advance, Progress
from sortyard.domain.taxonomy import Kind
from sortyard.text.language.detector import Detector
from sortyard.text.language.identifier import open_identifier
from sortyard.text.personal.policy import Policy
from sortyard.text.personal.redaction import Redactor
from sortyard.training.forecast.forecasting import forecast
from sortyard.training.forecast.probe import TURNS, probe
from sortyard.training.forecast.record import track_record
from sortyard.training.recipe import QUICK
from sortyard.training.sight import look_over
from sortyard.training.suspicions import FOLDS, suspicions_of

EXCERPT: Final = 160  # characters
SHOWN: Final = 12  # clusters and contradictions of which people see the words
REDACTED: Final = 2_000  # characters of a text that are looked through before it is shown
TRAIN, TEST = "train", "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked beside the columns that `train` knows: a split, former labels, a test."""

    split: str | None = None
    previous: str | None = None
    test: Path | None = None
    suspects: bool = True  # labels that are probably wrong, which takes the most time


@dataclass(frozen=True, slots=True)
class _Read:
    """An archive, and its table as it was before labels were held against a taxonomy."""

    table: Table
    columns: Columns
    archive: Archive

    @property
    def dataset(self) -> Dataset:
        return self.archive.dataset


def audit(
    path: Path, folder: Path | None, asked: Asked, *, given: Given, progress: Progress
) -> Health:
    """
    Say how healthy an archive is.

    Columns are those of the workspace where there is one, else they are guessed. Raises what
    reading raises, and UnknownColumn.
    """
    workspace = found_or_here(folder, given=given)
    with progress.stage(f"Reading {path.name}"):
        read = _read(workspace, path)
        test = _read_test(workspace, read, asked.test)
    read.table.require(*(one for one in (asked.split, asked.previous) if one))
    dataset = read.dataset
    texts = dataset.texts
    with progress.stage("Comparing texts", len(texts)):
        every = near_duplicate_groups([*texts, *(test.texts if test else ())])
        groups = every[: len(texts)]
        doubled = copies(texts, groups)
    with progress.stage("Looking for personal data", min(len(texts), MOST_READ)) as advance:
        personal = personal_data(texts, advance=advance)
    with progress.stage("Telling languages apart"):
        spoken = tongues(texts, _detector())
    doubts = _suspicions(workspace, read, groups, progress) if asked.suspects else {}
    dimensions = []
    for one in read.columns.labels:
        with progress.stage(f"Trying out {one.dimension}", TURNS) as advance:
            outlook = _outlook(workspace, read, one, groups, advance)
        dimensions.append(
            _dimension(
                read, one, groups, asked, outlook=outlook, suspicions=doubts.get(one.dimension)
            )
        )
    return Health(
        source=path.name,
        sha256=read.archive.sha256,
        rows=read.archive.rows,
        used=len(dataset),
        unlabelled=len(dataset.unlabelled),
        ids=dataset.ids,
        guesses=tuple(map(str, read.columns.guesses)),
        trouble=tuple(_trouble(one) for one in read.archive.problem_counts),
        lengths=Lengths.of(texts),
        tongues=spoken,
        personal=personal,
        copies=doubled,
        leakage=tuple(_leakage(read, asked, groups, every, test)),
        dimensions=tuple(dimensions),
        excerpts=_excerpts(dataset, doubled, dimensions),
    )


def write_page(health: Health, path: Path) -> None:
    """Write the page of an audit. Raises `CannotWrite`."""
    from sortyard.evaluation.audit_html import as_html  # noqa: PLC0415 -- only where a page is asked

    write_whole(path, as_html(health))


def write_work(health: Health, path: Path) -> int:
    """Write the list of probably wrong labels, to fill in. Raises `CannotWrite`."""
    lists = [one.suspicions for one in health.dimensions if one.suspicions is not None]
    rows = list(work_rows(lists))
    write_sheet(path, COLUMNS, rows)
    return len(rows)


def correct(
    path: Path, decided: Path, target: Path, folder: Path | None, given: Given
) -> Corrected:
    """
    Write an archive anew with what people decided, every other cell as it was.

    Raises what reading raises, and `CannotWrite`.
    """
    read = _read(found_or_here(folder, given=given), path)
    done = corrected(read.table, read.archive, read_corrections(decided, read.archive))
    write_sheet(target, done.columns, done.rows)
    return done


def _read(workspace: Workspace, path: Path) -> _Read:
    settings, taxonomy = workspace.settings, edited_taxonomy(workspace)
    table = read_table(path)
    columns = infer_columns(
        table,
        text=settings.text,
        labels=settings.label,
        id_column=settings.id or None,
        group=settings.group or None,
        time=settings.time or None,
        taxonomy=taxonomy,
    )
    return _Read(table, columns, archive_of(table, columns, taxonomy))


def _read_test(workspace: Workspace, read: _Read, path: Path | None) -> Dataset | None:
    if path is None:
        return None
    given = {"text": read.columns.text_specs, "label": read.columns.label_specs}
    named = found_or_here(workspace.folder, given=given)
    return read_for(named, path, taxonomy=read.archive.taxonomy).dataset


def _outlook(
    workspace: Workspace,
    read: _Read,
    columns: LabelColumns,
    groups: NDArray[np.intp],
    advance: Advance,
) -> Outlook | None:
    """Forecast what a training would reach, from a sample that is prepared as for one."""
    asked = read.dataset.select(read.dataset.answered(columns.dimension))
    tried = probe(
        asked.texts,
        asked.labels(columns.dimension),
        columns.kind,
        _units(read.dataset, groups)[list(read.dataset.answered(columns.dimension))],
        rng=np.random.default_rng(workspace.settings.seed),
        advance=advance,
        prepare=preparation_of(workspace.settings),
    )
    return None if tried is None else forecast(tried, len(asked), track_record(columns.kind))


def _dimension(  # noqa: PLR0913 -- what was found elsewhere, by name
    read: _Read,
    columns: LabelColumns,
    groups: NDArray[np.intp],
    asked: Asked,
    *,
    outlook: Outlook | None,
    suspicions: Suspicions | None,
) -> DimensionHealth:
    dataset, name = read.dataset, columns.dimension
    places = dataset.answered(name)
    answered = dataset.select(places)
    counts = Counts.of(answered.labels(name), rows=len(dataset))
    times = answered.times
    return DimensionHealth(
        name=name,
        kind=columns.kind,
        counts=counts,
        balance=Balance.of([one.rows for one in counts.labels]),
        spellings=_spellings(read.table, columns),
        contradictions=contradictions(dataset.texts, dataset.labels(name), groups, places),
        suspicions=suspicions,
        history=None if times is None else history(times, answered.labels(name), answered.texts),
        reassignments=_reassignments(read, columns, asked),
        outlook=outlook,
    )


def _suspicions(
    workspace: Workspace, read: _Read, groups: NDArray[np.intp], progress: Progress
) -> dict[str, Suspicions]:
    """Find the labels that are probably wrong, by heads that did not see them."""
    settings, dataset = workspace.settings, read.dataset
    recipe = replace(QUICK, encoder=settings.encoder) if settings.encoder else QUICK
    prepare = preparation_of(settings)
    with progress.stage("Preparing texts", len(dataset)):
        prepared = [prepare.prepare(one.message) for one in dataset.examples]
    sight = look_over(
        prepared,
        recipe,
        cache=workspace.cache,
        allow_download=settings.download,
        rng=np.random.default_rng(settings.seed),
        progress=progress,
    )
    units, found = _units(dataset, groups), {}
    for one in read.columns.labels:
        with progress.stage(f"Doubting {one.dimension}", FOLDS) as advance:
            found[one.dimension] = suspicions_of(
                dataset,
                read.archive.taxonomy[one.dimension],
                sight,
                units,
                recipe,
                seed=settings.seed,
                advance=advance,
            )
    return found


def _units(dataset: Dataset, groups: NDArray[np.intp]) -> NDArray[np.intp]:
    """What must not be parted: near-duplicates, and the groups that the file has."""
    return groups if dataset.groups is None else unite(groups, dataset.groups)


def _spellings(table: Table, columns: LabelColumns) -> Spellings:
    """Look at labels as they are written, whatever the taxonomy has."""
    counts: dict[str, int] = {}
    for held in row_labels(table, columns, None, []):
        for label in held or ():
            counts[label] = counts.get(label, 0) + 1
    blanks = 0
    if columns.kind is Kind.SINGLE:
        cells = zip(*(table[name] for name in columns.columns), strict=True)
        blanks = sum(
            any(not is_empty(one) and as_text(one) != as_name(as_text(one)) for one in row)
            for row in cells
        )
    return spellings(counts, blanks=blanks)


def _reassignments(read: _Read, columns: LabelColumns, asked: Asked) -> Reassignments | None:
    """Follow former labels, where a column has them and a row has one label."""
    if columns.kind is not Kind.SINGLE or len(columns.columns) > 1:
        return None
    dataset, name = read.dataset, columns.dimension
    messages = [one.message for one in dataset.examples]
    labels = dataset.labels(name)
    known = {label for held in labels for label in held}
    column = asked.previous or previous_column(messages, read.columns.metadata, known)
    return None if column is None else reassignments(messages, labels, column)


def _leakage(
    read: _Read,
    asked: Asked,
    groups: NDArray[np.intp],
    every: NDArray[np.intp],
    test: Dataset | None,
) -> Iterator[Leakage]:
    dataset = read.dataset
    messages = [one.message for one in dataset.examples]
    column = asked.split or split_column(messages, read.columns.metadata)
    if column is not None:
        parts = parts_of(messages, column)
        yield leakage(f"column {column!r}", parts, dataset.texts, groups, dataset.groups)
    if test is not None and asked.test is not None:
        both = dataset.groups is not None and test.groups is not None
        united = (*(dataset.groups or ()), *(test.groups or ()))
        yield leakage(
            asked.test.name,
            [*[TRAIN] * len(dataset), *[TEST] * len(test)],
            [*dataset.texts, *test.texts],
            every,
            united if both else None,
        )


def _trouble(one: ProblemCount) -> HealthFinding:
    """Say of rows that are wrong what every reading of the file says."""
    wrong = one.kind.leaves_out or one.kind in _SERIOUS
    about = f", {one.about}" if one.about else ""
    lines = ", ".join(map(str, one.lines))
    rows = "1 row" if one.count == 1 else f"{one.count:,} rows"
    word = "line" if len(one.lines) == 1 else "lines"
    more = ", …" if one.count > len(one.lines) else ""
    return HealthFinding(
        code=one.kind.value,
        severity=Severity.WARNING if wrong else Severity.NOTE,
        problem=f"{rows}: {one.kind.meaning} ({word} {lines}{more}{about}).",
        remedy=one.remedy,
    )


_SERIOUS: Final = {Trouble.UNKNOWN_LABEL, Trouble.SEVERAL_LABELS, Trouble.EMPTY_LABEL}


def _excerpts(
    dataset: Dataset, doubled: Copies, dimensions: Sequence[DimensionHealth]
) -> dict[str, Excerpt]:
    """Show the beginning of some messages, without personal data that a pattern can find."""
    redactor = Redactor(Policy())
    ids = dataset.ids
    wanted = [ids[one.places[0]] for one in doubled.largest[:SHOWN]]
    for one in dimensions:
        wanted += [ids[each.places[0]] for each in one.contradictions.worst[:SHOWN]]
        listed = one.suspicions.found[:SHOWN] if one.suspicions else ()
        wanted += [each.id for each in listed]
        wanted += [each.like_likely.id for each in listed if each.like_likely is not None]
    place = {id_: at for at, id_ in enumerate(ids)}
    found = {}
    for id_ in dict.fromkeys(wanted):
        message = dataset.examples[place[id_]].message
        words = " ".join(redactor(message.whole[:REDACTED]).split())
        cut = words if len(words) <= EXCERPT else f"{words[: EXCERPT - 1].rstrip()}…"
        found[id_] = Excerpt(id_, cut)
    return found


def _detector() -> Detector | None:
    try:
        return open_identifier()
    except MissingExtra:
        return None
