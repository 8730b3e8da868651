"""The command `sortyard releases list`."""

from typing import TYPE_CHECKING

from sortyard.cli.options import AsJson, WorkspaceFolder
from sortyard.cli.output import note, print_json, print_line, share, table

if TYPE_CHECKING:  # so that `--help` does not wait for anything
    from sortyard.app.releases import Release


def list_command(*, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """List the releases of the workspace, the newest first; * marks the champion."""
    from sortyard.app.releases import Releases
    from sortyard.app.workspace import open_workspace

    releases = Releases(open_workspace(workspace))
    champion = releases.champion.release
    found = releases.all()
    if as_json:
        print_json({"champion": champion, "releases": [_facts(one) for one in found]})
        return
    for name in sorted(set(releases.ids) - {one.id for one in found}):
        note(f"{name} cannot be read; `sortyard releases show {name}` says why")
    if not found:
        if releases.ids:
            return
        print_line("There is no release yet; `sortyard train ARCHIVE` makes one.")
        return
    rows = [
        (
            "*" if one.id == champion else "",
            one.id,
            one.recipe,
            "passed" if one.passed else "failed",
            ", ".join(f"{name} {share(m.get('accuracy'))}" for name, m in one.figures.items()),
        )
        for one in found
    ]
    print_line(table(rows, header=("", "release", "recipe", "gates", "accuracy")))


def _facts(release: "Release") -> dict[str, object]:
    figures = {name: {"metrics": metrics} for name, metrics in release.figures.items()}
    return {
        "release": release.id,
        "created": release.created,
        "recipe": release.recipe,
        "passed": release.passed,
        "dimensions": figures,
    }
