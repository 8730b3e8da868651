"""The command `sortyard store status`."""

from dataclasses import asdict

from sortyard.cli.options import AsJson, WorkspaceFolder
from sortyard.cli.output import print_json, print_line, table


def status_command(*, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """Show where answers are kept, how many they are, and what waits to be written."""
    from sortyard.app.keeping import status_of
    from sortyard.app.workspace import open_workspace

    status = status_of(open_workspace(workspace))
    if as_json:
        print_json(asdict(status))
        return
    facts = [
        ("store", status.url),
        ("tables", f"version {status.version}" if status.version else "none yet"),
        ("texts", status.text_form),
        ("journal", f"{status.journal_bytes:,} bytes"),
        *((name, f"{count:,}") for name, count in status.counts.items()),
    ]
    if status.files_set_aside:
        facts.append(("files of damaged lines in the journal", f"{status.files_set_aside:,}"))
    if status.deeds_waiting:
        facts.append(("acts that the audit log waits for", f"{status.deeds_waiting:,}"))
    print_line(table(facts))
