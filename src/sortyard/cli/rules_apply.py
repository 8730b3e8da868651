"""The command `sortyard rules apply`."""

from datetime import UTC, datetime

from sortyard.cli.options import AsJson, WorkspaceFolder
from sortyard.cli.output import print_json, print_line


def apply_command(*, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """
    Let the present rules answer from now on.

    The champion's models stay; with other rules they are another release,
    which `sortyard rollback` takes back.
    """
    from sortyard.app.applying import apply_rules
    from sortyard.app.workspace import open_workspace

    applied = apply_rules(open_workspace(workspace), at=datetime.now(UTC))
    if as_json:
        facts = {"release": applied.release, "before": applied.before, "rules": applied.rules}
        print_json({**facts, "changed": applied.turn is not None})
        return
    rules = f"{applied.rules} rule{'' if applied.rules == 1 else 's'}"
    if applied.turn is None:
        print_line(f"{applied.release} answers with these {rules} already.")
        return
    print_line(f"{applied.release} answers from now on: {applied.before} with {rules}.")
    print_line("next: `sortyard rollback` takes this back")
