"""A cross-encoder, run by ONNX Runtime: a message and a label's card in one row of word pieces."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file

from sortyard.domain.errors import DamagedBundle
from sortyard.models.engines.onnx import OnnxEncoder, Precision
from sortyard.models.engines.pairing import pair_ids

SCORER_FILE = "scorer.safetensors"
WEIGHTS, BIAS = "weights", "bias"


@dataclass(frozen=True, slots=True)
class OnnxPairScorer:
    """
    A BERT-like encoder that reads pairs, and a linear score of the mean of its last layer.

    The encoder's way with batches, threads and precision is that of `OnnxEncoder`: short pairs go
    with short ones, and batch mates change a score by rounding at most.
    """

    encoder: OnnxEncoder
    weights: NDArray[np.float32]  # (width,)
    bias: np.float32

    @classmethod
    def open(
        cls, folder: Path, *, precision: Precision | None = None, threads: int | None = None
    ) -> Self:
        """
        Open an exported encoder, and beside it `scorer.safetensors`.

        Precision and threads are those of `OnnxEncoder.open`. Raises DamagedBundle and NewerFormat
        as it does.
        """
        encoder = OnnxEncoder.open(folder, precision=precision, threads=threads)
        try:
            arrays = load_file(folder / SCORER_FILE)
            weights = arrays[WEIGHTS].astype(np.float32)
            bias = np.float32(arrays[BIAS].item())
        except (OSError, SafetensorError) as error:
            raise DamagedBundle(str(folder), SCORER_FILE, "cannot be read") from error
        except (KeyError, ValueError) as error:
            raise DamagedBundle(str(folder), SCORER_FILE, "makes no sense") from error
        if encoder.blocks != 1 or weights.shape != (encoder.width,):
            raise DamagedBundle(str(folder), SCORER_FILE, "does not fit its encoder")
        return cls(encoder, weights, bias)

    @property
    def name(self) -> str:
        return self.encoder.name

    def scores(self, texts: Sequence[str], cards: Sequence[str]) -> NDArray[np.float32]:
        """
        Score `texts[i]` with `cards[i]`, (pairs,).

        The same text comes with several cards and the same card with many texts: each is split
        into word pieces once.
        """
        messages, labels = self._pieces(texts), self._pieces(cards)
        most = self.encoder.description.max_tokens
        ids = [
            pair_ids(messages[text], labels[card], most=most)
            for text, card in zip(texts, cards, strict=True)
        ]
        scores: NDArray[np.float32] = self.encoder.encode_ids(ids) @ self.weights + self.bias
        return scores

    def _pieces(self, texts: Sequence[str]) -> dict[str, list[int]]:
        different = list(dict.fromkeys(texts))
        return dict(zip(different, self.encoder.tokeniser.ids(different), strict=True))
