"""What a batch of lists is worth: how clearly the right card stands out in each of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sortyard.training.tuning.course import ABSENT
from sortyard.training.tuning.lists import Lists
from sortyard.training.tuning.losses import softmax_loss
from sortyard.training.tuning.network import Network
from sortyard.training.tuning.tokens import TokenTable

SCORER = 2  # the stream of random numbers that starts the scorer, beside those of the batches
NO_CHANCE = -1e4  # the score of a candidate that is not there


@dataclass(frozen=True, slots=True)
class ListObjective:
    """
    Listwise softmax cross-entropy: every list's cards compete for its message.

    Cao et al., "Learning to Rank: From Pairwise Approach to Listwise Approach", 2007, of the top
    one alone. `there` (lists, most) marks candidates, `right` (lists,) is the column of the true
    one, and pair `list * most + column` of the tokens is what is read. The score of a pair is its
    vector times `weights`, and competes on top of what is `known` of the candidate (lists, most).
    """

    there: NDArray[np.bool_]
    right: NDArray[np.intp]
    known: NDArray[np.float32]
    weights: Tensor  # (width,)

    @classmethod
    def of(cls, lists: Lists, network: Network, *, scale: float, seed: int) -> Self:
        """Start the scorer as a random direction of the length `scale`."""
        rng = np.random.default_rng((seed, SCORER))
        start = rng.normal(size=network.width)
        start *= scale / np.linalg.norm(start)
        weights = torch.from_numpy(start.astype(np.float32)).to(network.device)
        there, weights = lists.candidates != ABSENT, weights.requires_grad_()
        return cls(there, lists.columns, lists.offsets, weights)

    def heads(self) -> Iterator[tuple[str, Tensor]]:
        """Name what learns beside the encoder."""
        yield "heads/scorer/weights", self.weights

    def loss(
        self,
        network: Network,
        tokens: TokenTable,
        batch: NDArray[np.intp],
        rng: np.random.Generator,  # noqa: ARG002 -- nothing is drawn
    ) -> Tensor:
        """Read the pairs of some lists and say how wrong they are, ()."""
        most = self.there.shape[1]
        there = self.there[batch]
        pairs = (batch[:, None] * most + np.arange(most))[there]
        found = network.vectors(tokens, pairs) @ self.weights
        mask = torch.from_numpy(there).to(found.device)
        scores = found.new_full(there.shape, NO_CHANCE).masked_scatter(mask, found)
        known = torch.from_numpy(self.known[batch]).to(found.device)
        return softmax_loss(scores + known, torch.from_numpy(self.right[batch]).to(found.device))
