"""PyTorch's seed and threads, borrowed and given back."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

SEEDS = 2**64  # as many as PyTorch knows; ours has no bound


@contextmanager
def torch_of_our_own(seed: int, threads: int) -> Iterator[None]:
    """Seed PyTorch and give it threads, and leave it as it was."""
    before = torch.get_num_threads()
    with torch.random.fork_rng():
        torch.manual_seed(seed % SEEDS)
        torch.set_num_threads(threads)
        try:
            yield
        finally:
            torch.set_num_threads(before)
