"""What is done with a batch, in the worker thread: from messages to answers that are kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from sortyard.domain.errors import SortyardError
from sortyard.domain.predictions import Answer, Failure
from sortyard.domain.records import Record
from sortyard.models.classifier import Prepared
from sortyard.serving.answering import Answering
from sortyard.serving.jobs import Found, Job, each_alone, fault
from sortyard.serving.observing import Observer, Stages
from sortyard.serving.ports import Clock, Recorder, TextKeeper

AUTHOR = "author"  # the metadata that names whom a message is from


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """When the work on a batch began, and how long its stages took, in seconds."""

    began: float
    prepare: float
    judge: float
    record: float


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a job, and what was spent on its batch."""

    found: Found
    spent: Spent


class Worker:
    """
    Prepares the messages of a batch, finds their answers, and keeps them.

    One thread at a time calls it. A message that fails, fails alone; only what cannot be kept
    fails with its whole batch.
    """

    def __init__(
        self,
        answering: Answering,
        *,
        recorder: Recorder,
        texts: TextKeeper,
        observer: Observer,
        clock: Clock,
    ) -> None:
        self._answering = answering
        self._recorder = recorder
        self._texts = texts
        self._observer = observer
        self._clock = clock

    def work(self, jobs: Sequence[Job]) -> list[Done]:
        """Answer a batch, and keep the answers before they are given. Raises CannotKeep."""
        began = self._clock()
        prepared = [_prepared(job) for job in jobs]
        ready = self._clock()
        found = self._answered(jobs, prepared)
        judged = self._clock()
        kept = each_alone(self._kept, list(zip(jobs, found, strict=True)), _not_kept)
        spent = Spent(
            began=began, prepare=ready - began, judge=judged - ready, record=self._clock() - judged
        )
        self._tell(kept)
        return [Done(one, spent) for one in kept]

    def _answered(self, jobs: Sequence[Job], prepared: Sequence[Prepared | Failure]) -> list[Found]:
        asked = [
            (job, one) for job, one in zip(jobs, prepared, strict=True) if isinstance(one, Prepared)
        ]
        found = iter(self._answering.answer(asked))
        return [Found(one) if isinstance(one, Failure) else next(found) for one in prepared]

    def _kept(self, answered: Sequence[tuple[Job, Found]]) -> list[Found]:
        records = [
            self._record(job, found.result)
            for job, found in answered
            if isinstance(found.result, Answer)
        ]
        if records:
            self._recorder.keep(records)
        return [found for _, found in answered]

    def _record(self, job: Job, answer: Answer) -> Record:
        author = job.message.metadata.get(AUTHOR)
        return Record(
            answer=answer,
            kept=self._texts.keep(job.message),
            received=job.received,
            milliseconds=(self._clock() - job.since) * 1e3,
            author=self._texts.author(author) if isinstance(author, str) else None,
            origin=job.front,
        )

    def _tell(self, found: Sequence[Found]) -> None:
        hits = sum(one.cached for one in found)
        failures = [one.result for one in found if isinstance(one.result, Failure)]
        self._observer.cache(hits, len(found) - hits - len(failures))
        for failure in failures:
            self._observer.failed(failure.code)


def _prepared(job: Job) -> Prepared | Failure:
    try:
        return job.classifier.prepare(job.message)
    except SortyardError as error:
        return Failure(job.message.id, error.code, error.problem)
    except Exception:  # noqa: BLE001 -- whatever it is, it must not stop the others
        return fault(job.message)


def _not_kept(one: tuple[Job, Found]) -> Found:
    job, _ = one
    return Found(fault(job.message))


def stages_of(done: Sequence[Done], since: float) -> Stages:
    """Add up what the batches of a request, which came in then, spent on it."""
    batches = {one.spent.began: one.spent for one in done}.values()
    return Stages(
        queue=max(min((one.began for one in batches), default=since) - since, 0.0),
        prepare=sum(one.prepare for one in batches),
        judge=sum(one.judge for one in batches),
        record=sum(one.record for one in batches),
    )
