"""The version that serves, for those below the package's own front page."""

from importlib.metadata import PackageNotFoundError, version


def _installed() -> str:
    try:
        return version("sortyard")
    except PackageNotFoundError:  # it runs out of a folder that nobody installed
        return "unknown"


VERSION = _installed()
