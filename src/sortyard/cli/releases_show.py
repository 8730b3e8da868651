"""The command `sortyard releases show`."""

from typing import Annotated

import typer

from sortyard.cli.options import AsJson, WorkspaceFolder
from sortyard.cli.output import print_json, print_line, table, wrapped


def show_release_command(
    release: Annotated[
        str | None,
        typer.Argument(metavar="ID", help="The release, or its folder; else the champion."),
    ] = None,
    *,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show what is known about a release, and check its files."""
    from sortyard.app.releases import find_release, verify

    found = find_release(release, workspace)
    verify(found)
    if as_json:
        print_json({"folder": found.folder, "parents": found.parents, **found.report})
        return
    facts = [
        ("release", found.id),
        ("created", found.created),
        ("recipe", found.recipe),
        ("parents", ", ".join(found.parents) or "none"),
        ("gates", "passed" if found.passed else "failed"),
    ]
    print_line(table(facts))
    for failure in found.failures:
        print_line(f"  {failure}")
    for name, dimension in found.report.get("dimensions", {}).items():
        print_line()
        print_line(wrapped(f"{name}: {dimension.get('plain_words', '')}"))
    print_line()
    print_line(f"files, all as they were made, in {found.folder}")
    print_line(f"report: {found.folder / 'report.html'}")
