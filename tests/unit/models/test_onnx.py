"""The engine that runs the exported encoder."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.domain.errors import DamagedBundle, NewerFormat
from sortyard.models.engines.onnx import (
    TEXTS_PER_BATCH,
    TOKENS_PER_BATCH,
    OnnxEncoder,
    Precision,
    batches,
)
from sortyard.training.encoders.export import export_encoder
from sortyard.training.encoders.weights import find_encoder
from tests.contracts.encoders import check_encoder
from tests.contracts.tiny_bert import LAYERS, POSITIONS, write_tiny_bert


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_bert(tmp_path_factory.mktemp("tiny"), np.random.default_rng(20))


@pytest.fixture
def folder(source: Path, tmp_path: Path) -> Path:
    for precision in Precision:
        export_encoder(find_encoder(str(source)), tmp_path, layers=(1, LAYERS), precision=precision)
    return tmp_path


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("precision", Precision)
def test_is_an_encoder(folder: Path, precision: Precision, threads: int) -> None:
    check_encoder(OnnxEncoder.open(folder, precision=precision, threads=threads))


def test_texts_that_are_read_at_once_keep_their_places(folder: Path) -> None:
    texts = ["card " * (1 + number % 7) + "twice " * (number % 3) for number in range(300)]
    alone = OnnxEncoder.open(folder, threads=1)
    together = OnnxEncoder.open(folder, threads=4).encode(texts)
    one_by_one = np.concatenate([alone.encode([text]) for text in texts])
    np.testing.assert_allclose(together, one_by_one, atol=1e-5)


def test_the_fastest_precision_is_taken(folder: Path) -> None:
    assert OnnxEncoder.open(folder).precision is Precision.INT8
    (folder / Precision.INT8.file).unlink()
    assert OnnxEncoder.open(folder).precision is Precision.FP32


def test_a_text_is_cut_at_the_most_tokens(folder: Path) -> None:
    encoder = OnnxEncoder.open(folder)
    room = POSITIONS - 2  # the marks take two
    long, cut = encoder.encode(["card " * 10 * POSITIONS, "card " * room])
    np.testing.assert_array_equal(long, cut)


def test_spans_name_the_characters_of_a_token(folder: Path) -> None:
    text = "My Card É\ud800 twice"
    terms = OnnxEncoder.open(folder).token_terms(text)
    spans = dict(zip(terms.tokens, terms.spans, strict=True))
    assert text[slice(*spans["card"])] == "Card"
    assert text[slice(*spans["twice"])] == "twice"
    assert spans["[CLS]"] == spans["[SEP]"] == (0, 0)


def test_ten_megabytes_are_cut_before_they_are_read(folder: Path) -> None:
    tokeniser = OnnxEncoder.open(folder).tokeniser
    assert len(tokeniser.readable_part("word " * 2_000_000)) == 16 * POSITIONS


@given(st.lists(st.integers(0, 256), max_size=200), st.integers(1, 5))
def test_batches_hold_every_text_once_and_are_bounded(lengths: list[int], at_once: int) -> None:
    seen: list[int] = []
    for rows in batches(lengths, at_once=at_once):
        longest = max(lengths[row] for row in rows)
        assert len(rows) <= TEXTS_PER_BATCH
        assert len(rows) == 1 or len(rows) * longest <= TOKENS_PER_BATCH
        seen += rows.tolist()
    assert sorted(seen) == list(range(len(lengths)))


@given(st.lists(st.integers(0, 30), min_size=2, max_size=60))
def test_few_texts_are_shared_out_among_the_threads(lengths: list[int]) -> None:
    shares = [len(rows) for rows in batches(lengths, at_once=2)]
    assert len(shares) == 2
    assert max(shares) - min(shares) <= 1


@pytest.mark.parametrize("file", ["encoder.json", "tokenizer.json", "model.int8.onnx"])
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with pytest.raises(DamagedBundle, match=file):
        OnnxEncoder.open(folder, precision=Precision.INT8)


@pytest.mark.parametrize("file", ["encoder.json", "tokenizer.json", "model.int8.onnx"])
def test_a_file_full_of_nonsense_is_named(folder: Path, file: str) -> None:
    (folder / file).write_text("[]", encoding="utf-8")
    with pytest.raises(DamagedBundle, match=file):
        OnnxEncoder.open(folder, precision=Precision.INT8)


def test_a_newer_format_is_refused(folder: Path) -> None:
    path = folder / "encoder.json"
    description = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(description | {"format": 99}), encoding="utf-8")
    with pytest.raises(NewerFormat, match="has format 99"):
        OnnxEncoder.open(folder)
