"""Encoders of every family, exported, against the original implementation."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sortyard.models.engines.onnx import OnnxEncoder, Precision
from sortyard.training.encoders.export import export_encoder
from sortyard.training.encoders.families.mpnet import buckets
from sortyard.training.encoders.shape import EncoderShape
from sortyard.training.encoders.weights import EncoderFiles, find_encoder
from tests.contracts.tiny_families import FAMILIES, LAYERS, WIDTH, write_tiny

pytestmark = [
    pytest.mark.parity,
    # They warn about their own dependencies; what they calculate is what matters here.
    pytest.mark.filterwarnings("ignore"),
]

TEXTS = (
    "",
    "my card was charged twice",
    "Where is my refund? I asked for it on 3 March, and again last week!",
    "返金はできません。カードの二重請求を",
    "ÅNGSTRÖM naïve café 👩‍👩‍👧",
    "a",
    "please reset the card " * 80,
)


@pytest.fixture(scope="module", params=FAMILIES)
def files(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> EncoderFiles:
    return find_encoder(str(write_tiny(request.param, tmp_path_factory.mktemp("published"))))


@pytest.fixture(scope="module")
def originals(files: EncoderFiles) -> NDArray[np.float32]:
    """Every layer's mean over tokens, of a batch with padding: (texts, layers, width)."""
    torch = pytest.importorskip("torch", reason="needs the parity extra")
    transformers = pytest.importorskip("transformers", reason="needs the parity extra")
    model = transformers.AutoModel.from_pretrained(
        files.folder, attn_implementation="eager", trust_remote_code=False
    ).eval()
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_file=str(files.tokenizer))
    tokenizer.pad_token = tokenizer.convert_ids_to_tokens(model.config.pad_token_id)
    read = tokenizer(
        list(TEXTS),
        truncation=True,
        max_length=EncoderShape.read(files).max_tokens,
        padding=True,
        return_tensors="pt",
        return_token_type_ids=False,
    )
    with torch.no_grad():
        states = model(**read, output_hidden_states=True).hidden_states[1:]
    mask = read["attention_mask"].unsqueeze(-1)
    means = torch.stack([(one * mask).sum(1) / mask.sum(1) for one in states], dim=1).numpy()
    return np.asarray(means / np.linalg.norm(means, axis=2, keepdims=True), dtype=np.float32)


def cosines(
    files: EncoderFiles, originals: NDArray[np.float32], folder: Path, precision: Precision
) -> NDArray[np.float32]:
    layers = tuple(range(1, LAYERS + 1))
    export_encoder(files, folder, layers=layers, precision=precision)
    found = OnnxEncoder.open(folder, precision=precision).encode(TEXTS)
    return np.asarray((found.reshape(len(TEXTS), LAYERS, WIDTH) * originals).sum(axis=2))


def test_fp32_is_the_original(
    files: EncoderFiles, originals: NDArray[np.float32], tmp_path: Path
) -> None:
    assert cosines(files, originals, tmp_path, Precision.FP32).min() > 0.99999


def test_int8_points_the_same_way(
    files: EncoderFiles, originals: NDArray[np.float32], tmp_path: Path
) -> None:
    assert cosines(files, originals, tmp_path, Precision.INT8).min() > 0.99


def test_distances_fall_into_the_buckets_that_mpnet_was_trained_with() -> None:
    torch = pytest.importorskip("torch", reason="needs the parity extra")
    mpnet = pytest.importorskip("transformers.models.mpnet.modeling_mpnet")
    behind = np.arange(-511, 512)
    theirs = mpnet.MPNetEncoder.relative_position_bucket(torch.from_numpy(-behind))

    assert buckets(behind, 32).tolist() == theirs.tolist()
