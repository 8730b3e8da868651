"""Tune an encoder: prepare, learn, judge, keep the best, and write it down."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sortyard.domain.ports import Progress
from sortyard.models.engines.onnx import usable_processors
from sortyard.training.encoders.weights import EncoderFiles
from sortyard.training.tuning.batches import Batches
from sortyard.training.tuning.checkpoints import Checkpoints
from sortyard.training.tuning.companions import Companions, Shelf
from sortyard.training.tuning.course import Course, Subject
from sortyard.training.tuning.heads import head_from, prototypes
from sortyard.training.tuning.judging import judge
from sortyard.training.tuning.learner import Learner
from sortyard.training.tuning.network import open_to_learn
from sortyard.training.tuning.objective import Objective, Part
from sortyard.training.tuning.options import Tuning
from sortyard.training.tuning.own_torch import torch_of_our_own
from sortyard.training.tuning.rivals import Rivals
from sortyard.training.tuning.sampling import repeats_of
from sortyard.training.tuning.saving import save_tuned
from sortyard.training.tuning.tokens import TokenTable


def tune_encoder(  # noqa: PLR0913 -- what a tuning rests on, by name
    files: EncoderFiles,
    course: Course,
    options: Tuning,
    folder: Path,
    *,
    seed: int,
    progress: Progress,
    checkpoints: Path | None = None,
    threads: int | None = None,
) -> EncoderFiles:
    """
    Tune published weights on labelled rows, all dimensions in one run.

    The result is a folder that `training.encoders.export` takes, written whole or not at all, with
    `tuning.json`, which says how it came about. One seed gives one result, on a GPU but
    for rounding. With a folder for checkpoints, a run that was killed is taken up by the same call
    and comes to the very result that it would have come to; what it came to is kept there as well,
    for whoever asks again. Without a number of threads there is one for each processor that this
    process may use.

    Raises UnsupportedEncoder, CannotWrite, and InvalidSettings when the loss runs away.
    """
    with torch_of_our_own(seed, threads or usable_processors()):
        with progress.stage("Preparing the tuning"):
            run = _prepare(files, course, options, seed=seed)
            if checkpoints is not None:
                run.go_on(Checkpoints.of(checkpoints, files, course, options, seed))
        run.learn(progress)
        run.finish()
        with progress.stage(f"Writing the tuned encoder{run.figures()}"):
            history = {"seed": seed, **run.history()}
            return save_tuned(run.learner.network, files, folder, history)


@dataclass(slots=True)
class _Run:
    """A tuning on its way."""

    learner: Learner
    objective: Objective
    options: Tuning
    batches: Batches
    aside: Sequence[Subject]
    checkpoints: Checkpoints | None = None
    judged: dict[int, float] = field(default_factory=dict)  # macro F1 after so many steps
    best: dict[str, Tensor] = field(default_factory=dict)

    def go_on(self, checkpoints: Checkpoints) -> None:
        """Go on from a checkpoint where there is one, and keep the next ones there."""
        self.checkpoints = checkpoints
        found = checkpoints.read(self.learner)
        if found is not None:
            self.best, notes = found
            self.judged = {int(step): score for step, score in notes["judged"].items()}

    def learn(self, progress: Progress) -> None:
        """Learn and judge in turn, until the steps are done or nothing is gained any more."""
        self._judge()
        while self.learner.step < self.learner.steps and not self._gains_nothing():
            last = next(stop for stop in self._stops() if stop > self.learner.step)
            name = f"Tuning to step {last:,} of {self.learner.steps:,}{self.figures()}"
            with progress.stage(name, total=last - self.learner.step) as advance:
                for batch in self._batches(last):
                    self._learn(batch)
                    advance(1)
            self._judge()

    def figures(self) -> str:
        """Say in words how well it does by now."""
        said = [] if self.learner.loss is None else [f"loss {self.learner.loss:.3f}"]
        said += [f"macro F1 {one:.3f}" for one in list(self.judged.values())[-1:]]
        return f" ({', '.join(said)})" if said else ""

    def finish(self) -> None:
        """Put the best weights back, where there were rows to judge by, and keep them."""
        with torch.no_grad():
            for name, one in self.learner.changing():
                if name in self.best:
                    one.copy_(self.best[name])
        if self.checkpoints is not None:
            self.checkpoints.finish(self.learner, self._notes())

    def history(self) -> dict[str, Any]:
        """Tell how it came about."""
        return {
            "options": self.options.to_dict(),
            "steps": self.learner.step,
            "loss": self.learner.loss,
            "macro_f1": {str(step): score for step, score in self.judged.items()},
            "best_step": self._best_step() if self.judged else self.learner.step,
        }

    def _learn(self, batch: NDArray[np.intp]) -> None:
        self.learner.learn(batch)
        if self.checkpoints is not None and not self.learner.step % self.options.checkpoint_steps:
            self.checkpoints.write(self.learner, self.best, self._notes())

    def _notes(self) -> dict[str, Any]:
        return {"judged": {str(step): score for step, score in self.judged.items()}}

    def _batches(self, last: int) -> Iterator[NDArray[np.intp]]:
        """Draw the batches from this step to the last, both of this epoch."""
        epoch, skip = divmod(self.learner.step, self.batches.steps)
        drawn = self.batches.epoch(epoch, skip=skip)
        for _ in range(last - self.learner.step):
            yield next(drawn)

    def _stops(self) -> Iterator[int]:
        """List the steps at which it is judged: so often an epoch, and at the end."""
        steps, judgings = self.batches.steps, self.options.judgings
        epochs = -(-self.learner.steps // steps)
        parts = [round(steps * part / judgings) for part in range(1, judgings + 1)]
        for epoch in range(epochs):
            yield from (min(epoch * steps + part, self.learner.steps) for part in parts)

    def _judge(self) -> None:
        if self.learner.step in self.judged:
            return
        network, parts = self.learner.network, self.objective.parts
        heads = [part.head for part in parts]
        score = judge(network, heads, self.learner.tokens, self.aside)
        if score is None:
            return
        self.judged[self.learner.step] = score
        if self._best_step() == self.learner.step:
            self.best = {name: one.detach().clone() for name, one in self.learner.changing()}

    def _best_step(self) -> int:
        """Find when it did best; the earliest of several."""
        return max(self.judged, key=lambda step: (self.judged[step], -step))

    def _gains_nothing(self) -> bool:
        patience = self.options.patience
        since = [step for step in self.judged if step > self._best_step()] if self.judged else []
        return patience > 0 and len(since) >= patience


def _prepare(files: EncoderFiles, course: Course, options: Tuning, *, seed: int) -> _Run:
    network, tokeniser = open_to_learn(files, options)
    tokens = TokenTable.of(course.texts, tokeniser, padding=network.padding)
    subjects, texts = course.learnt(), len(course.texts)
    rng = np.random.default_rng(seed)
    parts, shelves = [], []
    for subject in subjects:
        cards = TokenTable.of(subject.cards, tokeniser, padding=network.padding)
        found = prototypes(network, tokens, cards, subject, rng)
        head = head_from(found, subject, scale=options.scale, device=network.device)
        part = Part.of(subject, head, cards, texts=texts, options=options)
        parts.append(part)
        if options.clump > 1:
            rivals = Rivals.of(found.directions, part.families, subject.confusions)
            shelves.append(Shelf.of(subject, texts, rivals))
    batches = Batches(
        lengths=tokens.lengths,
        repeats=repeats_of(subjects, texts, options),
        size=options.batch,
        seed=seed,
        companions=Companions(shelves, options.partners, options.rivals) if shelves else None,
    )
    steps = max(round(options.epochs * batches.steps), 1)
    objective = Objective(parts, options)
    learner = Learner.of(network, objective, tokens, options, steps=steps, seed=seed)
    network.model.train()
    return _Run(learner, objective, options, batches, course.set_aside())
