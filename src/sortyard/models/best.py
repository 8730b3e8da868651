"""The most probable labels of every text."""

import numpy as np
from numpy.typing import NDArray


def best_labels(probabilities: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    """
    Find the most probable labels of every row, best first, (texts, count).

    Of equal ones the first in the order of labels comes first, as `argmax` has it.
    """
    labels = probabilities.shape[1]
    if count >= labels:
        return np.argsort(-probabilities, axis=1, kind="stable")
    # No two labels have the same key, so that a partition has nothing to choose.
    bits = np.ascontiguousarray(probabilities, dtype=np.float32).view(np.int32).astype(np.int64)
    keys = np.arange(labels) - (bits << 32)
    best = np.argpartition(keys, count, axis=1)[:, : max(count, 0)]
    order = np.argsort(np.take_along_axis(keys, best, axis=1), axis=1)
    return np.take_along_axis(best, order, axis=1)
