"""
The token vectors of the static student: distilled from the encoder, without any label.

First generic, from the vocabulary alone: every token is read by the encoder on its own, and
frequent tokens are damped (the way of model2vec, by Minish; the weights are those of Arora,
Liang & Ma 2017, "A simple but tough-to-beat baseline for sentence embeddings"). Then fitted
to the archive, by ridge regression of its sentence vectors on its token counts.
"""

import hashlib
import json
from collections.abc import Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from scipy import sparse

from sortyard.domain.errors import UnsupportedEncoder
from sortyard.domain.ports import Progress, Silence
from sortyard.models.engines.onnx import OnnxEncoder
from sortyard.models.engines.static import (
    DESCRIPTION_FILE,
    FORMAT,
    ROWS,
    TABLE,
    TABLE_FILE,
    WHOLE_FORMAT,
)
from sortyard.models.engines.tokens import TOKENIZER_FILE, Tokeniser
from sortyard.training.encoders.weights import EncoderFiles
from sortyard.training.whole_files import disk_refusals, write_whole

Table: TypeAlias = NDArray[np.float32]  # (vocabulary, width)

WIDTH = 256
TABLE_VERSION = 1  # to raise when the same encoder would give another table
TOKENS_AT_ONCE = 256
ROWS_AT_ONCE = 8192
ZIPF_OFFSET = 2.7  # Mandelbrot's correction for the most frequent words
DAMPING = 1e-4  # a token of this frequency counts half
MARKS = 2  # one before and one after
MOST_READ = 65_536  # a vocabulary beyond this is of many languages, of which an archive has few
COMMON = 32_768  # the first of such a vocabulary, which are always read


def generic_table(
    encoder: OnnxEncoder,
    *,
    texts: Sequence[str] = (),
    cache: Path | None = None,
    progress: Progress | None = None,
) -> Table:
    """
    Read every token of the vocabulary on its own, and damp the frequent ones.

    The width is the encoder's. Vocabularies are sorted by frequency, so a token's rank tells how
    frequent it is. Of a vocabulary beyond 65,536 tokens only the first 32,768 are read, and those
    of the texts, if there are any: the rows of all others are zeros. With a cache folder every
    token is read once per encoder.
    """
    kept = None if cache is None else cache / f"static-{_key(encoder)}.safetensors"
    size = encoder.tokeniser.vocabulary_size
    found = None if kept is None else _cached(kept, (size, encoder.width))
    table = np.zeros((size, encoder.width), dtype=np.float32) if found is None else found
    wanted = _wanted(encoder.tokeniser, texts)
    missing = wanted[~table[wanted].any(axis=1)]
    if not len(missing):
        return table
    table[missing] = _read(encoder, missing, progress or Silence()) * rarity(size)[missing, None]
    if kept is not None:
        with disk_refusals(kept):
            kept.parent.mkdir(parents=True, exist_ok=True)
            write_whole(kept, partial(save_file, {TABLE: table}))
    return table


def _wanted(tokeniser: Tokeniser, texts: Sequence[str]) -> NDArray[np.int32]:
    size = tokeniser.vocabulary_size
    if size <= MOST_READ or not texts:
        return np.arange(size, dtype=np.int32)
    seen = np.zeros(size, dtype=np.bool_)
    seen[:COMMON] = True
    seen[list(chain.from_iterable(tokeniser.ids(texts)))] = True
    return np.flatnonzero(seen).astype(np.int32)


def _read(encoder: OnnxEncoder, tokens: NDArray[np.int32], progress: Progress) -> Table:
    """Read tokens between the marks of the encoder, each alone: (tokens, width)."""
    vectors = np.empty((len(tokens), encoder.width), dtype=np.float32)
    marks = encoder.tokeniser.ids([""])[0]
    if len(marks) != MARKS:
        raise UnsupportedEncoder(encoder.name, ["it does not put one mark on either side"])

    def fill(start: int) -> int:
        part = tokens[start : start + TOKENS_AT_ONCE]
        ids = [[marks[0], int(token), marks[1]] for token in part]
        vectors[start : start + len(part)] = encoder.last_layer(ids)[:, 1]
        return len(part)

    with progress.stage("Reading the vocabulary", len(tokens)) as advance:
        for count in encoder.pool.map(fill, range(0, len(tokens), TOKENS_AT_ONCE)):
            advance(count)
    return vectors


