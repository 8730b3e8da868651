"""MPNet (Song et al. 2020): attention hangs on distances, too, alike in all layers."""

import numpy as np
from numpy.typing import NDArray

from sortyard.training.encoders.families.family import Family

FURTHEST = 128  # from here on all distances are alike

MPNET = Family(
    types=("mpnet",),
    prefixes=("mpnet.",),
    names={
        ".attention.attn.q.": ".attention.self.query.",
        ".attention.attn.k.": ".attention.self.key.",
        ".attention.attn.v.": ".attention.self.value.",
        ".attention.attn.o.": ".attention.output.dense.",
        ".attention.LayerNorm.": ".attention.output.LayerNorm.",
    },
    typed=False,
    first_position=2,  # whatever the configuration says of the padding
    relative=True,
)


def buckets(distances: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """
    Put distances (how far behind the reader a token stands) into buckets, of the same shape.

    Half of them are for tokens ahead. Near distances have one each, further ones share them by
    their logarithm (Raffel et al. 2020). Calculated in float32, whose rounding decides at the
    edges, as it did when the weights were learnt.
    """
    half = count // 2
    exact = half // 2
    sizes = np.abs(distances)
    logs = np.log(np.maximum(sizes, 1).astype(np.float32) / np.float32(exact))
    growth = np.float32(np.log(FURTHEST / exact))
    far = exact + (logs / growth * np.float32(half - exact)).astype(np.int64)
    placed = np.where(sizes < exact, sizes, np.minimum(far, half - 1))
    return np.asarray(np.where(distances < 0, half, 0) + placed)
