"""PyTorch is borrowed with any seed, and given back."""

import pytest

torch = pytest.importorskip("torch", reason="tuning needs the extra `tune`")

from sortyard.training.tuning.own_torch import torch_of_our_own  # noqa: E402


@pytest.mark.parametrize("seed", [0, 7, 2**64, 10**30])
def test_any_seed_gives_one_result(seed: int) -> None:
    drawn = []
    for _ in range(2):
        with torch_of_our_own(seed, 1):
            drawn.append(torch.rand(3))
    assert torch.equal(drawn[0], drawn[1])
