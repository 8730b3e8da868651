"""Sentence vectors: what an encoder promises, whichever engine runs it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.ports import Advance

Vectors: TypeAlias = NDArray[np.float32]  # (texts, blocks * width), every block of length one
Embed: TypeAlias = Callable[[Sequence[str]], Vectors]
"""Gives texts their sentence vectors, (texts, width), of length one."""

CONTINUES = "##"  # begins a token that is not the first of its word


@dataclass(frozen=True, slots=True)
class TokenTerms:
    """
    One text's vector taken apart into what each token adds to it.

    The rows of `vectors` sum to the vector that `encode` gives for the same text, so a
    linear score of the text is exactly the sum of the same linear score of its tokens.
    Marks that the encoder adds by itself are tokens too; their span is empty. A token that goes
    on with the word before it begins with `##`.
    """

    tokens: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]  # characters of the text, end exclusive
    vectors: NDArray[np.float32]  # (tokens, blocks * width)


class Encoder(Protocol):
    """
    Turns texts into vectors whose nearness is nearness of meaning.

    A vector is made of blocks of one width, each of Euclidean length one. The last block is
    the usual sentence vector; earlier ones, where there are any, come from lower layers.
    Every text has a vector, also an empty one, and it is never NaN. An encoder never changes
    after it was opened, so threads may share it.
    """

    @property
    def name(self) -> str: ...

    @property
    def width(self) -> int: ...

    @property
    def blocks(self) -> int: ...

    def encode(self, texts: Sequence[str], *, progress: Advance | None = None) -> Vectors: ...

    def token_terms(self, text: str) -> TokenTerms: ...


def embed_with(encoder: Encoder) -> Embed:
    """Lend an encoder's sense of meaning: a function from texts to sentence vectors."""
    return lambda texts: sentence_block(encoder.encode(texts), encoder)


def sentence_block(vectors: Vectors, encoder: Encoder) -> Vectors:
    """
    Cut out the sentence vector: the last block, the one to compare by cosine.

    The result is a view on `vectors`, of shape (texts, width).
    """
    return vectors[:, -encoder.width :]


def with_blocks_of_length_one(sums: NDArray[np.floating], width: int) -> Vectors:
    """
    Divide every block of every row by its Euclidean length.

    A block of zeros, which has no direction, becomes the same direction for everybody.
    """
    blocks = sums.reshape(len(sums), -1, width)
    lengths = np.linalg.norm(blocks, axis=2, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        scaled = np.where(lengths > 0.0, blocks / lengths, width**-0.5)
    return np.asarray(scaled.reshape(len(sums), -1), dtype=np.float32)
