"""Train a cross-encoder on lists: messages, each beside the cards of the labels in question."""

from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sortyard.domain.ports import Progress
from sortyard.models.engines.onnx import usable_processors
from sortyard.models.engines.pairs import BIAS, SCORER_FILE, WEIGHTS
from sortyard.training.encoders.weights import EncoderFiles
from sortyard.training.tuning.batches import Batches
from sortyard.training.tuning.checkpoints import Checkpoints, fingerprint
from sortyard.training.tuning.cross_options import Cross
from sortyard.training.tuning.learner import Learner
from sortyard.training.tuning.list_objective import ListObjective
from sortyard.training.tuning.lists import Lists
from sortyard.training.tuning.network import open_to_learn
from sortyard.training.tuning.own_torch import torch_of_our_own
from sortyard.training.tuning.saving import save_tuned
from sortyard.training.tuning.tokens import TokenTable


def tune_cross_encoder(  # noqa: PLR0913 -- what a training rests on, by name
    files: EncoderFiles,
    lists: Lists,
    options: Cross,
    folder: Path,
    *,
    seed: int,
    progress: Progress,
    checkpoints: Path | None = None,
    threads: int | None = None,
) -> EncoderFiles:
    """
    Train an encoder to read a message and a card together, and to score how well they fit.

    It reads `[CLS] message [SEP] card [SEP]` (`pair_ids`) and averages its last layer; a vector of
    length one times the scorer's weights is the score. The result is a folder as `tune_encoder`
    writes it, with `scorer.safetensors` for `OnnxPairScorer` beside the weights. The order of the
    candidates makes no difference. One seed gives one result, on a GPU but for rounding; a run that
    was killed is taken up by the same call, as it is there.

    Raises NotEnoughData, UnsupportedEncoder, CannotWrite, and InvalidSettings when the loss runs
    away.
    """
    lists = lists.needed().in_order()
    with torch_of_our_own(seed, threads or usable_processors()):
        with progress.stage("Preparing the cross-encoder"):
            run = _prepare(files, lists, options, seed=seed)
            if checkpoints is not None:
                run.go_on(_place(checkpoints, files, lists, options, seed))
        run.learn(progress)
        run.finish()
        with progress.stage(f"Writing the cross-encoder{run.figures()}"):
            learner = run.learner
            history = {"seed": seed, "lists": len(lists), **run.history()}
            also = {SCORER_FILE: _scorer(run.objective.weights)}
            return save_tuned(learner.network, files, folder, history, also=also)


@dataclass(slots=True)
class _Run:
    """A training on its way."""

    learner: Learner
    objective: ListObjective
    options: Cross
    batches: Batches
    checkpoints: Checkpoints | None = None

    def go_on(self, checkpoints: Checkpoints) -> None:
        """Go on from a checkpoint where there is one, and keep the next ones there."""
        self.checkpoints = checkpoints
        checkpoints.read(self.learner)

    def learn(self, progress: Progress) -> None:
        """Learn epoch by epoch, until the steps are done."""
        while self.learner.step < self.learner.steps:
            epoch, skip = divmod(self.learner.step, self.batches.steps)
            last = min((epoch + 1) * self.batches.steps, self.learner.steps)
            name = f"Training the cross-encoder to step {last:,} of {self.learner.steps:,}"
            with progress.stage(
                f"{name}{self.figures()}", total=last - self.learner.step
            ) as advance:
                drawn = self.batches.epoch(epoch, skip=skip)
                for _ in range(last - self.learner.step):
                    self._learn(next(drawn))
                    advance(1)

    def finish(self) -> None:
        """Keep what it came to."""
        if self.checkpoints is not None:
            self.checkpoints.finish(self.learner, {})

    def figures(self) -> str:
        return "" if self.learner.loss is None else f" (loss {self.learner.loss:.3f})"

    def history(self) -> dict[str, Any]:
        """Tell how it came about."""
        return {
            "options": self.options.to_dict(),
            "steps": self.learner.step,
            "loss": self.learner.loss,
        }

    def _learn(self, batch: NDArray[np.intp]) -> None:
        self.learner.learn(batch)
        if self.checkpoints is not None and not self.learner.step % self.options.checkpoint_steps:
            self.checkpoints.write(self.learner, {}, {})


def _prepare(files: EncoderFiles, lists: Lists, options: Cross, *, seed: int) -> _Run:
    network, tokeniser = open_to_learn(files, options)
    pairs = lists.pairs(tokeniser, most=tokeniser.max_tokens)
    tokens = TokenTable.of_ids(pairs, padding=network.padding)
    batches = Batches(
        lengths=tokens.lengths.reshape(lists.candidates.shape).max(axis=1),
        repeats=np.ones(len(lists)),
        size=min(options.batch, len(lists)),
        seed=seed,
    )
    steps = max(ceil(options.epochs * batches.steps), 1)
    objective = ListObjective.of(lists, network, scale=options.scale, seed=seed)
    learner = Learner.of(network, objective, tokens, options, steps=steps, seed=seed)
    network.model.train()
    return _Run(learner, objective, options, batches)


def _place(
    folder: Path, files: EncoderFiles, lists: Lists, options: Cross, seed: int
) -> Checkpoints:
    told = {"options": options.to_dict(), "cards": list(lists.cards)}
    arrays: list[NDArray[Any]] = [lists.candidates, lists.truth, lists.offsets]
    name = fingerprint(files, told, lists.texts, arrays, seed)
    return Checkpoints(folder / f"cross-{name}.safetensors")


def _scorer(weights: Tensor) -> dict[str, Tensor]:
    """Name the scorer's numbers; within a list a bias would change nothing, so it is 0."""
    return {WEIGHTS: weights, BIAS: torch.zeros(())}
