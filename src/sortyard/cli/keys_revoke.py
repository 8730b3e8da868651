"""The command `sortyard keys revoke`."""

from datetime import UTC, datetime

from sortyard.cli.options import AsJson, KeyName, WorkspaceFolder
from sortyard.cli.output import print_json, print_line


def revoke_key_command(
    key: KeyName, *, workspace: WorkspaceFolder = None, as_json: AsJson = False
) -> None:
    """
    Let a key open nothing any more; servers know within five seconds.

    A name stands for every key of that name that still opens something.
    """
    from sortyard.app.access import facts_of, revoke_keys
    from sortyard.app.workspace import open_workspace

    revoked = revoke_keys(open_workspace(workspace), key, at=datetime.now(UTC))
    if as_json:
        print_json([facts_of(one) for one in revoked])
        return
    for one in revoked:
        print_line(f"{one.id} ({one.name}) opens nothing any more.")
