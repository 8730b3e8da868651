"""The command `sortyard taxonomy lint`."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from sortyard.cli.options import AsJson, TaxonomySource, WorkspaceFolder
from sortyard.cli.output import answer_no, print_json, print_line, wrapped
from sortyard.cli.progress import showing_progress
from sortyard.data.taxonomy_finding import Finding, Severity

SHOWN = 5  # places a kind of finding, unless all are asked for


def lint_command(
    taxonomy: TaxonomySource = None,
    *,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="ARCHIVE", help="Also compare with these labels."),
    ] = None,
    meaning: Annotated[
        bool,
        typer.Option("--meaning", help="Also compare definitions, with the champion's encoder."),
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Show every place, not the first few of a kind.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail, too.")] = False,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """
    Say everything that makes the labels hard to learn or hard to apply.

    Exits with 1 where a finding is an error.
    """
    from sortyard.app.taxonomies import find_taxonomy, lint_taxonomy

    found = find_taxonomy(taxonomy, workspace)
    with showing_progress() as progress, progress.stage("Looking at the labels"):
        embed = None
        if meaning:
            from sortyard.app.loading import embedder

            embed = embedder(workspace)
        findings = lint_taxonomy(found, data=data, workspace=workspace, embed=embed)
    if as_json:
        print_json({"findings": [_facts(one) for one in findings]})
    else:
        for line in _in_words(findings, shown=None if everything else SHOWN):
            print_line(line)
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    if any(one.severity in failing for one in findings):
        raise answer_no()


def _facts(finding: Finding) -> dict[str, str]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "dimension": finding.dimension,
        "path": finding.path,
        "problem": finding.problem,
        "remedy": finding.remedy,
    }


def _in_words(findings: tuple[Finding, ...], *, shown: int | None) -> Iterator[str]:
    """Put findings of one kind together, the worst kinds first."""
    for (severity, code), group in groupby(findings, key=lambda one: (one.severity, one.code)):
        several = tuple(group)
        count = f" ({len(several)})" if len(several) > 1 else ""
        yield f"{severity.value}[{code}]{count}"
        for one in several[:shown]:
            place = f"{one.dimension}: {one.path}" if one.path else one.dimension
            yield wrapped(f"{place}: {one.problem}", indent=2)
        rest = len(several) - len(several[:shown])
        if rest:
            yield f"  and {rest} more; `--all` shows them"
        yield wrapped(f"fix: {several[0].remedy}", indent=2)
    yield _summary(findings)


def _summary(findings: tuple[Finding, ...]) -> str:
    if not findings:
        return "Nothing to say against these labels."
    counts = {
        severity: sum(one.severity == severity for one in findings)
        for severity in dict.fromkeys(one.severity for one in findings)
    }
    words = [f"{count} {kind.value}{'' if count == 1 else 's'}" for kind, count in counts.items()]
    return ", ".join(words)
