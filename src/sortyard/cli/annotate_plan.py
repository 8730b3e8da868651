"""The command `sortyard annotate plan`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from sortyard.cli.options import AsJson, IdColumn, Labels, ReleaseName, Texts, WorkspaceFolder
from sortyard.cli.output import print_json, print_line
from sortyard.cli.progress import showing_progress

if TYPE_CHECKING:  # so that `--help` does not wait for NumPy
    from sortyard.app.planning import Planned

WIDTH = 79
MOST = 100_000

PlanFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write a .csv, .tsv or .jsonl to fill in."),
]
LabelledFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--labelled", metavar="FILE", help="Another file of what is labelled."),
]
Shares: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--mix", metavar="SHARES", help="As `margin=0.8,random=0.2`; else the usual shares."
    ),
]


def plan_command(
    count: Annotated[
        int,
        typer.Argument(metavar="N", min=1, max=MOST, help="How many labels there are to spend."),
    ],
    pool: Annotated[
        Path, typer.Argument(metavar="POOL", help="A file of messages; labelled ones may be in it.")
    ],
    *,
    target: PlanFile = None,
    labelled: LabelledFile = None,
    mix: Shares = None,
    text: Texts = None,
    label: Labels = None,
    identity: IdColumn = None,
    release: ReleaseName = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """
    Choose the N messages that are most worth a label.

    By what the champion is unsure of, and never twice the same; without a release,
    those that stand for many. Some are drawn by chance, to measure on.
    """
    from sortyard.app.planning import check_plan, plan_in, write_plan
    from sortyard.labelling.strategies import Mix

    if target is not None:
        check_plan(target, (pool, labelled))
    given = {
        "text": tuple(text or ()) or None,
        "label": tuple(label or ()) or None,
        "id": identity,
    }
    with showing_progress() as progress:
        planned = plan_in(
            pool,
            count,
            workspace,
            release=release,
            labelled=labelled,
            given=given,
            mix=None if mix is None else Mix.parse(mix),
            progress=progress,
        )
    if target is not None:
        write_plan(target, planned)
    if as_json:
        _print_facts(planned, target)
    else:
        _print_words(planned, target)


def _print_facts(planned: "Planned", target: Path | None) -> None:
    facts = {
        "release": planned.release,
        "pool": planned.pool,
        "labelled": planned.labelled,
        "strategies": {one.value: count for one, count in planned.counts.items()},
    }
    found = {"output": target} if target else {"messages": list(planned.rows())}
    print_json(facts | found)


def _print_words(planned: "Planned", target: Path | None) -> None:
    if target is None:
        for pick in planned.picks:
            words = " ".join(pick.message.whole.split())
            line = f"{pick.strategy.value:<9} {pick.message.id}  {words}"
            print_line(line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…")
        print_line()
    asked = planned.release or "no release yet: what stands for many comes first"
    print_line(f"{len(planned.picks):,} of {planned.pool:,} messages ({asked})")
    for strategy, count in planned.counts.items():
        print_line(f"  {count:>5,}  {strategy.value}")
    if target is not None:
        print_line(f"wrote {target}: fill in {', '.join(planned.dimensions)}, then")
        if planned.release or planned.labelled:
            print_line(f"  sortyard train ARCHIVE {target}")
        else:
            labels = " ".join(f"--label {one}" for one in planned.dimensions)
            print_line(f"  sortyard train {target} --text text {labels}")
