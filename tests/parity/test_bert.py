"""The exported graph against the original implementation."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sortyard.domain.errors import MissingEncoder
from sortyard.models.encoders import sentence_block
from sortyard.models.engines.onnx import OnnxEncoder, Precision
from sortyard.training.encoders.export import export_encoder
from sortyard.training.encoders.shape import EncoderShape
from sortyard.training.encoders.weights import EncoderFiles, find_encoder
from tests.contracts.tiny_bert import write_tiny_bert

pytestmark = [
    pytest.mark.parity,
    # They warn about their own dependencies; what they calculate is what matters here.
    pytest.mark.filterwarnings("ignore"),
]

TEXTS = (
    "",
    "my card was charged twice",
    "Where is my refund? I asked for it on 3 March, and again last week!",
    "ÅNGSTRÖM naïve café 漢字 👩‍👩‍👧",
    "please help " * 200,
    "a",
    "The parcel arrived, but the box was empty; the tracking page says delivered.",
)


@pytest.fixture(scope="module", params=["tiny", "default"])
def files(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> EncoderFiles:
    if request.param == "tiny":
        folder = tmp_path_factory.mktemp("tiny")
        return find_encoder(str(write_tiny_bert(folder, np.random.default_rng(20))))
    try:
        return find_encoder()
    except MissingEncoder as error:
        pytest.skip(f"the default encoder is not installed: {error}")


@pytest.fixture(scope="module")
def originals(files: EncoderFiles) -> NDArray[np.float32]:
    """Every layer's mean over tokens by the original: (texts, layers, width), length one."""
    torch = pytest.importorskip("torch", reason="needs the parity extra")
    transformers = pytest.importorskip("transformers", reason="needs the parity extra")
    model = transformers.BertModel.from_pretrained(
        files.folder, add_pooling_layer=False, attn_implementation="eager"
    ).eval()
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_file=str(files.tokenizer))
    length = EncoderShape.read(files).max_tokens
    rows = []
    for text in TEXTS:
        inputs = tokenizer(
            text, truncation=True, max_length=length, padding=False, return_tensors="pt"
        )
        with torch.no_grad():
            states = model(input_ids=inputs["input_ids"], output_hidden_states=True).hidden_states
        rows.append(torch.stack([one[0].mean(0) for one in states[1:]]).numpy())
    means = np.stack(rows)
    return np.asarray(means / np.linalg.norm(means, axis=2, keepdims=True), dtype=np.float32)


def exported(files: EncoderFiles, folder: Path, precision: Precision) -> OnnxEncoder:
    layers = tuple(range(1, EncoderShape.read(files).layers + 1))
    export_encoder(files, folder, layers=layers, precision=precision)
    return OnnxEncoder.open(folder, precision=precision)


def test_fp32_is_the_original(
    files: EncoderFiles, originals: NDArray[np.float32], tmp_path: Path
) -> None:
    encoder = exported(files, tmp_path, Precision.FP32)
    found = encoder.encode(TEXTS).reshape(originals.shape)
    assert np.abs(found - originals).max() < 1e-4


def test_int8_points_the_same_way(
    files: EncoderFiles, originals: NDArray[np.float32], tmp_path: Path
) -> None:
    """Texts of a word or none have little to average over: their rounding weighs more."""
    encoder = exported(files, tmp_path, Precision.INT8)
    sentences = sentence_block(encoder.encode(TEXTS), encoder)
    cosines = (sentences * originals[:, -1]).sum(axis=1)
    several_words = np.array([len(text.split()) > 1 for text in TEXTS])
    assert cosines[several_words].min() >= 0.985
    assert cosines[~several_words].min() >= 0.975
