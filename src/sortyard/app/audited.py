"""What an audit looks at: an archive as it stands in its file, and what is asked of it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sortyard.app.archives import edited_taxonomy, read_for
from sortyard.app.workspace import Workspace, found_or_here
from sortyard.data.archive import Archive, archive_of
from sortyard.data.columns import Columns, infer_columns
from sortyard.data.dataset import Dataset
from sortyard.data.readers import read_table
from sortyard.data.splits import unite
from sortyard.data.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked beside the columns that `train` knows: a split, former labels, a test."""

    split: str | None = None
    previous: str | None = None
    test: Path | None = None
    suspects: bool = True  # labels that are probably wrong, which takes the most time


@dataclass(frozen=True, slots=True)
class Audited:
    """An archive, and its table as it was before labels were held against a taxonomy."""

    table: Table
    columns: Columns
    archive: Archive

    @property
    def dataset(self) -> Dataset:
        return self.archive.dataset


def read_audited(workspace: Workspace, path: Path) -> Audited:
    """Read an archive, by the columns that the workspace names. Raises what reading raises."""
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
    return Audited(table, columns, archive_of(table, columns, taxonomy))


def read_test(workspace: Workspace, read: Audited, path: Path | None) -> Dataset | None:
    """Read the test file, where one is asked for, by the columns of the archive."""
    if path is None:
        return None
    given = {"text": read.columns.text_specs, "label": read.columns.label_specs}
    named = found_or_here(workspace.folder, given=given)
    return read_for(named, path, taxonomy=read.archive.taxonomy).dataset


def units_of(dataset: Dataset, groups: NDArray[np.intp]) -> NDArray[np.intp]:
    """What must not be parted: near-duplicates, and the groups that the file has."""
    return groups if dataset.groups is None else unite(groups, dataset.groups)
