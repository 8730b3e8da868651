"""The transformer encoder, run by ONNX Runtime."""

import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from sortyard.domain.errors import DamagedBundle, NewerFormat
from sortyard.domain.ports import Advance
from sortyard.models.encoders import TokenTerms, Vectors, with_blocks_of_length_one
from sortyard.models.engines.tokens import Tokeniser

DESCRIPTION_FILE = "encoder.json"
FORMAT = 1
# Beyond this a bigger batch is no faster, and it would cost memory.
TEXTS_PER_BATCH = 32
TOKENS_PER_BATCH = 1024


class Precision(StrEnum):
    """How exactly the encoder calculates: `int8` is twice as fast and a quarter of the size."""

    FP32 = "fp32"
    INT8 = "int8"

    @property
    def file(self) -> str:
        return "model.onnx" if self is Precision.FP32 else f"model.{self.value}.onnx"


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderDescription:
    """What lies in an encoder's folder, and where it came from."""

    name: str
    sha256: str  # of the weights that it was made from
    width: int
    layers: tuple[int, ...]  # counted from 1; each gives one block
    max_tokens: int

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read it from a folder; DamagedBundle or NewerFormat when that cannot be."""
        try:
            found = json.loads((folder / DESCRIPTION_FILE).read_text(encoding="utf-8"))
            if found["format"] > FORMAT:
                raise NewerFormat(str(folder / DESCRIPTION_FILE), found["format"], FORMAT)
            return cls(
                name=found["name"],
                sha256=found["sha256"],
                width=found["width"],
                layers=tuple(found["layers"]),
                max_tokens=found["max_tokens"],
            )
        except OSError as error:
            raise DamagedBundle(str(folder), DESCRIPTION_FILE, "cannot be read") from error
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedBundle(str(folder), DESCRIPTION_FILE, "makes no sense") from error


@dataclass(frozen=True, slots=True)
class OnnxEncoder:
    """
    A BERT-like encoder as a frozen graph: texts in, mean-pooled layers out.

    The vector of a text depends on nothing but the text: batch mates change it by rounding
    at most, also in int8. Texts of more than `max_tokens` word pieces are cut there.

    `threads` batches are calculated at once, each by one thread: twice as fast on two processors,
    where threads that share the work of one batch gain a quarter, and cost a single text time.
    """

    description: EncoderDescription
    precision: Precision
    tokeniser: Tokeniser
    session: onnxruntime.InferenceSession
    threads: int
    pool: Executor

    @classmethod
    def open(
        cls, folder: Path, *, precision: Precision | None = None, threads: int | None = None
    ) -> Self:
        """
        Open what `training.encoders.export` wrote.

        Without a precision the fastest one that is there is taken; without a number of
        threads, one for each processor that this process may use. Raises DamagedBundle for
        a missing or broken file and NewerFormat for one of a later version.
        """
        description = EncoderDescription.read(folder)
        chosen = precision or _fastest_of(folder)
        at_once = threads or usable_processors()
        return cls(
            description,
            chosen,
            Tokeniser.open(folder, max_tokens=description.max_tokens),
            _session(folder, chosen.file),
            at_once,
            ThreadPoolExecutor(at_once, thread_name_prefix="sortyard-encoder"),
        )

    @property
    def name(self) -> str:
        return self.description.name

    @property
    def width(self) -> int:
        return self.description.width

    @property
    def blocks(self) -> int:
        return len(self.description.layers)

    def encode(self, texts: Sequence[str], *, progress: Advance | None = None) -> Vectors:
        """Encode texts in batches of similar length; the order of the result is theirs."""
        return self.encode_ids(self.tokeniser.ids(texts), progress=progress)

    def encode_ids(
        self, ids: Sequence[Sequence[int]], *, progress: Advance | None = None
    ) -> Vectors:
        """Encode word pieces, of one text or of two, with the marks that belong around them."""
        vectors = np.empty((len(ids), self.blocks * self.width), dtype=np.float32)

        def fill(rows: NDArray[np.intp]) -> int:
            pooled = self._run("pooled", [ids[row] for row in rows])
            vectors[rows] = with_blocks_of_length_one(pooled, self.width)
            return len(rows)

        groups = list(batches([len(one) for one in ids], at_once=self.threads))
        # What is alone is done here: to hand it to another thread would only cost time.
        filled = map(fill, groups) if len(groups) < 2 else self.pool.map(fill, groups)  # noqa: PLR2004 -- alone
        for count in filled:
            if progress is not None:
                progress(count)
        return vectors

    def token_terms(self, text: str) -> TokenTerms:
        """
        Share a text's vector out among its tokens, exactly.

        Mean pooling makes the vector a sum over tokens; the number of tokens and the length
        of each block are constants of the text, so dividing by them leaves a sum.
        """
        pieces = self.tokeniser.pieces(text)
        hidden = self._run("hidden", [pieces.ids])[0]
        pooled = hidden.mean(axis=0, keepdims=True).reshape(1, self.blocks, self.width)
        lengths = np.linalg.norm(pooled, axis=2, keepdims=True) * len(hidden)
        terms = hidden.reshape(len(hidden), self.blocks, self.width) / lengths
        return TokenTerms(pieces.tokens, pieces.spans, terms.reshape(len(hidden), -1))

    def last_layer(self, ids: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Read word pieces, all texts equally long: the last layer, (texts, tokens, width)."""
        return self._run("hidden", ids)[:, :, -self.width :]

    def _run(self, output: str, ids: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        padded = np.zeros((len(ids), max(map(len, ids))), dtype=np.int32)
        mask = np.zeros_like(padded)
        for row, one in enumerate(ids):
            padded[row, : len(one)] = one
            mask[row, : len(one)] = 1
        (result,) = self.session.run([output], {"ids": padded, "mask": mask})
        return np.asarray(result, dtype=np.float32)


def batches(lengths: Sequence[int], *, at_once: int = 1) -> Iterator[NDArray[np.intp]]:
    """
    Group texts of similar length, so that little is wasted on padding.

    Yields row numbers; a batch has at most 32 texts, and with its padding at most 1,024
    tokens unless a single text is longer. Few texts are shared out among as many batches as are
    calculated at once. Long texts come first: memory peaks at once.
    """
    order = np.argsort(np.negative(lengths), kind="stable")
    share = -(-len(order) // at_once)
    start = 0
    while start < len(order):
        longest = max(lengths[order[start]], 1)
        size = max(min(TEXTS_PER_BATCH, TOKENS_PER_BATCH // longest, share), 1)
        yield order[start : start + size]
        start += size


def usable_processors() -> int:
    """Count the processors that this process may run on."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS and Windows
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _fastest_of(folder: Path) -> Precision:
    return Precision.INT8 if (folder / Precision.INT8.file).is_file() else Precision.FP32


def _session(folder: Path, file: str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3  # errors only: warnings are for whoever made the graph
    if not (folder / file).is_file():
        raise DamagedBundle(str(folder), file, "is missing")
    try:
        return onnxruntime.InferenceSession(
            str(folder / file), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # the library raises nothing narrower
        raise DamagedBundle(str(folder), file, "cannot be loaded") from error
