"""
The serving core: messages in, answers out, whatever front they come by.

One desk lives in one event loop. Whatever takes time runs in its one worker thread, batch by
batch: preparation, the cache, the models, and the journal.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from time import monotonic

from sortyard.domain.errors import NotReady, SortyardError
from sortyard.domain.explanations import Explanation
from sortyard.domain.messages import Message
from sortyard.domain.predictions import Answer
from sortyard.domain.taxonomy import Taxonomy
from sortyard.models.classifier import Classifier
from sortyard.serving.active import Active
from sortyard.serving.admission import Admission
from sortyard.serving.answering import Answering
from sortyard.serving.batching import Batcher, Closed, TooLate
from sortyard.serving.bounds import Bounds
from sortyard.serving.cache import AnswerCache
from sortyard.serving.degradation import Plan
from sortyard.serving.jobs import Job, limited_to
from sortyard.serving.observing import Nobody, Observer
from sortyard.serving.ports import Clock, NoRecorder, NoTexts, Now, Recorder, TextKeeper, utc_now
from sortyard.serving.served import Figures, Options, Readiness, Served
from sortyard.serving.worker import Done, Worker, stages_of

__all__ = ["Desk", "Figures", "Options", "Readiness", "Served"]

LOOK_EVERY = 0.25  # seconds; without traffic too, the plan goes back to the whole line


class Desk:
    """
    Answers messages with the release that is active.

    Start it in the event loop in which it is used, and close it there.
    """

    def __init__(  # noqa: PLR0913 -- what it is wired with, by name
        self,
        active: Active,
        *,
        recorder: Recorder | None = None,
        texts: TextKeeper | None = None,
        bounds: Bounds | None = None,
        observer: Observer | None = None,
        clock: Clock = monotonic,
        now: Now = utc_now,
    ) -> None:
        self._active = active
        self._bounds = bounds or Bounds()
        self._observer = observer or Nobody()
        self._clock = clock
        self._now = now
        self._admission = Admission(self._bounds)
        self._plan = Plan(lambda: self._admission.offered, clock, changed=self._observer.level)
        self._cache = AnswerCache(entries=self._bounds.cache_entries, size=self._bounds.cache_bytes)
        self._worker = Worker(
            Answering(
                self._cache,
                release=lambda: self._release,
                degradation=lambda: self._plan.degradation,
            ),
            recorder=recorder or NoRecorder(),
            texts=texts or NoTexts(),
            observer=self._observer,
            clock=clock,
        )
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="sortyard-worker")
        self._explaining = asyncio.Semaphore(1)
        self._batcher: Batcher[Job, Done] | None = None
        self._looking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Load the active release, and follow it from now on; not to be ready is no error."""
        self._batcher = Batcher(
            self._worker.work,
            self._executor,
            most=self._bounds.most_in_batch,
            window=self._bounds.window,
            finished=self._finished,
        )
        self._looking = asyncio.create_task(self._look())
        await self._active.start()

    async def close(self) -> None:
        """Refuse what comes, and return when everything that waits has its answer."""
        if self._batcher is not None:
            await self._batcher.close()
        if self._looking is not None:
            self._looking.cancel()
            with suppress(asyncio.CancelledError):
                await self._looking
        await self._active.close()
        await asyncio.to_thread(self._executor.shutdown)

    async def answer(
        self, messages: Sequence[Message], options: Options | None = None, *, front: str = "python"
    ) -> Served:
        """
        Answer the messages of one request, and keep the answers before they are given.

        A message that cannot be used becomes a Failure and leaves the others alone. Raises
        UnknownDimension, NotReady, Overloaded, TooLarge (more than may ever wait) and CannotKeep;
        of a request of several batches some answers may be kept by then, and asking again with the
        same ids keeps none twice. When the caller is cancelled, what has not begun never will.
        """
        chosen = options or Options()
        received, since = self._now(), self._clock()
        with self._refusals(len(messages)):
            classifier = self._classifier()
            names = chosen.names_in(classifier.taxonomy)
            jobs = [
                Job(
                    message=message,
                    classifier=classifier,
                    candidates=chosen.candidates,
                    front=front,
                    received=received,
                    since=since,
                )
                for message in messages
            ]
            characters = sum(map(_characters, messages))
            with self._admission.enter(len(jobs), characters, queued=self._queued):
                done = await self._work(jobs, chosen)
        self._tell(done, since)
        return Served(
            results=tuple(limited_to(names, one.found.result) for one in done),
            release=classifier.release,
            taxonomy=classifier.taxonomy,
            dimensions=names,
            cached=sum(one.found.cached for one in done),
        )

    async def explain(
        self, message: Message, dimension: str | None = None, *, label: str | None = None
    ) -> Explanation:
        """
        Take the score of a label apart, as `Classifier.explain` does.

        One message is explained after the other, so that however many are to be, no batch waits for
        more than one. Raises what it raises, and NotReady, Overloaded and TooLarge.
        """
        with self._refusals(1):
            explain = partial(self._classifier().explain, message, dimension, label=label)
            with self._admission.enter(1, _characters(message), queued=self._queued):
                async with self._turn_to_explain():
                    loop = asyncio.get_running_loop()
                    return await loop.run_in_executor(self._executor, explain)

    @property
    def taxonomy(self) -> Taxonomy:
        """The taxonomy of the release that answers. Raises NotReady."""
        return self._classifier().taxonomy

    @property
    def readiness(self) -> Readiness:
        """Whether the desk answers; without any work, so that it may be asked often."""
        return Readiness(
            ready=self._is_open and self._release is not None,
            release=self._release,
            problem=self._active.problem,
        )

    @property
    def figures(self) -> Figures:
        """What the desk holds at this moment; any thread may ask."""
        return Figures(
            waiting=self._admission.waiting,
            waiting_characters=self._admission.characters,
            cache_entries=len(self._cache),
            cache_bytes=self._cache.bytes,
            per_second=self._admission.per_second,
            degradation=self._plan.degradation,
            release=self._release,
        )

    @property
    def _release(self) -> str | None:
        classifier = self._active.classifier
        return None if classifier is None else classifier.release

    @property
    def _is_open(self) -> bool:
        return self._batcher is not None and not self._batcher.closed

    @property
    def _queued(self) -> int:
        return 0 if self._batcher is None else self._batcher.queued

    def _classifier(self) -> Classifier:
        classifier = self._active.classifier
        if not self._is_open:
            raise NotReady("the desk is not open")
        if classifier is None:
            raise NotReady(self._active.problem or "it is still being loaded")
        return classifier

    async def _work(self, jobs: Sequence[Job], options: Options) -> list[Done]:
        batcher, patience = self._batcher, self._bounds.patience
        if batcher is None:
            raise NotReady("the desk is not open")
        try:
            return await batcher.submit(jobs, patience=patience, within=options.within)
        except TooLate:
            raise self._admission.overloaded() from None
        except Closed:
            raise NotReady("the desk is not open") from None

    @asynccontextmanager
    async def _turn_to_explain(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._bounds.patience):
                await self._explaining.acquire()
        except TimeoutError:
            raise self._admission.overloaded() from None
        try:
            yield
        finally:
            self._explaining.release()

    @contextmanager
    def _refusals(self, messages: int) -> Iterator[None]:
        try:
            yield
        except SortyardError as error:
            self._observer.refused(error.code, messages)
            raise

    def _tell(self, done: Sequence[Done], since: float) -> None:
        """Tell the observer of a request that has its answers."""
        answers = [one.found.result for one in done if isinstance(one.found.result, Answer)]
        self._observer.answered(answers, self._clock() - since)
        self._observer.stages(stages_of(done, since))

    def _finished(self, size: int, waited: float, seconds: float) -> None:
        self._admission.worked(size, seconds)
        self._plan.finished(size, waited, seconds)
        self._observer.batch(size, waited, seconds)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if not self._admission.waiting:  # otherwise the next batch tells more
                self._plan.look()


def _characters(message: Message) -> int:
    return sum(len(part) for part in (message.text, message.subject) if isinstance(part, str))
