"""The command `sortyard audit`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from sortyard.cli.options import AsJson, Everything, IdColumn, Labels, Seed, Texts, WorkspaceFolder
from sortyard.cli.output import answer_no, note, print_json, print_line
from sortyard.cli.progress import showing_progress
from sortyard.domain.errors import InvalidUsage, number

if TYPE_CHECKING:  # so that `--help` does not wait for NumPy
    from collections.abc import Iterable

    from sortyard.app.workspace import Given
    from sortyard.data.health.health import Health

GroupColumn: TypeAlias = Annotated[
    str | None,
    typer.Option("--group", metavar="COL", help="The column of what belongs together."),
]
TimeColumn: TypeAlias = Annotated[
    str | None, typer.Option("--time", metavar="COL", help="The column of times.")
]
SplitColumn: TypeAlias = Annotated[
    str | None,
    typer.Option("--split", metavar="COL", help="The column that says train or test."),
]
FormerColumn: TypeAlias = Annotated[
    str | None,
    typer.Option("--previous", metavar="COL", help="The column of former labels."),
]
LeakTest: TypeAlias = Annotated[
    Path | None,
    typer.Option("--test", metavar="FILE", help="A test, to look for leaks into it."),
]
Suspects: TypeAlias = Annotated[
    bool,
    typer.Option("--suspects/--no-suspects", help="Look for labels that are likely wrong."),
]
DoubtsFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--export", metavar="FILE", help="Write likely wrong labels, to fill in."),
]
DecidedFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--decided", metavar="FILE", help="Read that file back; with --corrected."),
]
CorrectedFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--corrected", metavar="FILE", help="Write the archive as decided."),
]
PageFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--html", metavar="FILE", help="Write a page with plots as well."),
]
Strict: TypeAlias = Annotated[
    bool, typer.Option("--strict", help="Exit with 1 where an error was found.")
]


def audit_archive_command(
    archive: Annotated[Path, typer.Argument(metavar="ARCHIVE", help="Labelled messages.")],
    *,
    text: Texts = None,
    label: Labels = None,
    identity: IdColumn = None,
    group: GroupColumn = None,
    time: TimeColumn = None,
    split: SplitColumn = None,
    previous: FormerColumn = None,
    test: LeakTest = None,
    suspects: Suspects = True,
    export: DoubtsFile = None,
    decided: DecidedFile = None,
    corrected: CorrectedFile = None,
    html: PageFile = None,
    seed: Seed = None,
    strict: Strict = False,
    everything: Everything = False,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """
    Say how healthy an archive is, before anything is trained on it.

    Looks at counts, balance, spelling of labels, duplicates, contradictions,
    leaks, likely label errors, languages, personal data and time, and forecasts
    what a training would reach. Writes nothing unless asked.
    """
    from sortyard.app.audited import Asked
    from sortyard.app.auditing import audit

    given = {
        "text": tuple(text) if text else None,
        "label": tuple(label) if label else None,
        "id": identity,
        "group": group,
        "time": time,
        "seed": seed,
    }
    if decided is not None or corrected is not None:
        _correct(archive, decided, corrected, workspace, given)
        return
    _check(export, html, read=(archive, test))
    asked = Asked(
        split=split, previous=previous, test=test, suspects=suspects or export is not None
    )
    with showing_progress() as progress:
        health = audit(archive, workspace, asked, given=given, progress=progress)
    if as_json:
        from sortyard.cli.audit_json import facts_of

        print_json(facts_of(health))
    else:
        from sortyard.cli.audit_lines import in_words

        for line in in_words(health, everything=everything):
            print_line(line)
    _write(health, export, html)
    if strict and health.is_serious:
        raise answer_no()


def _check(export: Path | None, html: Path | None, *, read: "Iterable[Path | None]") -> None:
    """Refuse what cannot be written before anything takes time."""
    from sortyard.app.sheets import check_sheet, check_target

    if export is not None:
        check_sheet(export)
    for target in filter(None, (export, html)):
        check_target(target, read)


def _write(health: "Health", export: Path | None, html: Path | None) -> None:
    """Write what was asked for beside the words, and say where it lies."""
    from sortyard.app.auditing import write_page, write_work

    if export is not None:
        rows = write_work(health, export)
        note(f"wrote {number(rows, 'label')} to decide to {export}")
    if html is not None:
        write_page(health, html)
        note(f"wrote the page {html}")


def _correct(
    archive: Path, decided: Path | None, target: Path | None, folder: Path | None, given: "Given"
) -> None:
    """Put decisions into the archive, and say what to do with it."""
    from sortyard.app.auditing import correct
    from sortyard.app.sheets import check_sheet, check_target

    if decided is None or target is None:
        raise InvalidUsage(
            "`--decided` and `--corrected` belong together.",
            "Name the list that was filled in, and the archive to write.",
        )
    check_sheet(target)
    check_target(target, (archive, decided))
    done = correct(archive, decided, target, folder, given=given)
    changed = number(done.changed, "label")
    note(f"wrote {number(len(done.rows), 'row')} to {target}: {changed} changed")
    note(f"by {number(done.confirmed, 'decision')} the label stands")
    if done.strangers:
        note(f"{number(done.strangers, 'decision')} on messages that the archive does not have")
    note(f"next: `sortyard audit {target}`")
