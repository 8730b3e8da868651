"""The loop that tunes an encoder."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sortyard.domain.ports import Progress
from sortyard.models.engines.onnx import usable_processors
from sortyard.models.engines.tokens import Tokeniser
from sortyard.training.encoder_shape import MOST_TOKENS
from sortyard.training.encoder_weights import EncoderFiles
from sortyard.training.tuning.batches import Batches
from sortyard.training.tuning.course import ABSENT, Course, Subject, places_in
from sortyard.training.tuning.heads import TunedHead, head_from, prototypes
from sortyard.training.tuning.judging import judge
from sortyard.training.tuning.losses import softmax_loss
from sortyard.training.tuning.network import Network, best_device, mixed, open_network
from sortyard.training.tuning.options import Tuning
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
    threads: int | None = None,
) -> EncoderFiles:
    """
    Tune published weights on labelled rows, all dimensions in one run.

    The result is a folder that `training.export.export_encoder` takes, written whole or not at
    all. Without a number of threads there is one for each processor that this process may use.
    """
    with _torch_of_our_own(seed, threads or usable_processors()):
        run = _prepare(files, course, options, seed=seed, progress=progress)
        run.learn(progress)
        with progress.stage(f"Writing the tuned encoder{run.figures()}"):
            return save_tuned(run.network.model, files, folder)


@dataclass(slots=True)
class _Run:
    """A tuning on its way."""

    network: Network
    heads: list[TunedHead]
    options: Tuning
    tokens: TokenTable
    subjects: Sequence[Subject]
    places: Sequence[NDArray[np.intp]]  # of every text in each subject
    aside: Sequence[Subject]
    batches: Batches
    optimiser: torch.optim.Optimizer
    rates: tuple[float, ...]  # of the optimiser's groups, at their height
    step: int = 0
    loss: float = float("nan")
    judged: list[float | None] = field(default_factory=list)

    @property
    def steps(self) -> int:
        return max(round(self.options.epochs * self.batches.steps), 1)

    def learn(self, progress: Progress) -> None:
        """Take all steps, epoch by epoch."""
        epoch = 0
        while self.step < self.steps:
            first = epoch * self.batches.steps
            last = min(first + self.batches.steps, self.steps)
            name = f"Tuning, steps to {last:,} of {self.steps:,}{self.figures()}"
            with progress.stage(name, total=last - first) as advance:
                for batch in self.batches.epoch(epoch):
                    if self.step >= last:
                        break
                    self._learn(batch)
                    advance(1)
            self.judged.append(judge(self.network, self.heads, self.tokens, self.aside))
            epoch += 1

    def figures(self) -> str:
        """Say in words how well it does by now."""
        said = [] if np.isnan(self.loss) else [f"loss {self.loss:.3f}"]
        said += [f"macro F1 {one:.3f}" for one in self.judged[-1:] if one is not None]
        return f" ({', '.join(said)})" if said else ""

    def _learn(self, batch: NDArray[np.intp]) -> None:
        share = share_of_rate(self.step, self.steps, warm_up=self.options.warm_up)
        for group, rate in zip(self.optimiser.param_groups, self.rates, strict=True):
            group["lr"] = rate * share
        with mixed(self.network.device):
            vectors = self.network.vectors(self.tokens, batch)
        loss = self._loss(vectors, batch)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        parameters = [one for group in self.optimiser.param_groups for one in group["params"]]
        torch.nn.utils.clip_grad_norm_(parameters, self.options.clip)
        self.optimiser.step()
        self.step += 1
        value = float(loss.detach())
        self.loss = value if np.isnan(self.loss) else 0.95 * self.loss + 0.05 * value

    def _loss(self, vectors: Tensor, batch: NDArray[np.intp]) -> Tensor:
        total = vectors.sum() * 0.0
        for subject, places, head in zip(self.subjects, self.places, self.heads, strict=True):
            at = places[batch]
            here = at != ABSENT
            truth = torch.from_numpy(subject.truth.take(at[here]).single).to(vectors.device)
            scores = head.scores(vectors[torch.from_numpy(here).to(vectors.device)])
            total = total + softmax_loss(
                scores, truth, smoothing=self.options.smoothing, focus=self.options.focus
            )
        return total


def share_of_rate(step: int, steps: int, *, warm_up: float) -> float:
    """Rise to the full rate over a share of the steps, then fall in a line to nothing."""
    rising = warm_up * steps
    if step < rising:
        return (step + 1) / (rising + 1)
    return (steps - step) / max(steps - rising, 1)


def _prepare(
    files: EncoderFiles, course: Course, options: Tuning, *, seed: int, progress: Progress
) -> _Run:
    with progress.stage("Preparing the tuning"):
        network = open_network(
            files,
            dropout=options.dropout,
            frozen_words=options.frozen_words,
            frozen_layers=options.frozen_layers,
            device=best_device(),
        )
        most = min(options.most_tokens, network.max_tokens, MOST_TOKENS)
        tokeniser = Tokeniser.open(files.folder, max_tokens=most)
        tokens = TokenTable.of(course.texts, tokeniser, padding=network.padding)
        subjects = course.learnt()
        rng = np.random.default_rng(seed)
        heads = []
        for subject in subjects:
            cards = TokenTable.of(subject.cards, tokeniser, padding=network.padding)
            directions = prototypes(network, tokens, cards, subject, rng)
            heads.append(head_from(directions, scale=options.scale, device=network.device))
        rows = course.rows
    optimiser, rates = _optimiser(network, heads, options)
    network.model.train()
    return _Run(
        network=network,
        heads=heads,
        options=options,
        tokens=tokens,
        subjects=subjects,
        places=[places_in(one, len(course.texts)) for one in subjects],
        aside=course.set_aside(),
        batches=Batches(
            rows=rows,
            lengths=tokens.lengths[rows],
            repeats=np.ones(len(rows)),
            size=options.batch,
            seed=seed,
        ),
        optimiser=optimiser,
        rates=rates,
    )


def _optimiser(
    network: Network, heads: Sequence[TunedHead], options: Tuning
) -> tuple[torch.optim.Optimizer, tuple[float, ...]]:
    """Make AdamW with decoupled decay (Loshchilov & Hutter 2019); biases and norms have none."""
    learning = [one for one in network.model.parameters() if one.requires_grad]
    groups = [
        {
            "params": [one for one in learning if one.ndim > 1],
            "lr": options.rate,
            "weight_decay": options.decay,
        },
        {
            "params": [one for one in learning if one.ndim <= 1],
            "lr": options.rate,
            "weight_decay": 0.0,
        },
        {
            "params": [one for head in heads for one in head.parameters()],
            "lr": options.head_rate,
            "weight_decay": 0.0,
        },
    ]
    rates = (options.rate, options.rate, options.head_rate)
    return torch.optim.AdamW(groups, fused=True), rates


@contextmanager
def _torch_of_our_own(seed: int, threads: int) -> Iterator[None]:
    """Seed PyTorch and give it threads, and leave it as it was."""
    before = torch.get_num_threads()
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        torch.set_num_threads(threads)
        try:
            yield
        finally:
            torch.set_num_threads(before)
