"""The static student: a table of token vectors, and no transformer at run time."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file
from scipy import sparse

from sortyard.domain.errors import DamagedBundle, NewerFormat
from sortyard.domain.ports import Advance
from sortyard.models.encoders import TokenTerms, Vectors, with_blocks_of_length_one
from sortyard.models.engines.tokens import Tokeniser

DESCRIPTION_FILE = "static.json"
TABLE_FILE = "table.safetensors"
TABLE = "table"
ROWS = "rows"
WHOLE_FORMAT = 1  # of a table with a row for every token
FORMAT = 2
TEXTS_PER_BATCH = 1024  # bounds the memory for the tokens of a batch


@dataclass(frozen=True, slots=True)
class StaticEncoder:
    """
    Gives a text the direction of the sum of its token vectors.

    One block, and the order of words does not matter to it. A text without a known token
    has a direction too, the same for all such texts.

    A vocabulary of many languages has vectors only for the tokens that matter: `rows` (vocabulary,)
    says where each one stands in the table, and all others share a row of zeros. Without it every
    token has a row of its own number.
    """

    name: str
    tokeniser: Tokeniser
    table: NDArray[np.float32]  # (rows, width)
    rows: NDArray[np.int32] | None = None

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open what `training.encoders` wrote; DamagedBundle or NewerFormat if it cannot."""
        name, max_tokens = _description(folder)
        tokeniser = Tokeniser.open(folder, max_tokens=max_tokens, marks=False)
        table, rows = _table(folder)
        numbers = len(table) if rows is None else len(rows)
        outside = rows is not None and not 0 <= rows.min() <= rows.max() < len(table)
        if table.ndim != 2 or numbers < tokeniser.vocabulary_size or outside:  # noqa: PLR2004 - a matrix
            raise DamagedBundle(str(folder), TABLE_FILE, "does not fit its vocabulary")
        return cls(name, tokeniser, table, rows)

    @property
    def width(self) -> int:
        return int(self.table.shape[1])

    @property
    def blocks(self) -> int:
        return 1

    def encode(self, texts: Sequence[str], *, progress: Advance | None = None) -> Vectors:
        """Encode texts; the order of the result is theirs."""
        vectors = np.empty((len(texts), self.width), dtype=np.float32)
        for start in range(0, len(texts), TEXTS_PER_BATCH):
            batch = texts[start : start + TEXTS_PER_BATCH]
            sums = self._sums(self.tokeniser.ids(batch))
            vectors[start : start + len(batch)] = with_blocks_of_length_one(sums, self.width)
            if progress is not None:
                progress(len(batch))
        return vectors

    def token_terms(self, text: str) -> TokenTerms:
        """Share a text's vector out among its tokens, exactly: it is their sum over its length."""
        pieces = self.tokeniser.pieces(text)
        rows = self.table[self._places(np.array(pieces.ids, dtype=np.int32))]
        length = np.linalg.norm(rows.sum(axis=0))
        if length > 0.0:
            return TokenTerms(pieces.tokens, pieces.spans, rows / length)
        nothing = with_blocks_of_length_one(np.zeros((1, self.width)), self.width)
        return TokenTerms(("",), ((0, 0),), nothing)

    def _sums(self, ids: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Sum token vectors as a product with counts: ten times as fast as gathering them."""
        ends = np.cumsum([0, *map(len, ids)])
        flat = np.fromiter(chain.from_iterable(ids), dtype=np.int32, count=int(ends[-1]))
        ones = np.ones(len(flat), dtype=np.float32)
        places = self._places(flat)
        counts = sparse.csr_array((ones, places, ends), shape=(len(ids), len(self.table)))
        return np.asarray(counts @ self.table, dtype=np.float32)

    def _places(self, tokens: NDArray[np.int32]) -> NDArray[np.int32]:
        return tokens if self.rows is None else self.rows[tokens]


def _description(folder: Path) -> tuple[str, int]:
    try:
        found = json.loads((folder / DESCRIPTION_FILE).read_text(encoding="utf-8"))
        if found["format"] > FORMAT:
            raise NewerFormat(str(folder / DESCRIPTION_FILE), found["format"], FORMAT)
        return str(found["name"]), int(found["max_tokens"])
    except OSError as error:
        raise DamagedBundle(str(folder), DESCRIPTION_FILE, "cannot be read") from error
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedBundle(str(folder), DESCRIPTION_FILE, "makes no sense") from error


def _table(folder: Path) -> tuple[NDArray[np.float32], NDArray[np.int32] | None]:
    try:
        stored = load_file(folder / TABLE_FILE)
        table, rows = stored[TABLE], stored.get(ROWS)
    except OSError as error:
        raise DamagedBundle(str(folder), TABLE_FILE, "cannot be read") from error
    except (SafetensorError, KeyError) as error:
        raise DamagedBundle(str(folder), TABLE_FILE, "makes no sense") from error
    return np.ascontiguousarray(table, dtype=np.float32), rows
