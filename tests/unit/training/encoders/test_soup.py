"""The mean of several encoders is an encoder."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from sortyard.domain.errors import CannotWrite
from sortyard.training.encoders.soup import soup_of
from sortyard.training.encoders.weights import EncoderFiles, sha256_of


def encoder(folder: Path, value: float) -> EncoderFiles:
    folder.mkdir()
    weights = {
        "layer.weight": np.full((2, 3), value, dtype=np.float32),
        "embeddings.position_ids": np.arange(4),
    }
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    return EncoderFiles(folder, "made", sha256_of(folder / "model.safetensors"))


def test_every_encoder_counts_alike(tmp_path: Path) -> None:
    tuned = [encoder(tmp_path / str(value), float(value)) for value in (1, 2, 6)]

    soup = soup_of(tuned)

    weights = load_file(soup.weights)
    assert np.allclose(weights["layer.weight"], 3.0)
    assert weights["layer.weight"].dtype == np.float32
    assert np.array_equal(weights["embeddings.position_ids"], np.arange(4))
    assert soup.folder == tuned[0].folder
    assert soup.sha256 == sha256_of(soup.weights) != tuned[0].sha256


def test_one_alone_stays_as_it_is(tmp_path: Path) -> None:
    alone = encoder(tmp_path / "alone", 1.0)

    assert soup_of([alone]) == alone
    assert sha256_of(alone.weights) == alone.sha256


def test_a_disk_that_refuses_leaves_the_first_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tuned = [encoder(tmp_path / str(value), float(value)) for value in (1, 2)]

    def full(*_args: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sortyard.training.encoders.soup.save_file", full)
    with pytest.raises(CannotWrite, match="No space left"):
        soup_of(tuned)
    assert sha256_of(tuned[0].weights) == tuned[0].sha256
