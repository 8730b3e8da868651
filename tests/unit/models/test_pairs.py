"""The engine that reads a message and a card as one."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from sortyard.domain.errors import DamagedBundle, NewerFormat
from sortyard.models.encoders import Vectors
from sortyard.models.engines.onnx import DESCRIPTION_FILE, OnnxEncoder, Precision
from sortyard.models.engines.pairs import SCORER_FILE, OnnxPairScorer
from sortyard.training.encoders.export import export_encoder
from sortyard.training.encoders.weights import find_encoder
from tests.contracts.pair_scorers import check_pair_scorer
from tests.contracts.tiny_bert import LAYERS, POSITIONS, WIDTH, write_tiny_bert

BIAS = 0.25
CARD = "reset the card"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_bert(tmp_path_factory.mktemp("tiny"), np.random.default_rng(20))


@pytest.fixture
def folder(source: Path, tmp_path: Path) -> Path:
    for precision in Precision:
        export_encoder(find_encoder(str(source)), tmp_path, layers=(LAYERS,), precision=precision)
    write_scorer(tmp_path)
    return tmp_path


def write_scorer(folder: Path, *, width: int = WIDTH) -> None:
    weights = np.random.default_rng(4).normal(0.0, 3.0, width).astype(np.float32)
    bias = np.array(BIAS, dtype=np.float32)
    save_file({"weights": weights, "bias": bias}, folder / SCORER_FILE)


def read(scorer: OnnxPairScorer, text: str) -> Vectors:
    """Score a text by itself as if it were a pair, (1,)."""
    return np.asarray(scorer.encoder.encode([text]) @ scorer.weights + scorer.bias)


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("precision", Precision)
def test_is_a_scorer_of_pairs(folder: Path, precision: Precision, threads: int) -> None:
    check_pair_scorer(OnnxPairScorer.open(folder, precision=precision, threads=threads))


def test_a_pair_is_one_row_of_tokens_with_marks_around_both(folder: Path) -> None:
    scorer = OnnxPairScorer.open(folder, precision=Precision.FP32)
    found = scorer.scores(["where is my refund"], [CARD])
    np.testing.assert_allclose(found, read(scorer, f"where is my refund [SEP] {CARD}"), atol=1e-5)


def test_the_order_of_the_two_matters(folder: Path) -> None:
    one, other = OnnxPairScorer.open(folder).scores(["my refund", CARD], [CARD, "my refund"])
    assert abs(one - other) > 1e-3


def test_of_a_long_text_the_end_is_cut_and_the_card_stays(folder: Path) -> None:
    scorer = OnnxPairScorer.open(folder, precision=Precision.FP32)
    room = POSITIONS - 3 - len(CARD.split())
    texts = ["where " * 10 * POSITIONS, "where " * room, "where " * 10 * POSITIONS]
    long, cut, other = scorer.scores(texts, [CARD, CARD, "refund"])
    assert long == pytest.approx(cut, abs=1e-5)
    assert abs(long - other) > 1e-3


def test_the_fastest_precision_is_taken(folder: Path) -> None:
    scorer = OnnxPairScorer.open(folder, threads=2)
    assert scorer.encoder.precision is Precision.INT8
    assert scorer.encoder.threads == 2
    assert scorer.name == scorer.encoder.name


def test_every_pair_needs_a_card(folder: Path) -> None:
    with pytest.raises(ValueError, match="shorter"):
        OnnxPairScorer.open(folder).scores(["one", "two"], [CARD])


@pytest.mark.parametrize("damage", ["missing", "truncated", "nameless", "wide", "vector"])
def test_a_scorer_that_does_not_fit_is_damage(folder: Path, damage: str) -> None:
    path = folder / SCORER_FILE
    weights, bias = np.ones(WIDTH, dtype=np.float32), np.zeros((), dtype=np.float32)
    if damage == "missing":
        path.unlink()
    elif damage == "truncated":
        path.write_bytes(path.read_bytes()[:20])
    elif damage == "nameless":
        save_file({"weights": weights}, path)
    elif damage == "wide":
        save_file({"weights": np.ones(WIDTH + 1, dtype=np.float32), "bias": bias}, path)
    else:
        save_file({"weights": weights, "bias": np.zeros(2, dtype=np.float32)}, path)
    with pytest.raises(DamagedBundle, match=SCORER_FILE):
        OnnxPairScorer.open(folder)


def test_an_encoder_of_several_layers_reads_no_pairs(source: Path, tmp_path: Path) -> None:
    files = find_encoder(str(source))
    export_encoder(files, tmp_path, layers=(1, LAYERS), precision=Precision.FP32)
    write_scorer(tmp_path)
    assert OnnxEncoder.open(tmp_path).blocks == 2
    with pytest.raises(DamagedBundle, match="does not fit"):
        OnnxPairScorer.open(tmp_path)


def test_a_newer_encoder_says_what_to_do(folder: Path) -> None:
    path = folder / DESCRIPTION_FILE
    path.write_text(path.read_text(encoding="utf-8").replace('"format": 1', '"format": 99'))
    with pytest.raises(NewerFormat):
        OnnxPairScorer.open(folder)
