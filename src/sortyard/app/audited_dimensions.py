"""Look over the labels of every dimension: what is written, doubted, changed and reached."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sortyard.app.audited import Asked, Audited, units_of
from sortyard.app.preparing import preparation_of
from sortyard.app.workspace import Workspace
from sortyard.data.cells import as_text, is_empty
from sortyard.data.health.balance import Balance
from sortyard.data.health.copies import contradictions
from sortyard.data.health.counts import Counts
from sortyard.data.health.health import DimensionHealth
from sortyard.data.health.outlook import Outlook
from sortyard.data.health.previous import Reassignments, previous_column, reassignments
from sortyard.data.health.spelling import Spellings, spellings
from sortyard.data.health.time import history
from sortyard.data.label_cells import as_name
from sortyard.data.label_columns import LabelColumns
from sortyard.data.row_labels import row_labels
from sortyard.data.tables import Table
from sortyard.data.work_list import Suspicions
from sortyard.domain.ports import Advance, Progress
from sortyard.domain.taxonomy import Kind
from sortyard.training.forecast.forecasting import forecast
from sortyard.training.forecast.probe import TURNS, probe
from sortyard.training.forecast.record import track_record
from sortyard.training.recipe import QUICK
from sortyard.training.sight import look_over
from sortyard.training.suspicions import FOLDS, suspicions_of


def dimensions_of(
    workspace: Workspace,
    read: Audited,
    groups: NDArray[np.intp],
    asked: Asked,
    progress: Progress,
) -> tuple[DimensionHealth, ...]:
    """Say how healthy every dimension is. `groups` are the near-duplicates, a number a row."""
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
    return tuple(dimensions)


def _outlook(
    workspace: Workspace,
    read: Audited,
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
        units_of(read.dataset, groups)[list(read.dataset.answered(columns.dimension))],
        rng=np.random.default_rng(workspace.settings.seed),
        advance=advance,
        prepare=preparation_of(workspace.settings),
    )
    return None if tried is None else forecast(tried, len(asked), track_record(columns.kind))


def _dimension(  # noqa: PLR0913 -- what was found elsewhere, by name
    read: Audited,
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
    workspace: Workspace, read: Audited, groups: NDArray[np.intp], progress: Progress
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
    units, found = units_of(dataset, groups), {}
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


def _reassignments(read: Audited, columns: LabelColumns, asked: Asked) -> Reassignments | None:
    """Follow former labels, where a column has them and a row has one label."""
    if columns.kind is not Kind.SINGLE or len(columns.columns) > 1:
        return None
    dataset, name = read.dataset, columns.dimension
    messages = [one.message for one in dataset.examples]
    labels = dataset.labels(name)
    known = {label for held in labels for label in held}
    column = asked.previous or previous_column(messages, read.columns.metadata, known)
    return None if column is None else reassignments(messages, labels, column)
