"""The command `sortyard store migrate`."""

from datetime import UTC, datetime

from sortyard.cli.options import AsJson, WorkspaceFolder
from sortyard.cli.output import print_json, print_line


def migrate_command(*, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """
    Make the store, or bring its tables up to this version of Sortyard.

    `serve` does it by itself; this is for those who would rather see it done.
    """
    from sortyard.app.keeping import migrate
    from sortyard.app.workspace import open_workspace

    moved = migrate(open_workspace(workspace), at=datetime.now(UTC))
    if as_json:
        print_json({"store": moved.url, "before": moved.before, "version": moved.version})
        return
    if moved.before == moved.version:
        print_line(f"{moved.url} is up to date ({moved.version}).")
    else:
        print_line(f"{moved.url} is now at {moved.version}; before: {moved.before or 'nothing'}.")
