"""The features of a workspace: read, and held against the columns of an archive."""

from collections.abc import Iterable, Iterator

from sortyard.app.workspace import Workspace
from sortyard.data.archive import Archive
from sortyard.data.columns import Columns
from sortyard.data.features_file import read_features
from sortyard.domain.errors import InvalidFeatures, did_you_mean, listing
from sortyard.domain.features import NOTHING_DECLARED, Declaration


def features_of(workspace: Workspace, archive: Archive) -> Declaration:
    """
    Read the features of a workspace, which are none where it has no file, or no message to learn.

    Raises `InvalidFeatures`, also for a column that the archive does not have, or that it has for
    something else: a label says what is asked for, and is not known when a message arrives.
    """
    path = workspace.folder / workspace.settings.features
    if not path.is_file() or not len(archive.dataset):
        return NOTHING_DECLARED
    declared = read_features(path)
    problems = [*_misfits(declared.metadata, archive.columns)]
    if problems:
        raise InvalidFeatures(str(path), problems)
    return declared


def _misfits(wanted: Iterable[str], columns: Columns) -> Iterator[str]:
    labels = {column: one.dimension for one in columns.labels for column in one.columns}
    texts = {*columns.text, columns.subject}
    for column in wanted:
        if column in labels:
            yield f"column {column!r} holds the labels of {labels[column]!r}, which are to be told"
        elif column in texts:
            yield f"column {column!r} is read as text already"
        elif column == columns.id:
            yield f"column {column!r} holds the ids, which say nothing of other messages"
        elif column not in columns.metadata:
            guess = did_you_mean([column], columns.metadata)
            known = listing(columns.metadata, limit=20) or "none"
            yield f"the archive has no column {column!r}. {guess}Beside the others it has {known}"
