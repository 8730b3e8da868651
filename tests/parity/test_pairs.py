"""The engine that reads pairs, against the original implementation on the same pairs."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file

from sortyard.models.engines.onnx import Precision
from sortyard.models.engines.pairs import SCORER_FILE, OnnxPairScorer
from sortyard.training.encoders.export import export_encoder
from sortyard.training.encoders.shape import EncoderShape
from sortyard.training.encoders.weights import EncoderFiles, find_encoder
from tests.contracts.tiny_bert import LAYERS, WIDTH, write_tiny_bert

pytestmark = [
    pytest.mark.parity,
    # They warn about their own dependencies; what they calculate is what matters here.
    pytest.mark.filterwarnings("ignore"),
]

PAIRS = (
    ("my card was charged twice", "card: charged twice. refund"),
    ("Where is my refund?", "refund. where the money is"),
    ("", "reset"),
    ("reset", ""),
    ("", ""),
    ("please help " * 200, "card: charged twice. refund"),
)
BIAS = -0.5


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> EncoderFiles:
    folder = tmp_path_factory.mktemp("tiny")
    return find_encoder(str(write_tiny_bert(folder, np.random.default_rng(20))))


@pytest.fixture(scope="module")
def weights() -> NDArray[np.float32]:
    return np.random.default_rng(5).normal(0.0, 2.0, WIDTH).astype(np.float32)


@pytest.fixture(scope="module")
def originals(files: EncoderFiles, weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """The scores by the original, (pairs,); its own tokenizer cuts the text alone."""
    torch = pytest.importorskip("torch", reason="needs the parity extra")
    transformers = pytest.importorskip("transformers", reason="needs the parity extra")
    model = transformers.BertModel.from_pretrained(
        files.folder, add_pooling_layer=False, attn_implementation="eager"
    ).eval()
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_file=str(files.tokenizer))
    most = EncoderShape.read(files).max_tokens
    scores = []
    for text, card in PAIRS:
        read = tokenizer(card, add_special_tokens=False)["input_ids"]
        room = most - len(read) - 1
        first = tokenizer(text, truncation=True, max_length=room)["input_ids"]
        end = tokenizer("")["input_ids"][-1:]
        with torch.no_grad():
            states = model(input_ids=torch.tensor([first + read + end])).last_hidden_state
        mean = states[0].mean(0).numpy()
        scores.append(mean / np.linalg.norm(mean) @ weights + BIAS)
    return np.array(scores, dtype=np.float32)


def test_fp32_is_the_original(
    files: EncoderFiles,
    weights: NDArray[np.float32],
    originals: NDArray[np.float32],
    tmp_path: Path,
) -> None:
    export_encoder(files, tmp_path, layers=(LAYERS,), precision=Precision.FP32)
    bias = np.array(BIAS, dtype=np.float32)
    save_file({"weights": weights, "bias": bias}, tmp_path / SCORER_FILE)
    texts, cards = zip(*PAIRS, strict=True)
    found = OnnxPairScorer.open(tmp_path).scores(texts, cards)
    np.testing.assert_allclose(found, originals, atol=1e-4)
