"""Small stand-ins that keep the same contracts as the real parts, and need no library."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.ports import Advance
from sortyard.models.encoders import TokenTerms, Vectors, with_blocks_of_length_one

START = "[CLS]"
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class HashEncoder:
    """
    An encoder for tests: every word has a direction of its own, drawn from its hash.

    Texts that share words are near each other, others are nearly at right angles. The same
    text has the same vector in every process.
    """

    name: str = "hash"
    width: int = 32
    blocks: int = 2

    def encode(self, texts: Sequence[str], *, progress: Advance | None = None) -> Vectors:
        vectors = np.zeros((len(texts), self.blocks * self.width), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self.token_terms(text).vectors.sum(axis=0)
            if progress is not None:
                progress(1)
        return vectors

    def token_terms(self, text: str) -> TokenTerms:
        found = list(WORD.finditer(text))
        tokens = (START, *(match.group().lower() for match in found))
        spans = ((0, 0), *(match.span() for match in found))
        size = self.blocks * self.width
        terms = np.stack([_direction(token, size) for token in tokens])
        terms[0] *= 0.1  # the mark at the start says little
        total = terms.sum(axis=0, keepdims=True)
        scale = with_blocks_of_length_one(total, self.width) / total
        return TokenTerms(tokens=tokens, spans=spans, vectors=(terms * scale).astype(np.float32))


@dataclass(frozen=True, slots=True)
class OverlapScorer:
    """A scorer of pairs for tests: how many of the card's words the text has, from 0 to 1."""

    name: str = "overlap"

    def scores(self, texts: Sequence[str], cards: Sequence[str]) -> NDArray[np.float32]:
        shares = [
            len(_words(text) & _words(card)) / max(len(_words(card)), 1)
            for text, card in zip(texts, cards, strict=True)
        ]
        return np.array(shares, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class CountingScorer(OverlapScorer):
    """Remembers how many pairs it was given at a time, and which."""

    batches: list[int] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)

    def scores(self, texts: Sequence[str], cards: Sequence[str]) -> NDArray[np.float32]:
        self.batches.append(len(texts))
        self.pairs.extend(zip(texts, cards, strict=True))
        return OverlapScorer().scores(texts, cards)


def _words(text: str) -> set[str]:
    return {word.lower() for word in WORD.findall(text)}


@lru_cache(maxsize=100_000)
def _direction(word: str, size: int) -> NDArray[np.float64]:
    seed = int.from_bytes(blake2b(word.encode(errors="surrogatepass"), digest_size=8).digest())
    return np.random.default_rng(seed).standard_normal(size)
