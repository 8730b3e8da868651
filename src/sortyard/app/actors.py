"""Who acts, as the audit log names it."""

import getpass

UNKNOWN = "unknown"  # an actor of whom nothing is known


def user() -> str:
    """Name the user of this machine who acts."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # as in a container, whose user has a number only
        return UNKNOWN
