"""An adapter while it learns: one step after the other, and a checkpoint now and then."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Final

import numpy as np
import peft
import torch
from numpy.typing import NDArray
from torch import Tensor

from sortyard.domain.errors import InvalidSettings
from sortyard.domain.ports import Progress
from sortyard.training.tuning.batches import Batches
from sortyard.training.tuning.causal.adapter import changing
from sortyard.training.tuning.causal.checkpoints import Checkpoint
from sortyard.training.tuning.causal.lessons import Lessons
from sortyard.training.tuning.causal.options import SOURCE, CausalTuning
from sortyard.training.tuning.learner import share_of_rate

SMOOTH: Final = 0.95  # how much of the loss that is shown comes from the steps before


@dataclass(slots=True)
class CausalLearner:
    """
    An adapter and what it learns from.

    The loss of a row is what its label costs: the negative log-probability of the label's tokens
    and the end mark, given the prompt. What the prompt itself says is not learnt.
    """

    adapted: peft.PeftModel
    lessons: Lessons
    batches: Batches
    options: CausalTuning
    seed: int
    optimiser: torch.optim.Optimizer
    checkpoint: Checkpoint | None = None
    step: int = 0
    loss: float | None = None
    told: dict[str, float] = field(default_factory=dict)  # the loss after each epoch

    @classmethod
    def of(
        cls, adapted: peft.PeftModel, lessons: Lessons, options: CausalTuning, *, seed: int
    ) -> "CausalLearner":
        """Make AdamW (Loshchilov & Hutter 2019) for what may change."""
        optimiser = torch.optim.AdamW(
            list(changing(adapted).values()), lr=options.rate, weight_decay=options.decay
        )
        batches = lessons.batches(options, seed=seed)
        return cls(adapted, lessons, batches, options, seed, optimiser)

    @property
    def steps(self) -> int:
        return max(round(self.options.epochs * self.batches.steps), 1)

    def go_on(self, checkpoint: Checkpoint) -> None:
        """Go on from a checkpoint where there is one, and keep the next ones there."""
        self.checkpoint = checkpoint
        notes = checkpoint.read(changing(self.adapted), self.optimiser)
        if notes is not None:
            self.step, self.loss, self.told = notes["step"], notes["loss"], notes["told"]

    def learn(self, progress: Progress) -> None:
        """Take all steps that are left, an epoch a stage."""
        self.adapted.train()
        while self.step < self.steps:
            epoch, skip = divmod(self.step, self.batches.steps)
            last = min((epoch + 1) * self.batches.steps, self.steps)
            name = f"Tuning to step {last:,} of {self.steps:,}{self.figures()}"
            with progress.stage(name, total=last - self.step) as advance:
                for batch in _first(self.batches.epoch(epoch, skip=skip), last - self.step):
                    self._take(batch)
                    advance(1)
        self.adapted.eval()

    def figures(self) -> str:
        """Say in words how well it does by now."""
        return "" if self.loss is None else f" (loss {self.loss:.3f})"

    def _take(self, batch: NDArray[np.intp]) -> None:
        share = share_of_rate(self.step, self.steps, warm_up=self.options.warm_up)
        for group in self.optimiser.param_groups:
            group["lr"] = self.options.rate * share
        # Dropout follows from the step, so that a run that was killed goes on with the same.
        torch.manual_seed(int(np.random.SeedSequence((self.seed, self.step)).generate_state(1)[0]))
        self.optimiser.zero_grad(set_to_none=True)
        cost = 0.0
        for at in range(0, len(batch), self.options.at_once):
            loss = self._cost(batch[at : at + self.options.at_once]) / len(batch)
            loss.backward()
            cost += float(loss.detach())
        if not isfinite(cost):
            problem = f"after {self.step} steps the loss is no number any more; lower the rate"
            raise InvalidSettings(SOURCE, [problem])
        torch.nn.utils.clip_grad_norm_(changing(self.adapted).values(), self.options.clip)
        self.optimiser.step()
        self.loss = cost if self.loss is None else SMOOTH * self.loss + (1.0 - SMOOTH) * cost
        self.step += 1
        if not self.step % self.batches.steps or self.step == self.steps:
            self.told[str(self.step)] = self.loss
        if self.checkpoint is not None and not self.step % self.options.checkpoint_steps:
            notes = {"step": self.step, "loss": self.loss, "told": self.told}
            self.checkpoint.write(changing(self.adapted), self.optimiser, notes)

    def _cost(self, rows: NDArray[np.intp]) -> Tensor:
        """Sum what the labels of some rows cost."""
        piece = self.lessons.piece(rows, self.adapted.device)
        longest = piece.answers.shape[1]
        logits = self.adapted(
            input_ids=piece.ids,
            attention_mask=piece.mask,
            position_ids=piece.places,
            logits_to_keep=longest + 1,
            use_cache=False,
        ).logits[:, :-1]
        chances = logits.float().log_softmax(dim=-1)
        spoken = chances.gather(2, piece.ids[:, -longest:, None]).squeeze(2)
        cost: Tensor = -spoken[piece.answers].sum()
        return cost


def fingerprint(lessons: Lessons, facts: Mapping[str, Any]) -> str:
    """Hash everything that a run rests on, so that no other run goes on from its checkpoint."""
    seen = hashlib.sha256(json.dumps([facts, lessons.sequences], sort_keys=True).encode())
    for prompt, label in zip(lessons.prompts, lessons.truth.single, strict=True):
        seen.update(np.array([label, len(prompt), *prompt], dtype=np.int64).tobytes())
    return seen.hexdigest()[:32]


def _first(batches: Iterator[NDArray[np.intp]], count: int) -> Iterator[NDArray[np.intp]]:
    for _ in range(count):
        yield next(batches)
