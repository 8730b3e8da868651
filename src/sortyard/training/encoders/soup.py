"""Several tuned encoders averaged into one, weight by weight."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from sortyard.training.encoders.weights import WEIGHTS_FILE, EncoderFiles, sha256_of
from sortyard.training.whole_files import disk_refusals, write_whole


def soup_of(tuned: Sequence[EncoderFiles]) -> EncoderFiles:
    """
    Average encoders that were tuned from the same weights, into the folder of the first.

    Runs that differ in their seed alone end in one basin, so that the mean of their weights does
    what the mean of their answers does, at the price of one encoder (Wortsman et al., "Model
    soups", 2022).
    Raises CannotWrite where the disk refuses.
    """
    first = tuned[0]
    if len(tuned) == 1:
        return first
    mean = dict(load_file(first.weights))
    for place, one in enumerate(tuned[1:], start=2):
        _blend(mean, load_file(one.weights), share=1.0 / place)
    with disk_refusals(first.folder):
        write_whole(first.weights, lambda draft: save_file(mean, draft, {"format": "pt"}))
    return EncoderFiles(first.folder, first.name, sha256_of(first.folder / WEIGHTS_FILE))


def _blend(
    mean: dict[str, NDArray[Any]], other: Mapping[str, NDArray[Any]], *, share: float
) -> None:
    """Move a mean of weights on by one more set of them; whole numbers stay as they are."""
    for name, values in mean.items():
        if np.issubdtype(values.dtype, np.floating):
            mean[name] = values + np.float32(share) * (other[name] - values)
