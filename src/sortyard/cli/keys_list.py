"""The command `sortyard keys list`."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sortyard.cli.options import AsJson, WorkspaceFolder
from sortyard.cli.output import print_json, print_line, table

if TYPE_CHECKING:  # so that `--help` does not wait for anything
    from sortyard.domain.access import ApiKey


def list_keys_command(*, workspace: WorkspaceFolder = None, as_json: AsJson = False) -> None:
    """List the API keys, the newest first; their secrets are nowhere."""
    from sortyard.app.access import facts_of, keys_of
    from sortyard.app.workspace import open_workspace

    now = datetime.now(UTC)
    found = keys_of(open_workspace(workspace))
    if as_json:
        print_json([facts_of(key) | {"live": key.is_live(now)} for key in found])
        return
    if not found:
        print_line("There is no API key yet; `sortyard keys create NAME` makes one.")
        return
    rows = [_row(key, now) for key in found]
    print_line(table(rows, header=("key", "name", "opens", "made", "state")))


def _row(key: "ApiKey", now: datetime) -> tuple[str, ...]:
    scopes = ", ".join(sorted(key.scopes))
    return key.id, key.name, scopes, f"{key.created:%Y-%m-%d}", _state(key, now)


def _state(key: "ApiKey", now: datetime) -> str:
    """Say whether a key opens anything, and until when."""
    if key.revoked is not None and key.revoked <= now:
        return f"revoked {key.revoked:%Y-%m-%d}"
    if key.expires is not None and key.expires <= now:
        return f"expired {key.expires:%Y-%m-%d}"
    ends = [moment for moment in (key.revoked, key.expires) if moment is not None]
    return f"until {min(ends):%Y-%m-%d %H:%M} UTC" if ends else "live"
