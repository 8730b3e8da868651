"""The word pieces of many texts in one flat array, and batches of them as rectangles."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sortyard.models.engines.tokens import Tokeniser

TEXTS_AT_ONCE = 8_192  # bounds what the lists of a tokeniser take before they are packed


@dataclass(frozen=True, slots=True)
class Padded:
    """A batch of texts as a rectangle; `mask` is true where a word piece stands."""

    ids: NDArray[np.int64]  # (texts, tokens)
    mask: NDArray[np.bool_]  # (texts, tokens)


@dataclass(frozen=True, slots=True)
class TokenTable:
    """
    The word pieces of every text, one after the other; a million texts take 100 MB.

    Text `i` is `flat[starts[i] : starts[i + 1]]`.
    """

    flat: NDArray[np.int32]
    starts: NDArray[np.int64]  # (texts + 1,)
    padding: int

    @classmethod
    def of(cls, texts: Sequence[str], tokeniser: Tokeniser, *, padding: int) -> Self:
        """Split texts into word pieces, some thousands at once."""
        return cls.of_ids(_ids(texts, tokeniser), padding=padding)

    @classmethod
    def of_ids(cls, parts_of_texts: Iterable[Sequence[Sequence[int]]], *, padding: int) -> Self:
        """Pack texts that are word pieces already and come some at a time."""
        parts, lengths = [], [np.zeros(1, dtype=np.int64)]
        for ids in parts_of_texts:
            parts.append(np.fromiter(chain.from_iterable(ids), dtype=np.int32))
            lengths.append(np.fromiter(map(len, ids), dtype=np.int64, count=len(ids)))
        flat = np.concatenate(parts) if parts else np.empty(0, dtype=np.int32)
        return cls(flat, np.cumsum(np.concatenate(lengths)), padding)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """The number of word pieces of every text, (texts,)."""
        return np.diff(self.starts)

    def rows_of(self, places: NDArray[np.int64]) -> NDArray[np.intp]:
        """Find the texts that places in the flat array belong to."""
        return np.searchsorted(self.starts, places, side="right") - 1

    def take(self, rows: NDArray[np.intp]) -> Padded:
        """Lay some texts side by side, padded to the longest of them."""
        starts, lengths = self.starts[rows], self.starts[rows + 1] - self.starts[rows]
        across = np.arange(max(lengths.max(initial=1), 1))
        mask = across < lengths[:, None]
        places = np.where(mask, starts[:, None] + across, 0)
        ids = np.where(mask, self.flat[places], self.padding) if len(self.flat) else places
        return Padded(ids.astype(np.int64), mask)


def _ids(texts: Sequence[str], tokeniser: Tokeniser) -> Iterator[list[list[int]]]:
    for start in range(0, len(texts), TEXTS_AT_ONCE):
        yield tokeniser.ids(texts[start : start + TEXTS_AT_ONCE])
