"""One step after the other: gradients, AdamW, and a rate that rises and falls."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sortyard.domain.errors import InvalidSettings
from sortyard.training.tuning.network import Network
from sortyard.training.tuning.options import SOURCE
from sortyard.training.tuning.tokens import TokenTable

SMOOTH = 0.95  # how much of the loss that is told comes from the steps before
CARDS = 1  # the stream of random numbers that chooses cards, beside those of the batches


class Goal(Protocol):
    """What is learnt: a loss, and the tensors of its own that learning changes."""

    def heads(self) -> Iterator[tuple[str, Tensor]]:
        """Name what learns beside the encoder."""
        ...

    def loss(
        self,
        network: Network,
        tokens: TokenTable,
        batch: NDArray[np.intp],
        rng: np.random.Generator,
    ) -> Tensor:
        """Read a batch of texts and say how wrong it is, ()."""
        ...


class Pace(Protocol):
    """How fast is learnt, as `Tuning` says what each of them means."""

    @property
    def rate(self) -> float: ...
    @property
    def head_rate(self) -> float: ...
    @property
    def warm_up(self) -> float: ...
    @property
    def decay(self) -> float: ...
    @property
    def clip(self) -> float: ...


@dataclass(slots=True)
class Learner:
    """An encoder and its heads while they learn; `loss` is that of the last steps, smoothed."""

    network: Network
    objective: Goal
    tokens: TokenTable
    options: Pace
    steps: int  # in all
    seed: int
    optimiser: torch.optim.Optimizer
    rates: Sequence[float]  # of the optimiser's groups, at their height
    step: int = 0  # how many are taken
    loss: float | None = None

    @classmethod
    def of(  # noqa: PLR0913 -- the parts of a learner, by name
        cls,
        network: Network,
        objective: Goal,
        tokens: TokenTable,
        options: Pace,
        *,
        steps: int,
        seed: int,
    ) -> "Learner":
        """Make AdamW (Loshchilov & Hutter 2019); biases and norms do not decay."""
        changing = [one for one in network.model.parameters() if one.requires_grad]
        heads = [one for _, one in objective.heads()]
        groups = [
            ([one for one in changing if one.ndim > 1], options.rate, options.decay),
            ([one for one in changing if one.ndim <= 1], options.rate, 0.0),
            (heads, options.head_rate, 0.0),
        ]
        optimiser = torch.optim.AdamW(
            [
                {"params": params, "lr": rate, "weight_decay": decay}
                for params, rate, decay in groups
            ],
            fused=True,
        )
        rates = [rate for _, rate, _ in groups]
        return cls(network, objective, tokens, options, steps, seed, optimiser, rates)

    def learn(self, batch: NDArray[np.intp]) -> None:
        """Take one step."""
        share = share_of_rate(self.step, self.steps, warm_up=self.options.warm_up)
        for group, rate in zip(self.optimiser.param_groups, self.rates, strict=True):
            group["lr"] = rate * share
        rng = np.random.default_rng((self.seed, CARDS, self.step))
        loss = self.objective.loss(self.network, self.tokens, batch, rng)
        value = float(loss.detach())
        if not isfinite(value):
            problem = f"after {self.step} steps the loss is no number any more; lower the rate"
            raise InvalidSettings(SOURCE, [problem])
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_([one for _, one in self.changing()], self.options.clip)
        self.optimiser.step()
        self.loss = value if self.loss is None else SMOOTH * self.loss + (1.0 - SMOOTH) * value
        self.step += 1

    def changing(self) -> Iterator[tuple[str, Tensor]]:
        """Name everything that learning changes."""
        for name, one in self.network.model.named_parameters():
            if one.requires_grad:
                yield f"encoder/{name}", one
        yield from self.objective.heads()


def share_of_rate(step: int, steps: int, *, warm_up: float) -> float:
    """Rise to the full rate over a share of the steps, then fall in a line to nothing."""
    rising = warm_up * steps
    if step < rising:
        return (step + 1) / (rising + 1)
    return (steps - step) / max(steps - rising, 1)
