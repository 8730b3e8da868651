"""Let an encoder read on: learn the words of an archive by guessing those that are hidden."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.errors import NotEnoughData
from sortyard.domain.ports import Progress
from sortyard.models.engines.onnx import usable_processors
from sortyard.training.encoders.weights import EncoderFiles
from sortyard.training.tuning.batches import Batches
from sortyard.training.tuning.checkpoints import Checkpoints, fingerprint
from sortyard.training.tuning.guessing import Guesser, MaskedObjective, places_to_judge
from sortyard.training.tuning.learner import Learner
from sortyard.training.tuning.masked_options import Masking
from sortyard.training.tuning.masks import Vocabulary, Words
from sortyard.training.tuning.network import open_to_learn
from sortyard.training.tuning.own_torch import torch_of_our_own
from sortyard.training.tuning.saving import save_tuned
from sortyard.training.tuning.tokens import TokenTable

FEWEST_TEXTS = 2
TENTH = 10  # of the texts, at most, are not learnt from
LOOKS = 10  # how often the loss is shown
ASIDE, ALONE = 1, 2  # streams of random numbers, beside those of the batches


def pretrain_encoder(  # noqa: PLR0913 -- what a pretraining rests on, by name
    files: EncoderFiles,
    texts: Sequence[str],
    options: Masking,
    folder: Path,
    *,
    seed: int,
    progress: Progress,
    checkpoints: Path | None = None,
    threads: int | None = None,
) -> EncoderFiles:
    """
    Teach published weights the words of some texts, without any label.

    This is domain-adaptive pretraining (Gururangan et al., "Don't Stop Pretraining", 2020). The
    result is a folder as `tune_encoder` writes it; what the words were guessed with is not part of
    it. `tuning.json` has the pseudo-perplexity on texts that were set aside, before the encoder
    changed and after. One seed gives one result, on a GPU but for rounding; with a folder for
    checkpoints, a run that was killed is taken up by the same call.

    Raises NotEnoughData, UnsupportedEncoder (also where the vocabulary has no mask), CannotWrite,
    and InvalidSettings when the loss runs away.
    """
    if len(texts) < FEWEST_TEXTS:
        raise NotEnoughData("pretrain an encoder", found=len(texts), needed=FEWEST_TEXTS)
    with torch_of_our_own(seed, threads or usable_processors()):
        with progress.stage("Preparing the pretraining"):
            run = _prepare(files, texts, options, seed=seed)
            begun = checkpoints is not None and run.go_on(
                _place(checkpoints, files, texts, options, seed)
            )
        if not begun:
            run.learn_alone(progress)
        run.learn(progress)
        run.finish()
        with progress.stage(f"Writing the pretrained encoder{run.figures()}"):
            history = {"seed": seed, "texts": len(texts), **run.history()}
            return save_tuned(run.learner.network, files, folder, history)


@dataclass(slots=True)
class _Run:
    """A pretraining on its way."""

    learner: Learner
    objective: MaskedObjective
    options: Masking
    batches: Batches
    judged: NDArray[np.int64]  # places in the flat table that are guessed to measure
    checkpoints: Checkpoints | None = None
    perplexity: dict[str, float | None] = field(default_factory=dict)

    def go_on(self, checkpoints: Checkpoints) -> bool:
        """Go on from a checkpoint where there is one, and keep the next ones there."""
        self.checkpoints = checkpoints
        found = checkpoints.read(self.learner)
        if found is not None:
            self.perplexity = found[1]["perplexity"]
        return found is not None

    def learn_alone(self, progress: Progress) -> None:
        """Let what guesses learn by itself, and measure what the published encoder knows."""
        whole = self.learner
        steps = round(self.options.alone * whole.steps)
        first = Learner.of(
            whole.network,
            self.objective,
            whole.tokens,
            self.options,
            steps=max(steps, 1),
            seed=whole.seed + ALONE,
        )
        self.objective.alone = True
        with progress.stage("Learning to guess hidden words", total=steps) as advance:
            for batch in islice(self._batches(0), steps):
                first.learn(batch)
                advance(1)
        self.objective.alone = False
        self.perplexity["before"] = self._measure()

    def learn(self, progress: Progress) -> None:
        """Let the encoder learn with it, and measure again."""
        steps = self.learner.steps
        batches = self._batches(self.learner.step)
        while self.learner.step < steps:
            last = next(stop for stop in self._stops() if stop > self.learner.step)
            name = f"Pretraining to step {last:,} of {steps:,}{self.figures()}"
            with progress.stage(name, total=last - self.learner.step) as advance:
                for batch in islice(batches, last - self.learner.step):
                    self._learn(batch)
                    advance(1)
        self.perplexity["after"] = self._measure()

    def finish(self) -> None:
        """Keep what it came to."""
        if self.checkpoints is not None:
            self.checkpoints.finish(self.learner, self._notes())

    def figures(self) -> str:
        """Say in words how well it guesses by now."""
        told = [] if self.learner.loss is None else [f"loss {self.learner.loss:.3f}"]
        told += [
            f"perplexity {name} {value:.1f}"
            for name, value in self.perplexity.items()
            if value is not None
        ]
        return f" ({', '.join(told)})" if told else ""

    def history(self) -> dict[str, Any]:
        """Tell how it came about."""
        return {
            "pretraining": self.options.to_dict(),
            "steps": self.learner.step,
            "loss": self.learner.loss,
            "pseudo_perplexity": self.perplexity,
        }

    def _learn(self, batch: NDArray[np.intp]) -> None:
        self.learner.learn(batch)
        if self.checkpoints is not None and not self.learner.step % self.options.checkpoint_steps:
            self.checkpoints.write(self.learner, {}, self._notes())

    def _notes(self) -> dict[str, Any]:
        return {"perplexity": self.perplexity}

    def _batches(self, step: int) -> Iterator[NDArray[np.intp]]:
        """Draw the batches from a step onwards, epoch after epoch."""
        first, skip = divmod(step, self.batches.steps)
        for epoch in count(first):
            yield from self.batches.epoch(epoch, skip=skip if epoch == first else 0)

    def _stops(self) -> list[int]:
        looks = min(LOOKS, self.learner.steps)
        return [round(self.learner.steps * look / looks) for look in range(1, looks + 1)]

    def _measure(self) -> float | None:
        learner = self.learner
        return self.objective.perplexity(learner.network, learner.tokens, self.judged)


def _prepare(files: EncoderFiles, texts: Sequence[str], options: Masking, *, seed: int) -> _Run:
    network, tokeniser = open_to_learn(files, options)
    tokens = TokenTable.of(texts, tokeniser, padding=network.padding)
    words = Words.of(texts, tokeniser, whole=options.whole_words)
    guesser = Guesser.of(network, tokens)
    size = len(guesser.words)
    vocabulary = Vocabulary.of(files, tokeniser.tokenizer, size=size)
    rng = np.random.default_rng((seed, ASIDE))
    aside = rng.permutation(len(texts))[: min(options.aside, len(texts) // TENTH)]
    repeats = np.ones(len(texts))
    repeats[aside] = 0.0
    batches = Batches(lengths=tokens.lengths, repeats=repeats, size=options.batch, seed=seed)
    objective = MaskedObjective(guesser, words, vocabulary, options.share)
    steps = max(round(options.epochs * batches.steps), 1)
    learner = Learner.of(network, objective, tokens, options, steps=steps, seed=seed)
    network.model.train()
    return _Run(learner, objective, options, batches, places_to_judge(words, tokens, aside, rng))


def _place(
    folder: Path, files: EncoderFiles, texts: Sequence[str], options: Masking, seed: int
) -> Checkpoints:
    told = {"pretraining": options.to_dict()}
    return Checkpoints(
        folder / f"pretraining-{fingerprint(files, told, texts, [], seed)}.safetensors"
    )
