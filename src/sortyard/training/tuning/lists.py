"""What a cross-encoder learns from: messages, each beside the cards of a few labels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.errors import NotEnoughData
from sortyard.models.engines.pairing import pair_ids
from sortyard.models.engines.tokens import Tokeniser
from sortyard.training.tuning.course import ABSENT

FEWEST_LISTS = 2
LISTS_AT_ONCE = 1_024  # bounds what lists of word pieces take before they are packed


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """
    Messages, each with the cards of its candidates, of which one is right.

    `candidates` (lists, most) are places in `cards`, each at most once in a list, and ABSENT where
    a list has fewer; `truth` (lists,) is the place in `cards` of the right one. `known` (lists,
    most) is what is known of each candidate before it is read, as a logarithm of its probability: a
    cross-encoder then learns what is to be added to that, and nothing that is known already.
    Without it nothing is known.
    """

    texts: Sequence[str]  # (lists,)
    cards: Sequence[str]
    candidates: NDArray[np.intp]
    truth: NDArray[np.intp]
    known: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        if not (self.candidates == self.truth[:, None]).any(axis=1).all():
            raise ValueError("every list has the right card among its candidates")

    @classmethod
    def joined(cls, parts: Sequence["Lists"]) -> Self:
        """Put the lists of several dimensions together; the shorter ones are filled up."""
        most = max((part.candidates.shape[1] for part in parts), default=0)
        before = np.cumsum([0, *(len(part.cards) for part in parts)])
        filled, known = [], []
        for part, shift in zip(parts, before, strict=False):
            moved = np.where(part.candidates == ABSENT, ABSENT, part.candidates + shift)
            wide = ((0, 0), (0, most - moved.shape[1]))
            filled.append(np.pad(moved, wide, constant_values=ABSENT))
            known.append(np.pad(part.offsets, wide))
        truths = [part.truth + shift for part, shift in zip(parts, before, strict=False)]
        return cls(
            texts=[text for part in parts for text in part.texts],
            cards=[card for part in parts for card in part.cards],
            candidates=np.concatenate(filled or [np.empty((0, 0), dtype=np.intp)]),
            truth=np.concatenate(truths or [np.empty(0, dtype=np.intp)]),
            known=np.concatenate(known) if known else None,
        )

    def in_order(self) -> "Lists":
        """
        Sort the candidates of every list by their number, whatever they were sorted by.

        A cross-encoder must not learn from the place at which a candidate stood, nor its training
        differ by it, be it by rounding.
        """
        last = np.where(self.candidates == ABSENT, len(self.cards), self.candidates)
        order = np.argsort(last, axis=1, kind="stable")
        return Lists(
            texts=self.texts,
            cards=self.cards,
            candidates=np.take_along_axis(self.candidates, order, axis=1),
            truth=self.truth,
            known=np.take_along_axis(self.offsets, order, axis=1),
        )

    @property
    def offsets(self) -> NDArray[np.float32]:
        """What is known of every candidate, (lists, most); 0 where nothing is."""
        if self.known is None:
            return np.zeros(self.candidates.shape, dtype=np.float32)
        return self.known

    @property
    def columns(self) -> NDArray[np.intp]:
        """The column at which the right card stands, (lists,)."""
        return np.asarray((self.candidates == self.truth[:, None]).argmax(axis=1), dtype=np.intp)

    def pairs(self, tokeniser: Tokeniser, *, most: int) -> Iterator[list[list[int]]]:
        """Give the word pieces of every pair, list after list; ABSENT ones have none."""
        cards = tokeniser.ids(self.cards)
        for start in range(0, len(self), LISTS_AT_ONCE):
            part = slice(start, start + LISTS_AT_ONCE)
            messages = tokeniser.ids(self.texts[part])
            yield [
                [] if card == ABSENT else pair_ids(message, cards[card], most=most)
                for message, row in zip(messages, self.candidates[part].tolist(), strict=True)
                for card in row
            ]

    def needed(self) -> Self:
        """Raise NotEnoughData where there is nothing to learn from."""
        if len(self) < FEWEST_LISTS:
            raise NotEnoughData("train a cross-encoder", found=len(self), needed=FEWEST_LISTS)
        return self

    def __len__(self) -> int:
        return len(self.texts)
