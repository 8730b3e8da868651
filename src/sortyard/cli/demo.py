"""The command `sortyard demo`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sortyard.cli.answer_lines import answer_lines
from sortyard.cli.explain import explanation_lines
from sortyard.cli.options import AsJson
from sortyard.cli.output import answer_no, print_json, print_line, wrapped
from sortyard.cli.progress import showing_progress
from sortyard.cli.train import remark
from sortyard.domain.messages import Message

if TYPE_CHECKING:  # so that `--help` does not wait for scikit-learn
    from sortyard.app.training import Shipped
    from sortyard.models.classifier import Classifier

ROWS = 4_000
EXPLAINED_WORDS = 5


def demo_command(
    *,
    folder: Annotated[
        Path, typer.Option("--workspace", "-w", metavar="DIR", help="Where to play it.")
    ] = Path("demo"),
    rows: Annotated[
        int, typer.Option("--rows", min=200, metavar="N", help="How many tickets to make up.")
    ] = ROWS,
    recipe: Annotated[
        str | None,
        typer.Option("--recipe", metavar="NAME", help="`quick`, `standard`, `full` or `edge`."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """
    Make up a support archive, train on it, and show what the answers look like.

    Nothing of yours is read or changed.
    """
    from sortyard.app.archives import open_with
    from sortyard.app.demo import set_up
    from sortyard.app.loading import load
    from sortyard.app.settings import SEED
    from sortyard.app.training import train_in

    with showing_progress() as progress:
        with progress.stage("Making up tickets", rows):
            stage = set_up(folder, rows=rows, seed=SEED)
        with progress.stage("Reading them"):
            opened = open_with(stage.archive, folder, given={"recipe": recipe})
    if not as_json:
        print_line(f"{rows:,} made-up tickets are in {stage.archive}.")
    remark(opened)
    with showing_progress() as progress:
        shipped = train_in(opened, test=None, progress=progress, now=lambda: datetime.now(UTC))
    classifier = load(shipped.trained.folder)
    _tell(shipped, classifier, folder, as_json=as_json)
    if not shipped.trained.passed:
        raise answer_no()


def _tell(shipped: "Shipped", classifier: "Classifier", folder: Path, *, as_json: bool) -> None:
    from sortyard.data.demo.fresh import fresh_messages
    from sortyard.domain.facts import facts_of
    from sortyard.evaluation.report_text import as_text

    messages = fresh_messages()
    answers = classifier.classify_batch(messages)
    report, taxonomy = shipped.trained.report, classifier.taxonomy
    if as_json:
        shown = [facts_of(one, taxonomy, release=classifier.release) for one in answers]
        print_json({**report.to_json(), "workspace": str(folder), "answers": shown})
        return
    print_line(as_text(report).rstrip())
    print_line()
    print_line("Messages that it has never seen:")
    for message, answer in zip(messages, answers, strict=True):
        print_line()
        read = Message(message.id, classifier.preparation.prepare(message))
        for line in answer_lines(read, answer, several=True):
            print_line(line)
    for line in explanation_lines(classifier.explain(messages[0]), most=EXPLAINED_WORDS):
        print_line(line)
    print_line()
    print_line(wrapped(f"The whole report, with plots: {shipped.trained.folder}/report.html"))
    print_line("next:")
    print_line(f'  sortyard classify -w {folder} "I was charged twice, please help"')
    print_line("  sortyard train my_tickets.csv")
