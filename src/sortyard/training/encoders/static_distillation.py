"""A static student fitted to the archive: token vectors whose mean is near the encoder's."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sortyard.domain.ports import Progress
from sortyard.models.engines.onnx import OnnxEncoder
from sortyard.training.encoders.static_table import (
    WIDTH,
    Table,
    generic_table,
    principal_axes,
    token_counts,
    write_static,
)
from sortyard.training.encoders.weights import EncoderFiles

# Chosen on four folds of BANKING77 and of CLINC150, by the accuracy of a linear head beside
# word n-grams; from 0.1 to 1 nothing changes by more than 0.1 points.
STRENGTH = 0.3  # of the pull towards the table before
LEAST_TEXTS = 1000  # with fewer the generic table is as good, or better
MAP_STRENGTH = 0.01  # of the ridge of the map, relative to the mean square of its inputs
TINY = np.finfo(np.float32).tiny
STEPS = 15  # of conjugate gradients: after them a vector moves by less than 0.1 %


def export_taught(  # noqa: PLR0913 - an archive has texts and vectors, and a file has a place
    encoder: OnnxEncoder,
    files: EncoderFiles,
    folder: Path,
    *,
    texts: Sequence[str],
    teacher: NDArray[np.float32],
    cache: Path | None = None,
    progress: Progress | None = None,
) -> None:
    """
    Write the student of an encoder into a folder, fitted to the texts of an archive.

    `teacher` holds what the encoder says of the same texts, (texts, blocks * width). Fewer
    than 1,000 texts teach nothing reliable: the student is then the generic one.
    """
    table = generic_table(encoder, texts=texts, cache=cache, progress=progress)
    if len(texts) >= LEAST_TEXTS:
        tokeniser = replace(encoder.tokeniser, marks=False)
        table = distil(table, token_counts(texts, tokeniser), teacher)
    write_static(table, encoder, files, folder)


def distil(
    table: Table,
    counts: sparse.csr_array,
    teacher: NDArray[np.float32],
    *,
    width: int = WIDTH,
    strength: float = STRENGTH,
) -> Table:
    """
    Fit a table of token vectors to the sentence vectors of an archive, by ridge regression.

    `counts` is (texts, vocabulary), `teacher` (texts, size); labels play no part. The
    teacher's vectors are reduced to `width` main directions. A linear map first brings the
    old table there, for all tokens; then the tokens that the archive has take up what
    remains, the more so the more often they occur. Linear in the number of tokens.
    """
    target = teacher @ principal_axes(teacher, width).astype(np.float32)
    means = _row_means(counts)
    mapped = table @ _ridge(means @ table, target)
    seen = np.flatnonzero(means.sum(axis=0))
    few = sparse.csr_array(means[:, seen])
    mapped[seen] += _conjugate_gradients(few, target - means @ mapped, strength)
    return np.asarray(mapped, dtype=np.float32)


def _row_means(counts: sparse.csr_array) -> sparse.csr_array:
    lengths = np.maximum(np.asarray(counts.sum(axis=1)).ravel(), 1.0)
    return sparse.csr_array(sparse.diags_array(1.0 / lengths) @ counts, dtype=np.float32)


def _ridge(inputs: NDArray[np.float32], target: NDArray[np.float32]) -> NDArray[np.float32]:
    squares = np.asarray(inputs.T @ inputs, dtype=np.float64)
    pull = max(float(np.trace(squares)) / len(squares), 1e-12) * MAP_STRENGTH
    solution = np.linalg.solve(squares + pull * np.eye(len(squares)), inputs.T @ target)
    return np.asarray(solution, dtype=np.float32)


def _conjugate_gradients(
    matrix: sparse.csr_array, target: NDArray[np.float32], strength: float
) -> NDArray[np.float32]:
    """Solve (matrixᵀ matrix + strength) x = matrixᵀ target, every column on its own."""
    residual = matrix.T @ target
    scale = (matrix.multiply(matrix).sum(axis=0) + strength)[:, None]
    solution = np.zeros_like(residual)
    scaled = residual / scale
    direction = scaled.copy()
    power = np.einsum("ij,ij->j", residual, scaled)
    for _ in range(STEPS):
        product = matrix.T @ (matrix @ direction) + strength * direction
        bend = np.einsum("ij,ij->j", direction, product)
        step = power / np.maximum(bend, TINY)
        solution += step * direction
        residual -= step * product
        scaled = residual / scale
        before, power = power, np.einsum("ij,ij->j", residual, scaled)
        direction = scaled + power / np.maximum(before, TINY) * direction
    return solution
