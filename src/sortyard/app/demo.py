"""The demo's workspace: a made-up support archive with its labels."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sortyard.app.files import refusals
from sortyard.app.workspace import Workspace, found_or_here, make
from sortyard.data.demo.archive import write_demo_archive
from sortyard.data.demo.taxonomy import demo_taxonomy
from sortyard.data.taxonomy_file import write_taxonomy
from sortyard.domain.errors import InvalidUsage

ARCHIVE = "tickets.csv"
MARK = "demo"  # in the state folder: this workspace may be written over


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the demo plays."""

    workspace: Workspace
    archive: Path


def set_up(folder: Path, *, rows: int, seed: int) -> Stage:
    """
    Write the demo's archive and labels into a workspace of its own; a second time, again.

    Raises `InvalidUsage` for a folder that holds something else, and `CannotWrite`.
    """
    workspace = found_or_here(folder)
    mark = workspace.state / MARK
    if folder.exists() and any(folder.iterdir()) and not mark.exists():
        raise InvalidUsage(
            f"{folder} holds something that is not the demo's.",
            "Name another folder with `--workspace`, or remove that one.",
        )
    make(workspace)
    with refusals(mark):
        mark.touch()
    archive = folder / ARCHIVE
    write_demo_archive(archive, count=rows, rng=np.random.default_rng(seed))
    write_taxonomy(demo_taxonomy(), workspace.taxonomy_file)
    return Stage(workspace, archive)
