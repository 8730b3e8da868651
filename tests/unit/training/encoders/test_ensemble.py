"""Two encoders in one graph say what each of them says alone."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from sortyard.domain.errors import UnsupportedEncoder
from sortyard.models.engines.onnx import OnnxEncoder, Precision
from sortyard.training.encoders.export import export_encoder
from sortyard.training.encoders.weights import EncoderFiles, find_encoder
from tests.contracts.encoders import check_encoder
from tests.contracts.tiny_bert import LAYERS, write_tiny_bert

TEXTS = ("a card", "my card was charged twice this month", "", "?")


@pytest.fixture
def published(tmp_path: Path, rng: np.random.Generator) -> EncoderFiles:
    return find_encoder(str(write_tiny_bert(tmp_path / "published", rng)))


def changed(files: EncoderFiles, folder: Path, part: str, rng: np.random.Generator) -> EncoderFiles:
    """Change the weights whose names hold a part, as a tuning would."""
    shutil.copytree(files.folder, folder)
    weights = load_file(files.weights)
    for name, values in weights.items():
        if part in name:
            weights[name] = values + rng.normal(scale=0.1, size=values.shape).astype(values.dtype)
    save_file(weights, folder / files.weights.name, {"format": "pt"})
    return find_encoder(str(folder))


def opened(
    files: EncoderFiles,
    folder: Path,
    precision: Precision = Precision.FP32,
    before: EncoderFiles | None = None,
) -> OnnxEncoder:
    export_encoder(files, folder, layers=(1, LAYERS), precision=precision, before=before)
    return OnnxEncoder.open(folder)


@pytest.mark.parametrize("precision", Precision)
def test_the_blocks_of_both_stand_side_by_side(
    published: EncoderFiles, tmp_path: Path, rng: np.random.Generator, precision: Precision
) -> None:
    tuned = changed(published, tmp_path / "tuned", f"encoder.layer.{LAYERS - 1}.", rng)

    both = opened(tuned, tmp_path / "both", precision, before=published)

    first, second = (
        opened(files, tmp_path / name, precision).encode(TEXTS)
        for name, files in (("first", published), ("second", tuned))
    )
    upper = second[:, -both.width :]  # the first layer is common, and stands there once
    np.testing.assert_allclose(both.encode(TEXTS), np.hstack([first, upper]), atol=1e-5)
    assert both.description.layers == (1, LAYERS, LAYERS)


def test_an_encoder_that_changed_from_the_first_layer_on_has_all_its_blocks(
    published: EncoderFiles, tmp_path: Path, rng: np.random.Generator
) -> None:
    tuned = changed(published, tmp_path / "tuned", "encoder.layer.", rng)

    both = opened(tuned, tmp_path / "both", before=published)

    assert both.description.layers == (1, LAYERS, 1, LAYERS)


def test_an_encoder_that_did_not_change_adds_nothing(
    published: EncoderFiles, tmp_path: Path
) -> None:
    both = opened(published, tmp_path / "both", before=published)

    assert both.description.layers == (1, LAYERS)


def test_both_together_keep_the_promises_of_an_encoder(
    published: EncoderFiles, tmp_path: Path, rng: np.random.Generator
) -> None:
    tuned = changed(published, tmp_path / "tuned", f"encoder.layer.{LAYERS - 1}.", rng)

    check_encoder(opened(tuned, tmp_path / "both", Precision.INT8, before=published))


def test_the_upper_layers_alone_are_stored_twice(
    published: EncoderFiles, tmp_path: Path, rng: np.random.Generator
) -> None:
    tuned = changed(published, tmp_path / "tuned", f"encoder.layer.{LAYERS - 1}.", rng)
    opened(tuned, tmp_path / "both", before=published)
    opened(tuned, tmp_path / "alone")

    sizes = {name: (tmp_path / name / "model.onnx").stat().st_size for name in ("alone", "both")}
    assert sizes["alone"] < sizes["both"] < 2 * sizes["alone"]


def test_encoders_that_read_words_differently_are_refused(
    published: EncoderFiles, tmp_path: Path, rng: np.random.Generator
) -> None:
    tuned = changed(published, tmp_path / "tuned", "word_embeddings", rng)

    with pytest.raises(UnsupportedEncoder, match="read words alike"):
        opened(tuned, tmp_path / "both", before=published)

    assert not (tmp_path / "both").exists()


def test_the_description_names_the_tuned_one(
    published: EncoderFiles, tmp_path: Path, rng: np.random.Generator
) -> None:
    tuned = changed(published, tmp_path / "tuned", f"encoder.layer.{LAYERS - 1}.", rng)
    opened(tuned, tmp_path / "both", before=published)

    described = json.loads((tmp_path / "both" / "encoder.json").read_text(encoding="utf-8"))
    assert described["sha256"] == tuned.sha256
