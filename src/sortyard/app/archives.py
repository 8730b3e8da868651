"""An archive read the way its workspace says, and the workspace that its first reading makes."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sortyard.app.files import write_whole
from sortyard.app.settings import FILE
from sortyard.app.workspace import Given, Workspace, found_or_here, make
from sortyard.data.archive import Archive, read_archive
from sortyard.data.columns import Columns
from sortyard.data.dataset import Dataset
from sortyard.data.scarcity import scarcities
from sortyard.data.several_files import read_archives
from sortyard.data.taxonomy_file import read_taxonomy, render_taxonomy
from sortyard.domain.errors import UnknownColumn, UnknownDimension
from sortyard.domain.taxonomy import Taxonomy
from sortyard.evaluation.gates import Gates, default_text, read_gates
from sortyard.training.recipe import recipe_named

INFERRED = "inferred-taxonomy"  # in the state folder: the hash of a file that nobody has edited


@dataclass(frozen=True, slots=True)
class Opened:
    """A workspace and the archive that it was opened with."""

    workspace: Workspace
    archive: Archive

    @property
    def remarks(self) -> Iterator[str]:
        """What was guessed about the columns, and which rows are odd."""
        for guess in self.archive.columns.guesses:
            yield str(guess)
        for file in self.archive.files:
            name = f"{Path(file.source).name}: " if self.archive.parts else ""
            for problem in file.problem_counts:
                yield f"{name}{problem} {problem.remedy}"
        yield from scarcities(self.archive.dataset)


def open_with(
    path: Path, folder: Path | None, *, given: Given, more: Sequence[Path] = ()
) -> Opened:
    """
    Read labelled messages; the workspace is made where there is none.

    `more` files are read as if they stood below the first. Nothing is written before all was read.
    A taxonomy that people have edited is obeyed; one that was inferred and never touched is
    inferred again. Raises what `read_archives` does, and `InvalidSettings` for an unknown recipe.
    """
    workspace = found_or_here(folder, given=given)
    recipe_named(workspace.settings.recipe)  # a wrong name must not be remembered
    try:
        archive = read_for(workspace, path, taxonomy=edited_taxonomy(workspace), more=more)
    except UnknownColumn as error:
        if error.column not in _asked(given):
            error.remedy += f" {FILE} asks for {error.column!r}: name others with `--text` or"
            error.remedy += " `--label`, or correct that file."
        raise
    keep = {name: value for name, value in given.items() if value is not None}
    keep |= {"text": archive.columns.text_specs, "label": archive.columns.label_specs}
    make(workspace, keep=keep)
    if edited_taxonomy(workspace) is None:
        write_inferred(workspace, archive.taxonomy)
    return Opened(workspace, archive)


def open_without(folder: Path | None, *, given: Given) -> Opened:
    """
    Open a workspace of which nobody has labelled a message yet: its taxonomy is all there is.

    Raises `InvalidTaxonomy` where there is no taxonomy, or a wrong one.
    """
    workspace = found_or_here(folder, given=given)
    recipe_named(workspace.settings.recipe)
    path = workspace.taxonomy_file
    taxonomy = read_taxonomy(path)
    make(workspace, keep={name: value for name, value in given.items() if value is not None})
    nothing = Archive(
        dataset=Dataset(examples=(), dimensions=taxonomy.names),
        taxonomy=taxonomy,
        columns=Columns(text=workspace.settings.text),
        problems=(),
        source=str(path),
        sha256=_hash(path.read_bytes()),
        rows=0,
    )
    return Opened(workspace, nothing)


def _asked(given: Given) -> str:
    """The columns that this very command names, as one text to search."""
    return repr([value for value in given.values() if value])


def read_for(
    workspace: Workspace, path: Path, *, taxonomy: Taxonomy | None, more: Sequence[Path] = ()
) -> Archive:
    """Read labelled messages, of one file or of several, by the settings of a workspace."""
    settings = workspace.settings
    read = partial(read_archives, (path, *more)) if more else partial(read_archive, path)
    try:
        return read(
            text=settings.text,
            labels=settings.label,
            taxonomy=taxonomy,
            id_column=settings.id or None,
            group=settings.group or None,
            time=settings.time or None,
        )
    except UnknownDimension as error:
        error.remedy += f" `label` in {FILE} or `--label` has other names than the taxonomy:"
        error.remedy += " correct one of them, or write `--label DIMENSION=COLUMN`."
        raise


def gates_of(workspace: Workspace) -> Gates:
    """Read the gates of a workspace; the default ones where it has no file."""
    return read_gates(workspace.gates_file) if workspace.gates_file.is_file() else Gates()


def write_gates(workspace: Workspace) -> None:
    """Write a gates file to start from, where there is none."""
    if not workspace.gates_file.exists():
        write_whole(workspace.gates_file, default_text())


def edited_taxonomy(workspace: Workspace) -> Taxonomy | None:
    """Read the taxonomy that people stand behind; None where it is absent, or only inferred."""
    path = workspace.taxonomy_file
    if not path.is_file():
        return None
    mark = workspace.state / INFERRED
    if mark.is_file() and mark.read_text(encoding="utf-8").strip() == _hash(path.read_bytes()):
        return None
    return read_taxonomy(path)


def write_inferred(workspace: Workspace, taxonomy: Taxonomy) -> None:
    """Write a taxonomy that nobody has looked at yet, and remember that."""
    text = render_taxonomy(taxonomy)
    write_whole(workspace.taxonomy_file, text)
    write_whole(workspace.state / INFERRED, _hash(text.encode()) + "\n")


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
