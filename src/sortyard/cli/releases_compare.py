"""The command `sortyard releases compare`."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sortyard.cli.options import AsJson, WorkspaceFolder
from sortyard.cli.output import print_json, print_line, share, table
from sortyard.cli.progress import showing_progress
from sortyard.domain.errors import number

if TYPE_CHECKING:  # so that `--help` does not wait for NumPy
    from sortyard.app.releases import Release
    from sortyard.evaluation.comparison import Comparison

FIGURES = ("accuracy", "macro_f1", "ece", "auto_coverage", "auto_precision", "recall_at_5")
CHANCE = 0.05


def compare_command(
    before: Annotated[str, typer.Argument(metavar="ID", help="The older release.")],
    after: Annotated[str, typer.Argument(metavar="ID", help="The newer release.")] = "champion",
    *,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="FILE", help="Test both on these labelled messages."),
    ] = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """
    Compare two releases: by report or, with `--data`, message by message.

    Only the second is a fair test: the same messages, and how likely the
    difference is chance.
    """
    from sortyard.app.releases import find_release

    one, other = find_release(before, workspace), find_release(after, workspace)
    compared = _tested(one, other, data, workspace) if data else {}
    if as_json:
        print_json(
            {"before": one.id, "after": other.id}
            | {"reports": {one.id: one.figures, other.id: other.figures}}
            | ({"tested": {name: asdict(each) for name, each in compared.items()}} if data else {})
        )
        return
    for line in _in_words(compared) if data else _side_by_side(one, other):
        print_line(line)


def _tested(
    one: "Release", other: "Release", data: Path, workspace: Path | None
) -> "Mapping[str, Comparison]":
    from sortyard.app.comparing import compare_releases

    with showing_progress() as progress:
        return compare_releases(one, other, data, workspace, progress=progress)


def _side_by_side(one: "Release", other: "Release") -> Iterator[str]:
    rows = [
        (name, figure, share(one.figures[name].get(figure)), share(metrics.get(figure)))
        for name, metrics in other.figures.items()
        if name in one.figures
        for figure in FIGURES
        if figure in metrics
    ]
    yield table(rows, header=("dimension", "figure", one.id, other.id))


def _in_words(compared: "Mapping[str, Comparison]") -> Iterator[str]:
    for name, found in compared.items():
        gain = 100 * found.accuracy.gain
        low, high = (
            100 * end for end in (found.accuracy.interval.low, found.accuracy.interval.high)
        )
        verdict = "may be chance" if found.p_value > CHANCE else "is no chance"
        on = number(found.rows, "message")
        yield f"{name}: {gain:+.1f} points of accuracy on {on}; this {verdict}"
        yield table(
            [
                ("accuracy", share(found.accuracy.one), share(found.accuracy.other)),
                ("micro F1", share(found.micro_f1.one), share(found.micro_f1.other)),
                ("macro F1", share(found.macro_f1.one), share(found.macro_f1.other)),
                ("only one right", f"{found.only_one_right:,}", f"{found.only_other_right:,}"),
            ],
            header=("", "before", "after"),
            indent=2,
        )
        yield f"  95 % interval of the gain: {low:+.1f} to {high:+.1f}; p = {found.p_value:.3f}"
