"""The command `sortyard explain`."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer

from sortyard.cli.answer_lines import answer_lines
from sortyard.cli.options import AsJson, ReleaseName, WorkspaceFolder
from sortyard.cli.output import print_json, print_line, shortened, table
from sortyard.domain.errors import InvalidUsage
from sortyard.domain.explanations import Explanation, Term
from sortyard.domain.messages import Message

BAR = 20  # columns of the longest bar
FEW = 8


def explain_command(
    text: Annotated[str, typer.Argument(help="The message.")],
    *,
    dimension: Annotated[
        str | None, typer.Option("--dimension", "-d", metavar="NAME", help="Only this one.")
    ] = None,
    terms: Annotated[
        int, typer.Option("--terms", min=1, metavar="N", help="How many words to show.")
    ] = FEW,
    metadata: Annotated[
        list[str] | None,
        typer.Option(
            "--metadata",
            "-m",
            metavar="NAME=VALUE",
            help="What comes with the message beside its words; repeatable.",
        ),
    ] = None,
    release: ReleaseName = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """
    Say why a message got its labels: what words add, and what looks alike.

    The parts add up to the score exactly; nothing is estimated.
    """
    from sortyard.app.loading import load

    classifier = load(release, workspace=workspace)
    message = Message("1", text, None, dict(map(_named, metadata or ())))
    names = (dimension,) if dimension else classifier.taxonomy.names
    found = [classifier.explain(message, name) for name in names]
    if as_json:
        print_json(
            {"id": message.id, "release": classifier.release}
            | {"dimensions": {one.dimension: asdict(one) for one in found}}
        )
        return
    for line in answer_lines(message, classifier.classify(message), several=False):
        print_line(line)
    for one in found:
        for line in explanation_lines(one, most=terms):
            print_line(line)


def _named(written: str) -> tuple[str, str]:
    name, mark, value = written.partition("=")
    if not mark:
        raise InvalidUsage(
            f"{written!r} does not say what it is the value of.",
            "Write `--metadata NAME=VALUE`, with a name that the release knows.",
        )
    return name.strip(), value.strip()


def explanation_lines(explanation: Explanation, *, most: int) -> Iterator[str]:
    """Take a score apart, the largest parts first; what is left out is summed up."""
    shown = explanation.terms[:most]
    rest = sum(term.contribution for term in explanation.terms[most:])
    largest = max((abs(term.contribution) for term in shown), default=0.0)
    yield ""
    yield f"{explanation.dimension}: why {explanation.label} (score {explanation.score:+.2f})"
    if explanation.reranked:
        yield "  a reranker decided between the best labels; this is how they scored before it"
    rows = [_row(term, largest) for term in shown]
    rows += [("all other words", "", f"{rest:+.2f}", "")] if len(explanation.terms) > most else []
    rows += [
        ("the nearest example", "", f"{explanation.nearest:+.2f}", ""),
        ("what every text gets", "", f"{explanation.constant:+.2f}", ""),
    ]
    yield table(rows, indent=2)
    if explanation.look_alikes:
        yield "  examples that look alike"
    for example in explanation.look_alikes:
        labels = ", ".join(example.labels)
        yield shortened(f"    {example.similarity:.2f}  {labels}: {' '.join(example.text.split())}")


def _row(term: Term, largest: float) -> tuple[str, str, str, str]:
    size = round(BAR * abs(term.contribution) / largest) if largest else 0
    bar = ("█" if term.contribution > 0 else "░") * size
    return repr(term.text), term.view, f"{term.contribution:+.2f}", bar
