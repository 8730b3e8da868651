"""PyTorch's seed and threads, borrowed and given back."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def torch_of_our_own(seed: int, threads: int) -> Iterator[None]:
    """Seed PyTorch and give it threads, and leave it as it was."""
    before = torch.get_num_threads()
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        torch.set_num_threads(threads)
        try:
            yield
        finally:
            torch.set_num_threads(before)
