"""How a cross-encoder is trained: every choice as one value, which a recipe can hold."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from sortyard.domain.errors import InvalidSettings
from sortyard.models.reranker import FEWEST, MOST
from sortyard.training.tuning.kinds import refuse_unknown, refuse_wrong_kinds

SOURCE = "The cross-encoder"
ABOVE_ZERO = ("epochs", "rate", "head_rate", "clip", "scale")
NOT_NEGATIVE = ("decay", "frozen_layers")
AT_LEAST_ONE = ("lists", "judged", "batch", "checkpoint_steps")
FEWEST_TOKENS = 8  # a few words of a message and of a card, between their marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Cross:
    """
    How a cross-encoder is trained to rerank, and how much that may cost.

    It learns from at most `lists` messages of all dimensions together, each beside the cards of its
    `most` likeliest labels, of which one is right: those with the smallest lead where they were
    held out, and a share `easy` of others, so that it also knows what is plain. At most `judged`
    held-out messages of every dimension, those with the smallest lead, then say what it is worth;
    no other message than such a one will ever be read by it. With `examples`, the label's example
    that is nearest to the message stands behind its card, where the release may keep texts.

    The course of it: `epochs` over the lists in batches of `batch`, with AdamW at the `rate` (the
    scorer at `head_rate`) that rises over the share `warm_up` of the steps and then falls to
    nothing, `decay` of weights, gradients no longer than `clip`, and `dropout`. With `frozen_words`
    the vectors of words stay as they were; so do `frozen_layers` from below. A pair is cut at
    `most_tokens`. The scorer starts as a random direction times `scale`.
    """

    most: int = 4
    lists: int = 3_000
    easy: float = 0.25
    judged: int = 4_000
    examples: bool = True
    epochs: float = 1.0
    batch: int = 8
    rate: float = 2e-4
    head_rate: float = 1e-2
    warm_up: float = 0.1
    decay: float = 0.01
    clip: float = 1.0
    dropout: float = 0.0
    frozen_words: bool = True
    frozen_layers: int = 3
    most_tokens: int = 128
    scale: float = 20.0
    checkpoint_steps: int = 200

    def __post_init__(self) -> None:
        refuse_wrong_kinds(self, SOURCE)
        problems = [
            _is("above 0", self, name) for name in ABOVE_ZERO if not getattr(self, name) > 0
        ]
        problems += [
            _is("0 or more", self, name) for name in NOT_NEGATIVE if not getattr(self, name) >= 0
        ]
        problems += [
            _is("1 or more", self, name) for name in AT_LEAST_ONE if not getattr(self, name) >= 1
        ]
        problems += [
            _is("0 or more and below 1", self, name)
            for name in ("warm_up", "dropout")
            if not 0 <= getattr(self, name) < 1
        ]
        if not 0 <= self.easy <= 1:
            problems.append(_is("between 0 and 1", self, "easy"))
        if not FEWEST <= self.most <= MOST:
            problems.append(_is(f"from {FEWEST} to {MOST}", self, "most"))
        if self.most_tokens < FEWEST_TOKENS:
            problems.append(_is(f"{FEWEST_TOKENS} or more", self, "most_tokens"))
        if problems:
            raise InvalidSettings(SOURCE, problems)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Rebuild it; unknown names are errors."""
        refuse_unknown(stored, cls, SOURCE)
        return cls(**stored)


def _is(bound: str, options: Cross, name: str) -> str:
    return f"{name} is {bound}, not {getattr(options, name)}"
