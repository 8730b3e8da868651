"""What the HTTP front asks of whoever wires it, beside the desk and the gate."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeAlias

Metrics: TypeAlias = Callable[[], bytes]  # the text that Prometheus reads; may take milliseconds
Ping: TypeAlias = Callable[[], None]  # returns when the store answers; raises StoreAway


class Release(Protocol):
    """What is known about a release without opening it."""

    @property
    def id(self) -> str: ...
    @property
    def created(self) -> str: ...
    @property
    def recipe(self) -> str: ...
    @property
    def parents(self) -> tuple[str, ...]: ...
    @property
    def passed(self) -> bool: ...
    @property
    def failures(self) -> tuple[str, ...]: ...
    @property
    def figures(self) -> Mapping[str, Mapping[str, float | None]]: ...


class Turn(Protocol):
    """One change of the release that answers."""

    @property
    def at(self) -> str: ...
    @property
    def release(self) -> str: ...
    @property
    def before(self) -> str | None: ...
    @property
    def forced(self) -> bool: ...


class Releases(Protocol):
    """
    The releases that there are, and the pointer to the one that shall answer.

    It reads and checks files, so that it is called in a thread. A change leaves its actor in the
    audit log.
    """

    def all(self) -> Sequence[Release]:
        """Describe every release, the newest first."""
        ...

    def find(self, name: str | None = None) -> Release:
        """Find a release by its id or the first letters of it. Raises UnknownRelease."""
        ...

    def promote(self, name: str, *, at: datetime, force: bool, actor: str) -> Turn:
        """Let a release answer from now on. Raises GatesFailed, DamagedBundle."""
        ...

    def roll_back(self, name: str | None, *, at: datetime, force: bool, actor: str) -> Turn:
        """Let the one before answer again, or an earlier one that is named."""
        ...
