"""Look an archive over before anything is trained on it. Nothing is written."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sortyard.app.audited import Asked, Audited, read_audited, read_test
from sortyard.app.audited_dimensions import dimensions_of
from sortyard.app.files import write_whole
from sortyard.app.sheets import write_sheet
from sortyard.app.workspace import Given, found_or_here
from sortyard.data.corrected import Corrected, corrected, read_corrections
from sortyard.data.dataset import Dataset
from sortyard.data.duplicates import near_duplicate_groups
from sortyard.data.health.copies import Copies, copies
from sortyard.data.health.finding import HealthFinding
from sortyard.data.health.health import DimensionHealth, Excerpt, Health
from sortyard.data.health.lengths import Lengths
from sortyard.data.health.personal import MOST_READ, personal_data
from sortyard.data.health.splits import Leakage, leakage, parts_of, split_column
from sortyard.data.health.tongues import tongues
from sortyard.data.problems import ProblemCount, Trouble
from sortyard.data.taxonomy_finding import Severity
from sortyard.data.work_list import COLUMNS, work_rows
from sortyard.domain.errors import MissingExtra
from sortyard.domain.ports import Progress
from sortyard.text.language.detector import Detector
from sortyard.text.language.identifier import open_identifier
from sortyard.text.personal.policy import Policy
from sortyard.text.personal.redaction import Redactor

EXCERPT: Final = 160  # characters
SHOWN: Final = 12  # clusters and contradictions of which people see the words
REDACTED: Final = 2_000  # characters of a text that are looked through before it is shown
TRAIN, TEST = "train", "test"


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
        read = read_audited(workspace, path)
        test = read_test(workspace, read, asked.test)
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
    dimensions = dimensions_of(workspace, read, groups, asked, progress)
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
        dimensions=dimensions,
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
    read = read_audited(found_or_here(folder, given=given), path)
    done = corrected(read.table, read.archive, read_corrections(decided, read.archive))
    write_sheet(target, done.columns, done.rows)
    return done


def _leakage(
    read: Audited,
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
    return HealthFinding(
        code=one.kind.value,
        severity=Severity.WARNING if wrong else Severity.NOTE,
        problem=f"{one.how_many}: {one.kind.meaning} ({one.where}{about}).",
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