def rarity(size: int) -> NDArray[np.float32]:
    """Weigh tokens from frequent, near 0, to rare, near 1, by their rank."""
    frequencies = 1.0 / (np.arange(size) + ZIPF_OFFSET)
    frequencies /= frequencies.sum()
    return np.asarray(DAMPING / (DAMPING + frequencies), dtype=np.float32)


def token_counts(texts: Sequence[str], tokeniser: Tokeniser) -> sparse.csr_array:
    """Count the tokens of every text: (texts, vocabulary)."""
    ids = tokeniser.ids(texts)
    ends = np.cumsum([0, *map(len, ids)])
    flat = np.fromiter(chain.from_iterable(ids), dtype=np.int32, count=int(ends[-1]))
    ones = np.ones(len(flat), dtype=np.float32)
    counts = sparse.csr_array((ones, flat, ends), shape=(len(ids), tokeniser.vocabulary_size))
    counts.sum_duplicates()
    return counts


def write_static(table: Table, encoder: OnnxEncoder, files: EncoderFiles, folder: Path) -> None:
    """
    Write a table as float16 with its vocabulary, for `StaticEncoder.open`.

    A table wider than 256 is first reduced to its main directions. Where most rows are zeros, one
    stands for all of them. The description is written last. Raises CannotWrite when the disk
    refuses.
    """
    filled = table.any(axis=1)
    narrow = table if table.shape[1] <= WIDTH else table @ _axes(table[filled])
    stored = {TABLE: np.ascontiguousarray(narrow, dtype=np.float16)}
    few = 2 * int(filled.sum()) < len(table)
    if few:
        stored[TABLE] = np.concatenate([np.zeros_like(stored[TABLE][:1]), stored[TABLE][filled]])
        stored[ROWS] = np.where(filled, np.cumsum(filled), 0).astype(np.int32)
    description = {
        "format": FORMAT if few else WHOLE_FORMAT,
        "name": f"{encoder.name} (static)",
        "width": narrow.shape[1],
        "max_tokens": encoder.description.max_tokens,
    }
    text = json.dumps(description, indent=2) + "\n"
    with disk_refusals(folder):
        vocabulary = files.tokenizer.read_bytes()
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / TABLE_FILE, partial(save_file, stored))
        write_whole(folder / TOKENIZER_FILE, lambda draft: draft.write_bytes(vocabulary))
        write_whole(folder / DESCRIPTION_FILE, lambda draft: draft.write_text(text, "utf-8"))


def export_static(
    encoder: OnnxEncoder,
    files: EncoderFiles,
    folder: Path,
    *,
    cache: Path | None = None,
    progress: Progress | None = None,
) -> None:
    """Write the generic student of an encoder into a folder."""
    write_static(generic_table(encoder, cache=cache, progress=progress), encoder, files, folder)


def principal_axes(vectors: NDArray[np.float32], width: int) -> NDArray[np.float64]:
    """
    Find the directions in which vectors differ most, largest first: (size, width).

    Their signs are settled, so that the same vectors always give the same axes.
    """
    mean = vectors.mean(axis=0, dtype=np.float64)
    spread = np.zeros((vectors.shape[1], vectors.shape[1]))
    for start in range(0, len(vectors), ROWS_AT_ONCE):  # so that no second copy is needed
        centred = vectors[start : start + ROWS_AT_ONCE] - mean
        spread += centred.T @ centred
    axes: NDArray[np.float64] = np.linalg.eigh(spread)[1][:, ::-1][:, :width]
    peaks = np.abs(axes).argmax(axis=0)
    return axes * np.where(axes[peaks, np.arange(axes.shape[1])] < 0.0, -1.0, 1.0)


def _axes(table: Table) -> NDArray[np.float32]:
    return principal_axes(table, WIDTH).astype(np.float32)


def _key(encoder: OnnxEncoder) -> str:
    vocabulary = encoder.tokeniser.tokenizer.to_str()
    description = encoder.description
    parts = (
        description.sha256,
        encoder.precision.value,
        f"{description.layers[-1]} {description.width} version {TABLE_VERSION}",
        vocabulary,
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _cached(kept: Path, shape: tuple[int, int]) -> Table | None:
    try:
        found = np.asarray(load_file(kept)[TABLE], dtype=np.float32)
    except Exception:  # noqa: BLE001 - whatever is wrong with a cache, the cure is to remake it
        return None
    return found if found.shape == shape else None
