"""A service that cannot answer, keep or allow something now."""

from sortyard.domain.errors.kind import SortyardError


class StoreAway(SortyardError):
    """The database cannot be reached, or refuses."""

    code = "store-away"

    def __init__(self, store: str, why: str) -> None:
        super().__init__(store, why)
        self.problem = f"The store {store} cannot be used: {why}."
        self.remedy = "Start the database again; what was answered meanwhile is written then."


class CannotKeep(SortyardError):
    """An answer can be kept nowhere, so it is not given."""

    code = "cannot-keep"
    retry_after = 5.0  # seconds

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.problem = f"The answer could not be kept: {why}."
        self.remedy = "Free some space on the disk of the journal, or start the database again."


class Overloaded(SortyardError):
    """More came in than can be answered in time."""

    code = "overloaded"

    def __init__(self, waiting: int, retry_after: float) -> None:
        super().__init__(waiting, retry_after)
        self.retry_after = retry_after
        self.problem = f"{waiting} messages are waiting already."
        self.remedy = f"Ask again in {retry_after:.0f} s, more slowly."


class NotReady(SortyardError):
    """No release is loaded yet."""

    code = "not-ready"
    retry_after = 2.0  # seconds

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.problem = f"No release answers yet: {why}."
        self.remedy = "Wait until `/readyz` says yes; `sortyard promote` lets a release answer."


class TooLarge(SortyardError):
    """A request or a text is longer than allowed."""

    code = "too-large"

    def __init__(self, what: str, limit: int, unit: str) -> None:
        super().__init__(what, limit, unit)
        self.problem = f"{what} is larger than {limit:,} {unit}."
        self.remedy = "Send less at once, or raise the limit in the settings of the workspace."


class Unauthorised(SortyardError):
    """No valid key was given."""

    code = "unauthorised"

    def __init__(self) -> None:
        super().__init__()
        self.problem = "No valid API key was given."
        self.remedy = "Send `Authorization: Bearer KEY`; `sortyard keys create` makes a key."


class Forbidden(SortyardError):
    """The key does not allow it."""

    code = "forbidden"

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.problem = f"This key does not open the scope {scope!r}."
        self.remedy = "Use another key; `sortyard keys create --scope` makes one."


class RateLimited(SortyardError):
    """The key has asked too often."""

    code = "rate-limited"

    def __init__(self, per_minute: int, retry_after: float) -> None:
        super().__init__(per_minute, retry_after)
        self.retry_after = retry_after
        self.problem = f"This key may ask {per_minute:,} times a minute."
        self.remedy = f"Ask again in {retry_after:.0f} s, or raise the limit of the key."


class ServerAway(SortyardError):
    """No server answers where one was expected."""

    code = "server-away"

    def __init__(self, url: str, why: str) -> None:
        super().__init__(url, why)
        self.problem = f"No server answers at {url}: {why}."
        self.remedy = "Start it with `sortyard serve`, or say where it is with `--url`."


class TamperedAudit(SortyardError):
    """The audit log does not follow from itself."""

    code = "tampered-audit"

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
        self.problem = f"Entry {number} of the audit log does not follow from the one before."
        self.remedy = "Compare it with a backup: an entry was changed or removed since."
