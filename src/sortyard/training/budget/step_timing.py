"""How fast this machine learns with PyTorch, timed by a few steps."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np

from sortyard.domain.ports import Advance, Progress
from sortyard.training.budget.choosing import Learnt
from sortyard.training.budget.probe import Sample
from sortyard.training.encoders.weights import EncoderFiles
from sortyard.training.tuning.course import ABSENT, Course
from sortyard.training.tuning.cross_options import Cross
from sortyard.training.tuning.lists import Lists
from sortyard.training.tuning.masked_options import Masking

STEPS = 6  # that are timed, after one that nobody counts


def seconds_of_learning(
    step: Learnt, sample: Sample, files: EncoderFiles, *, most_seconds: float, seed: int
) -> float:
    """Take a few steps on a sample, and say how long one text takes."""
    watch = _Stopwatch(most_seconds)
    with tempfile.TemporaryDirectory(prefix="sortyard-probe-") as folder, suppress(_Enough):
        _learn(step, sample, files, Path(folder) / "learnt", seed=seed, watch=watch)
    return watch.seconds_a_step / step.batch


def _learn(  # noqa: PLR0913 -- what a step rests on
    step: Learnt,
    sample: Sample,
    files: EncoderFiles,
    folder: Path,
    *,
    seed: int,
    watch: Progress,
) -> None:
    from sortyard.training.tuning.cross_encoder import (  # noqa: PLC0415 -- takes seconds
        tune_cross_encoder,
    )
    from sortyard.training.tuning.masked import pretrain_encoder  # noqa: PLC0415 -- takes seconds
    from sortyard.training.tuning.tuner import tune_encoder  # noqa: PLC0415 -- takes seconds

    long_enough = float(-(-(STEPS + 2) * step.batch // len(sample.texts)))
    if isinstance(step, Masking):
        alone = replace(step, alone=0.0, aside=0, epochs=long_enough)
        pretrain_encoder(files, sample.texts, alone, folder, seed=seed, progress=watch)
    elif isinstance(step, Cross):
        lists = _lists(sample, step, seed)
        tune_cross_encoder(
            files, lists, replace(step, epochs=long_enough), folder, seed=seed, progress=watch
        )
    else:
        course = Course(texts=sample.texts, subjects=sample.subjects)
        tune_encoder(
            files, course, replace(step, epochs=long_enough), folder, seed=seed, progress=watch
        )


def _lists(sample: Sample, step: Cross, seed: int) -> Lists:
    """Put each row beside its own label's card and those of others, drawn at random."""
    subject = max(sample.subjects, key=lambda one: len(one.labels))
    rng = np.random.default_rng(seed)
    own = np.array([labels[0] if labels else 0 for labels in subject.truth.as_sets()])
    others = rng.permuted(np.tile(np.arange(len(subject.cards)), (len(own), 1)), axis=1)
    others[others == own[:, None]] = ABSENT
    candidates = np.concatenate([own[:, None], -np.sort(-others, axis=1)], axis=1)
    return Lists(
        texts=[sample.texts[row] for row in subject.rows],
        cards=subject.cards,
        candidates=candidates[:, : step.most].astype(np.intp),
        truth=own.astype(np.intp),
    )


class _Enough(Exception):
    """Enough steps were timed."""


class _Stopwatch:
    """A progress that times steps, and stops the work after a few of them."""

    def __init__(self, most_seconds: float, clock: Callable[[], float] = perf_counter) -> None:
        self._most_seconds = most_seconds
        self._clock = clock
        self._began: float | None = None
        self._steps = 0
        self._ended = 0.0

    @property
    def seconds_a_step(self) -> float:
        """The mean of the steps after the first, in which much happens only once."""
        if self._began is None or not self._steps:
            return 0.0
        return (self._ended - self._began) / self._steps

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Advance]:  # noqa: ARG002 -- the port names them
        yield self._step

    def _step(self, steps: int) -> None:
        now = self._clock()
        if self._began is None:
            self._began = now
            return
        self._steps += steps
        self._ended = now
        if self._steps >= STEPS or now - self._began > self._most_seconds:
            raise _Enough
