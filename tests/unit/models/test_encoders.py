"""The vocabulary of vectors, and the fake that stands in for an encoder."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sortyard.models.encoders import sentence_block, with_blocks_of_length_one
from tests.contracts.encoders import check_encoder
from tests.contracts.fakes import HashEncoder


@pytest.mark.parametrize("blocks", [1, 3])
def test_the_fake_keeps_the_contract(blocks: int) -> None:
    check_encoder(HashEncoder(blocks=blocks))


def test_texts_that_share_words_are_near() -> None:
    encoder = HashEncoder()
    one, two, other = sentence_block(
        encoder.encode(["charged twice", "charged again", "reset password"]), encoder
    )
    assert one @ two > one @ other


@given(arrays(np.float64, (3, 8), elements=st.floats(-1e6, 1e6)))
def test_every_block_has_length_one(sums: np.ndarray) -> None:
    sums[np.abs(sums) < 1e-6] = 0.0
    blocks = with_blocks_of_length_one(sums, 4).reshape(-1, 4)
    np.testing.assert_allclose(np.linalg.norm(blocks, axis=1), 1.0, atol=1e-5)
