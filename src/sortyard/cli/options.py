"""The arguments that several commands share, so that they mean the same everywhere."""

from pathlib import Path
from typing import Annotated, Final, TypeAlias

import typer

MOST_DAYS: Final = 36_500  # a century; a calendar ends somewhere
MOST: Final = 1_000_000_000  # of anything that is counted; no database counts without end

WorkspaceFolder: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        "-w",
        metavar="DIR",
        envvar="SORTYARD_WORKSPACE",
        help="The workspace; the nearest from here upwards where not given.",
    ),
]
AsJson: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print JSON, for scripts, in place of words.")
]
ReleaseName: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--release",
        "-r",
        metavar="ID",
        help="A release by its id, or a folder or exported file; else the champion.",
    ),
]
Force: TypeAlias = Annotated[
    bool, typer.Option("--force", help="Let it answer although it failed its gates.")
]
TaxonomySource: TypeAlias = Annotated[
    str | None,
    typer.Argument(
        metavar="TAXONOMY",
        help="A taxonomy file, or a release; the workspace's file where not given.",
        show_default=False,
    ),
]
Texts: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--text", metavar="COL", help="A text column; repeatable. Else guessed."),
]
Labels: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--label",
        metavar="COL",
        help="A label column, NAME=COL, or PARENT/CHILD; repeatable. Else guessed.",
    ),
]
IdColumn: TypeAlias = Annotated[
    str | None, typer.Option("--id", metavar="COL", help="The column with the ids.")
]
TestFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--test", metavar="FILE", help="Test on these; else on a part of ARCHIVE."),
]
Seed: TypeAlias = Annotated[
    int | None, typer.Option("--seed", min=0, metavar="N", help="Where randomness starts.")
]
Everything: TypeAlias = Annotated[bool, typer.Option("--all", help="Show every line.")]
KeyName: TypeAlias = Annotated[
    str, typer.Argument(metavar="KEY", help="The id of a key, or its name.")
]
