"""The command `sortyard train`."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from sortyard.cli.options import AsJson, IdColumn, Labels, Seed, TestFile, Texts, WorkspaceFolder
from sortyard.cli.output import answer_no, note, print_json, print_line, wrapped
from sortyard.cli.progress import showing_progress

if TYPE_CHECKING:  # so that `--help` does not wait for scikit-learn
    from sortyard.app.archives import Opened
    from sortyard.app.recipes import Wanted
    from sortyard.app.training import Shipped
    from sortyard.app.workspace import Given

RecipeName: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--recipe",
        metavar="NAME",
        help="`quick`, `standard`, `full` or `edge`; or a release's manifest.json, to repeat it.",
    ),
]
Budget: TypeAlias = Annotated[
    str | None,
    typer.Option("--budget", metavar="TIME", help="Take what pays within `90s`, `10m`, `1h30m`."),
]
GroupColumn: TypeAlias = Annotated[
    str | None, typer.Option("--group", metavar="COL", help="Never split rows of a group.")
]
TimeColumn: TypeAlias = Annotated[
    str | None, typer.Option("--time", metavar="COL", help="Test on the latest rows.")
]
EncoderName: TypeAlias = Annotated[
    str | None,
    typer.Option("--encoder", metavar="NAME|DIR", help="A folder, or OWNER/NAME[@COMMIT]."),
]
Download: TypeAlias = Annotated[
    bool | None, typer.Option("--download", help="Allow to ask the hub for the weights.")
]
Promote: TypeAlias = Annotated[
    bool | None,
    typer.Option(
        "--promote/--no-promote",
        help="Let it answer if it passes, or never; else only the first one does.",
    ),
]


def train_command(
    archives: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="ARCHIVE",
            help="Labelled messages, in one file or several; taxonomy.yaml alone without.",
        ),
    ] = None,
    *,
    text: Texts = None,
    label: Labels = None,
    test: TestFile = None,
    recipe: RecipeName = None,
    budget: Budget = None,
    seed: Seed = None,
    identity: IdColumn = None,
    group: GroupColumn = None,
    time: TimeColumn = None,
    encoder: EncoderName = None,
    download: Download = None,
    promote: Promote = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """
    Turn an archive of labelled messages into a release.

    Reads, splits without leaks, trains, calibrates, tests, and holds the result
    against the gates; exits with 1 where one fails. Makes the workspace where
    there is none. Without ARCHIVE, labels are told by what taxonomy.yaml says of
    them, and a person decides everything.
    """
    from sortyard.app.recipes import Wanted

    wanted = Wanted.of(recipe, budget, encoder)
    given = {
        "text": tuple(text) if text else None,
        "label": tuple(label) if label else None,
        "recipe": wanted.name,
        "seed": seed,
        "id": identity,
        "group": group,
        "time": time,
        "encoder": encoder,
        "download": download,
        "promote": None if promote is None else "always" if promote else "never",
    }
    shipped = _train(archives or (), test, workspace, given, wanted, seed=seed)
    if as_json:
        print_json({**shipped.trained.report.to_json(), **_facts(shipped)})
    else:
        _tell(shipped)
    if not shipped.trained.passed:
        raise answer_no()


def _train(
    archives: Sequence[Path],
    test: Path | None,
    workspace: Path | None,
    given: "Given",
    wanted: "Wanted",
    *,
    seed: int | None,
) -> "Shipped":
    from sortyard.app.archives import open_with, open_without
    from sortyard.app.training import train_in

    if not archives:
        opened = open_without(workspace, given=given)
    else:
        first, *more = archives
        names = ", ".join(one.name for one in archives)
        with showing_progress() as progress, progress.stage(f"Reading {names}"):
            opened = open_with(first, workspace, given=given, more=more)
        remark(opened)
    with showing_progress() as progress:
        return train_in(
            opened,
            test=test,
            progress=progress,
            now=lambda: datetime.now(UTC),
            wanted=wanted,
            seed=seed,
            tell=lambda remark: note(wrapped(remark)),
        )


def remark(opened: "Opened") -> None:
    """Say what was found out about an archive: how much of it is usable, and what was guessed."""
    rows, used = opened.archive.rows, len(opened.archive.dataset)
    note(f"{used:,} of {rows:,} rows can be used")
    for remark in opened.remarks:
        note(wrapped(remark, indent=2))


def _facts(shipped: "Shipped") -> dict[str, object]:
    return {
        "seconds": round(shipped.trained.seconds, 3),
        "folder": str(shipped.trained.folder),
        "promoted": shipped.turn is not None,
        "champion": shipped.champion,
    }


def _tell(shipped: "Shipped") -> None:
    from sortyard.evaluation.report_text import as_text

    trained = shipped.trained
    print_line(as_text(trained.report).rstrip())
    print_line()
    print_line(f"report: {trained.folder / 'report.html'}")
    if not trained.passed:
        print_line(wrapped(f"{trained.release} failed its gates, so it does not answer."))
    elif shipped.champion == trained.release:
        print_line(f"{trained.release} answers from now on.")
        print_line('next: `sortyard classify "…"`')
    else:
        print_line(f"{trained.release} waits; {shipped.champion or 'no release'} answers.")
        print_line(f"next: `sortyard promote {trained.release}`")
