"""A static student fitted to the archive: token vectors whose mean is near the encoder's."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sortyard.training.static_table import WIDTH, Table, principal_axes

STRENGTH = 0.3  # of the pull towards the table before; see benchmarks for its choice
MAP_STRENGTH = 0.01  # of the ridge of the map, relative to the mean square of its inputs
STEPS = 30  # of conjugate gradients: the residual no longer changes the answers


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
    target = np.asarray(teacher @ principal_axes(teacher, width), dtype=np.float64)
    means = _row_means(counts)
    inputs = means @ table.astype(np.float64)
    mapped = table @ _ridge(inputs, target)
    seen = np.flatnonzero(means.sum(axis=0))
    few = sparse.csr_array(means[:, seen])
    mapped[seen] += _conjugate_gradients(few, target - means @ mapped, strength)
    return np.asarray(mapped, dtype=np.float32)


def _row_means(counts: sparse.csr_array) -> sparse.csr_array:
    lengths = np.maximum(np.asarray(counts.sum(axis=1)).ravel(), 1.0)
    return sparse.csr_array(sparse.diags_array(1.0 / lengths) @ counts)


def _ridge(inputs: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    squares = inputs.T @ inputs
    pull = max(float(np.trace(squares)) / len(squares), 1e-12) * MAP_STRENGTH
    solution = np.linalg.solve(squares + pull * np.eye(len(squares)), inputs.T @ target)
    return np.asarray(solution, dtype=np.float64)


def _conjugate_gradients(
    matrix: sparse.csr_array, target: NDArray[np.float64], strength: float
) -> NDArray[np.float64]:
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
        step = power / np.maximum(bend, np.finfo(np.float64).tiny)
        solution += step * direction
        residual -= step * product
        scaled = residual / scale
        before, power = power, np.einsum("ij,ij->j", residual, scaled)
        direction = scaled + power / np.maximum(before, np.finfo(np.float64).tiny) * direction
    return solution
