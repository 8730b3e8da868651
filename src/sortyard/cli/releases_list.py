"""The command `sortyard releases list`."""

from sortyard.cli.options import AsJson, WorkspaceFolder
from sortyard.cli.output import print_json, print_line, share, table


def list_command(*, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """List the releases of the workspace, the newest first; * marks the champion."""
    from sortyard.app.releases import Releases
    from sortyard.app.workspace import open_workspace

    releases = Releases(open_workspace(workspace))
    champion = releases.champion.release
    found = releases.all()
    if as_json:
        print_json(
            {
                "champion": champion,
                "releases": [
                    {
                        "release": one.id,
                        "created": one.created,
                        "recipe": one.recipe,
                        "passed": one.passed,
                        "dimensions": {
                            name: {"metrics": metrics} for name, metrics in one.figures.items()
                        },
                    }
                    for one in found
                ],
            }
        )
        return
    if not found:
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
