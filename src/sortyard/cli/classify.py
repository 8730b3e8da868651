"""The command `sortyard classify`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from sortyard.cli.answer_lines import answer_lines
from sortyard.cli.options import AsJson, ReleaseName, WorkspaceFolder
from sortyard.cli.output import note, print_json, print_line, share
from sortyard.cli.progress import showing_progress
from sortyard.domain.errors import InvalidUsage, number
from sortyard.domain.predictions import Failure

if TYPE_CHECKING:  # so that `--help` does not wait for NumPy
    from sortyard.app.classifying import Batches
    from sortyard.models.classifier import Classifier


def classify_command(
    texts: Annotated[
        list[str] | None,
        typer.Argument(metavar="TEXT", help="The messages; else one a line from standard input."),
    ] = None,
    *,
    source: Annotated[
        Path | None, typer.Option("--input", "-i", metavar="FILE", help="A file of messages.")
    ] = None,
    target: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write a .csv, .jsonl or .parquet."),
    ] = None,
    text: Annotated[
        list[str] | None,
        typer.Option(
            "--text", metavar="COL", help="The text column of the file or stream; repeatable."
        ),
    ] = None,
    release: ReleaseName = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """
    Sort messages: a label, a confidence and a route for each.

    Answers to a stream of texts or JSON lines appear as its lines arrive. With
    `--json`, one object a line.
    """
    from sortyard.app.loading import load

    if texts and source:
        raise InvalidUsage(
            "Texts and `--input` were both given.", "Give the texts, or the file with them."
        )
    if source and target and source.resolve() == target.resolve():
        raise InvalidUsage(
            f"The answers would take the place of the messages in {source}.",
            "Give `--output` another name.",
        )
    classifier = load(release, workspace=workspace)
    incoming, total = _incoming(texts or [], source, text or [], workspace)
    if target is None:
        _print(classifier, incoming, several=total != 1, as_json=as_json)
    else:
        _write(classifier, incoming, target, total=total, as_json=as_json)


def _incoming(
    texts: list[str], source: Path | None, columns: list[str], workspace: Path | None
) -> "tuple[Batches, int | None]":
    """Find the messages, and how many they are where that is known."""
    from sortyard.app.incoming import Arriving, batches, from_file, from_stream, from_texts
    from sortyard.app.workspace import usual_columns

    if source is not None:
        with showing_progress() as progress, progress.stage(f"Reading {source.name}"):
            found = from_file(source, text=columns, usual=usual_columns(workspace))
        for problem in found.problem_counts:
            note(f"{source.name}: {problem}")
        return batches(found.messages), len(found)
    if texts and texts != ["-"]:
        return batches(from_texts(texts)), len(texts)
    if sys.stdin.isatty() and not texts:
        raise InvalidUsage(
            "There is nothing to classify.",
            "Give a text, `--input FILE`, or lines on standard input.",
        )
    stream = cast("Arriving", sys.stdin.buffer)
    return from_stream(stream, text=columns, usual=usual_columns(workspace)), None


def _print(classifier: "Classifier", incoming: "Batches", *, several: bool, as_json: bool) -> None:
    from sortyard.app.classifying import answers
    from sortyard.domain.facts import facts_of
    from sortyard.evaluation.figures import counted

    failures = 0
    for answered in answers(classifier, incoming):
        for message, result in answered:
            failures += isinstance(result, Failure)
            if as_json:
                print_json(facts_of(result, classifier.taxonomy, release=classifier.release))
            else:
                for line in answer_lines(message, result, several=several):
                    print_line(line)
    if failures and several:
        note(f"{counted(failures, 'message')} could not be answered; each answer says why")


def _write(
    classifier: "Classifier", incoming: "Batches", target: Path, *, total: int | None, as_json: bool
) -> None:
    from sortyard.app.classifying import classify_into

    with showing_progress() as progress:
        tally = classify_into(target, classifier, incoming, total=total, progress=progress)
    if as_json:
        facts = {"messages": tally.messages, "failures": tally.failures, "routes": tally.routes}
        print_json({"release": classifier.release, "output": target, **facts})
        return
    print_line(f"wrote {number(tally.messages, 'answer')} to {target}")
    for name, routes in tally.routes.items():
        counts = (f"{route} {share(n / tally.messages)}" for route, n in sorted(routes.items()))
        print_line(f"  {name}: {', '.join(counts)}")
    if tally.failures:
        note(f"{number(tally.failures, 'message')} could not be answered; each row says why")
