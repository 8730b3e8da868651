"""The release that answers: it follows the workspace's pointer, and is swapped whole."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

from sortyard.domain.errors import SortyardError
from sortyard.models.cascade import Depth
from sortyard.models.classifier import Classifier
from sortyard.serving.observing import INTERNAL, Nobody, Observer
from sortyard.serving.ports import Clock, Load, Pointer

EVERY = 0.5  # seconds between two looks at the pointer
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0  # before a release that could not be loaded is tried again
WARM_UP = ("a word", "a message of some more words than one, so that every part of it runs")


@dataclass(frozen=True, slots=True)
class _Failed:
    """A release that could not be loaded, and when it is tried again."""

    release: str
    code: str
    pause: float
    again: float


class Active:
    """
    Holds the release that answers, and looks twice a second whether it shall be another one.

    A release is loaded, checked and warmed up in a thread of its own while the one before goes on
    answering; then one assignment swaps them. A release that cannot be loaded never takes the
    place of one that can; nor does none at all, where the pointer is lost.
    """

    def __init__(
        self,
        pointer: Pointer,
        load: Load,
        *,
        every: float = EVERY,
        observer: Observer | None = None,
        clock: Clock = monotonic,
    ) -> None:
        self._pointer = pointer
        self._load = load
        self._every = every
        self._observer = observer or Nobody()
        self._clock = clock
        self._classifier: Classifier | None = None
        self._held: str | None = None  # its name, as the pointer gave it
        self._pointed = False  # whether the pointer names a release
        self._failed: _Failed | None = None
        self._thread: ThreadPoolExecutor | None = None
        self._following: asyncio.Task[None] | None = None

    @property
    def classifier(self) -> Classifier | None:
        """The release that answers; None before the first is loaded."""
        return self._classifier

    @property
    def problem(self) -> str | None:
        """Why the release that shall answer does not; None where it does."""
        failed = self._failed
        if failed is not None:
            return f"release {failed.release} cannot be loaded ({failed.code})"
        if self._classifier is None:
            return "no release was promoted"
        return (
            None if self._pointed else f"no release is promoted any more; {self._held} answers on"
        )

    async def start(self) -> None:
        """Look once, and from now on twice a second."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sortyard-release")
        await self.look()
        self._following = asyncio.create_task(self._follow())

    async def look(self) -> None:
        """Look now: when it returns, the release that shall answer does, or `problem` says why."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._look)

    async def close(self) -> None:
        """Follow no longer; the release goes on answering whoever still asks."""
        if self._following is not None:
            self._following.cancel()
            with suppress(asyncio.CancelledError):
                await self._following
        if self._thread is not None:
            await asyncio.to_thread(self._thread.shutdown)

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            await self.look()

    def _look(self) -> None:
        try:
            wanted = self._pointer()
        except (OSError, SortyardError):
            return  # the pointer is being moved, or its disk is away: all stays as it is
        self._pointed = wanted is not None
        if wanted is None or wanted == self._held:
            self._failed = None
        elif not self._pauses(wanted):
            self._turn_to(wanted)

    def _pauses(self, release: str) -> bool:
        failed = self._failed
        return failed is not None and failed.release == release and self._clock() < failed.again

    def _turn_to(self, release: str) -> None:
        began, before = self._clock(), self._held
        try:
            classifier = self._load(release)
            warm_up(classifier)
        except Exception as error:  # noqa: BLE001 -- whatever is wrong with it, the old one stays
            self._note(release, error)
            return
        self._classifier, self._held, self._failed = classifier, release, None
        self._observer.swapped(before, release, self._clock() - began)

    def _note(self, release: str, error: Exception) -> None:
        """Remember what cannot be loaded; it is tried again after ever longer pauses."""
        failed = self._failed
        pause = FIRST_PAUSE
        if failed is not None and failed.release == release:
            pause = min(2 * failed.pause, LONGEST_PAUSE)
        code = error.code if isinstance(error, SortyardError) else INTERNAL
        self._failed = _Failed(release, code, pause, self._clock() + pause)
        self._observer.swap_failed(release, code)


def warm_up(classifier: Classifier) -> None:
    """Let every part of a release run once, so that the first message does not pay for it."""
    parts = [classifier.at_depth(Depth.STATIC)]
    if classifier.eyes.encoder:
        parts.append(classifier.reading_everything())
    for part in parts:
        for copies in (1, 8):
            part.classify_batch(WARM_UP * copies)
