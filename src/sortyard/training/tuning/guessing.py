"""What hidden words are guessed with, and how wrong a guess is."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from sortyard.training.tuning.masks import Masked, Vocabulary, Words, hidden_one_by_one, masked
from sortyard.training.tuning.network import Network
from sortyard.training.tuning.tokens import TokenTable

AT_ONCE = 64
MOST_PLACES = 512  # of hidden pieces that a measurement guesses; a mean of them is good to 5 %


@dataclass(frozen=True, slots=True)
class Guesser:
    """
    Scores of all word pieces: the last layer, turned, against the vectors of words, plus offsets.

    The vectors of words are the encoder's own, tied (Press & Wolf 2017). Sentence encoders are
    published without the rest of such a head. So the turn begins as the identity, which leaves
    everything where it is, and the offsets as how frequent the pieces are in the texts: before it
    has learnt anything it guesses like somebody who knows nothing but that.
    """

    words: Tensor  # (pieces, inner width): the encoder's own
    turn: Tensor  # (width, inner width)
    offsets: Tensor  # (pieces,)

    @classmethod
    def of(cls, network: Network, tokens: TokenTable) -> Self:
        """Begin with the vectors of words, and what is frequent in a table of tokens."""
        words = network.model.get_input_embeddings().get_parameter("weight")
        seen = np.bincount(tokens.flat, minlength=len(words))[: len(words)]
        offsets = np.log((seen + 1.0) / (seen.sum() + len(words)))
        turn = torch.eye(network.width, words.shape[1], device=network.device)
        told = torch.from_numpy(offsets.astype(np.float32)).to(network.device)
        return cls(words, turn.requires_grad_(), told.requires_grad_())

    def wrongness(self, hidden: Tensor, truth: Tensor) -> Tensor:
        """Give the surprise at every true piece, (pieces,), from the last layer there."""
        scores = hidden @ self.turn @ self.words.t() + self.offsets
        return functional.cross_entropy(scores, truth, reduction="none")


@dataclass(slots=True)
class MaskedObjective:
    """
    The loss of guessing what is hidden in a batch.

    While the guesser is `alone` no gradient reaches the encoder.
    """

    guesser: Guesser
    words: Words
    vocabulary: Vocabulary
    share: float
    alone: bool = False

    def heads(self) -> Iterator[tuple[str, Tensor]]:
        """Name what learns beside the encoder."""
        yield "heads/turn", self.guesser.turn
        yield "heads/offsets", self.guesser.offsets

    def loss(
        self,
        network: Network,
        tokens: TokenTable,
        batch: NDArray[np.intp],
        rng: np.random.Generator,
    ) -> Tensor:
        """Hide words of a batch of texts, and say how wrong the guesses are, ()."""
        words = self.words.take(tokens, batch)
        holed = masked(tokens.take(batch), words, self.vocabulary, share=self.share, rng=rng)
        with torch.set_grad_enabled(not self.alone):
            at_holes = _at_holes(network, holed)
        return self.guesser.wrongness(*at_holes).sum() / max(len(holed.truth), 1)

    def perplexity(
        self, network: Network, tokens: TokenTable, places: NDArray[np.int64]
    ) -> float | None:
        """
        Measure how many pieces it wavers between where one is hidden; None without places.

        That is the pseudo-perplexity of Salazar et al. ("Masked Language Model Scoring", 2020):
        `places` are read with nothing hidden but the piece in question.
        """
        if not len(places):
            return None
        total = 0.0
        order = np.argsort(tokens.lengths[tokens.rows_of(places)], kind="stable")
        network.model.eval()
        with torch.inference_mode():
            for start in range(0, len(places), AT_ONCE):
                part = places[order[start : start + AT_ONCE]]
                holed = hidden_one_by_one(tokens, part, self.vocabulary)
                total += float(self.guesser.wrongness(*_at_holes(network, holed)).sum())
        network.model.train()
        return float(np.exp(total / len(places)))


def places_to_judge(
    words: Words, tokens: TokenTable, texts: NDArray[np.intp], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Draw some of the pieces of these texts, as places in the flat table, rising."""
    inside = np.zeros(len(tokens.lengths), dtype=np.bool_)
    inside[texts] = True
    places = np.flatnonzero(np.repeat(inside, tokens.lengths) & words.is_said)
    if len(places) > MOST_PLACES:
        places = rng.choice(places, MOST_PLACES, replace=False)
    return np.sort(places)


def _at_holes(network: Network, holed: Masked) -> tuple[Tensor, Tensor]:
    """Read texts with holes: the last layer at the holes, (holes, width), and what was there."""
    hidden = network.hidden(holed.read)
    chosen = torch.from_numpy(holed.chosen).to(network.device)
    return hidden[chosen], torch.from_numpy(holed.truth).to(network.device)
