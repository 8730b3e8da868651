"""The command `sortyard agree`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from sortyard.cli.options import AsJson, Everything, Texts, WorkspaceFolder
from sortyard.cli.output import answer_no, note, print_json, print_line, wrapped
from sortyard.cli.progress import showing_progress
from sortyard.domain.errors import number

if TYPE_CHECKING:  # so that `--help` does not wait for NumPy
    from sortyard.app.agreeing import Agreed

AnnotatorColumns: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--annotator",
        metavar="COL",
        help="The column that says who voted; or, repeated, one column of votes each.",
    ),
]
VoteColumns: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--label",
        metavar="COL",
        help="A label column, as for `train`; with a column for each annotator, a name.",
    ),
]
MessageIds: TypeAlias = Annotated[
    str | None, typer.Option("--id", metavar="COL", help="The column with message ids.")
]
LeastAlpha: TypeAlias = Annotated[
    float,
    typer.Option("--gate", min=0.0, max=1.0, metavar="ALPHA", help="The least alpha that will do."),
]
WorkFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--export", metavar="FILE", help="Write what needs a decision, to fill in."),
]
DecidedFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--decided", metavar="FILE", help="Read that file back."),
]
ArchiveFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--archive", metavar="FILE", help="Write decisions and consensus, for `train`."),
]
IntervalSeed: TypeAlias = Annotated[
    int | None, typer.Option("--seed", min=0, metavar="N", help="Where the intervals start.")
]


def agree_command(
    votes: Annotated[Path, typer.Argument(metavar="VOTES", help="Votes of several annotators.")],
    *,
    annotator: AnnotatorColumns = None,
    label: VoteColumns = None,
    identity: MessageIds = None,
    text: Texts = None,
    gate: LeastAlpha = 0.8,
    export: WorkFile = None,
    decided: DecidedFile = None,
    archive: ArchiveFile = None,
    seed: IntervalSeed = None,
    everything: Everything = False,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """
    Say how far several annotators agree, and what they have to decide.

    The votes have a row for each vote, or a column for each annotator. Exits with
    1 where Krippendorff's alpha is below the gate.
    """
    from sortyard.app.agreeing import Asked, agree_on, write_archive, write_work
    from sortyard.app.sheets import check_sheet, check_target
    from sortyard.cli.agree_lines import in_words

    for target in (export, archive):
        if target is not None:
            check_sheet(target)
            check_target(target, (votes, decided))
    asked = Asked(
        annotators=annotator or (),
        labels=label or (),
        id=identity,
        text=text or (),
        decided=decided,
        gate=gate,
        seed=seed,
    )
    with showing_progress() as progress:
        agreed = agree_on(votes, asked, workspace, progress=progress)
    for remark in agreed.remarks:
        note(wrapped(remark, indent=2))
    if as_json:
        from sortyard.cli.agree_json import facts_of

        print_json(facts_of(agreed))
    else:
        for line in in_words(agreed, everything=everything):
            print_line(line)
    if export is not None:
        work = write_work(agreed, export)
        note(f"wrote {number(work.rows, 'message')} to decide to {work.path}")
    if archive is not None:
        whole = write_archive(agreed, archive)
        note(f"wrote {number(whole.rows, 'labelled message')} to {whole.path}")
        _say_what_next(agreed, archive, whole.without)
    if not agreed.passed:
        raise answer_no()


def _say_what_next(agreed: "Agreed", archive: Path, without: int) -> None:
    if without:
        note(f"{number(without, 'message')} without an answer: not in it")
    if not agreed.file.columns.text:
        note("it has no texts, for the votes have none: add them by the ids before a training")
        return
    texts = " ".join(f'--text "{name}"' for name in agreed.file.columns.text)
    labels = " ".join(f'--label "{one.votes.dimension}"' for one in agreed.dimensions)
    note(f"next: `sortyard train {archive} {texts} {labels}`")
