"""The static student as it is made: from the vocabulary, then from an archive."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from scipy import sparse

from sortyard.models.engines.onnx import OnnxEncoder, Precision
from sortyard.models.engines.static import StaticEncoder
from sortyard.training.encoders import static_table
from sortyard.training.encoders.export import export_encoder
from sortyard.training.encoders.static_distillation import LEAST_TEXTS, distil, export_taught
from sortyard.training.encoders.static_table import (
    export_static,
    generic_table,
    principal_axes,
    rarity,
    token_counts,
    write_static,
)
from sortyard.training.encoders.weights import EncoderFiles, find_encoder
from tests.contracts.encoders import PLAIN, check_encoder
from tests.contracts.tiny_bert import LAYERS, WIDTH, write_tiny_bert


@pytest.fixture
def files(tmp_path: Path, rng: np.random.Generator) -> EncoderFiles:
    return find_encoder(str(write_tiny_bert(tmp_path / "tiny", rng)))


@pytest.fixture
def encoder(files: EncoderFiles, tmp_path: Path) -> OnnxEncoder:
    folder = tmp_path / "encoder"
    export_encoder(files, folder, layers=(LAYERS,), precision=Precision.FP32)
    return OnnxEncoder.open(folder, threads=1)


def test_every_token_of_the_vocabulary_has_a_vector(encoder: OnnxEncoder) -> None:
    table = generic_table(encoder)
    assert table.shape == (encoder.tokeniser.vocabulary_size, WIDTH)
    assert np.isfinite(table).all()


def test_a_token_is_what_the_encoder_reads_in_it_alone(encoder: OnnxEncoder) -> None:
    table = generic_table(encoder)
    token = encoder.tokeniser.ids(["card"])[0][1]
    hidden = encoder.token_terms("card").vectors[1]
    cosine = table[token] @ hidden / np.linalg.norm(table[token]) / np.linalg.norm(hidden)
    assert cosine == pytest.approx(1.0, abs=1e-5)


def test_the_vocabulary_is_read_once(encoder: OnnxEncoder, tmp_path: Path) -> None:
    """A mark left in the cached table shows that it is the one that is used."""
    first = generic_table(encoder, cache=tmp_path / "cache")
    (kept,) = (tmp_path / "cache").iterdir()
    written = kept.stat().st_mtime_ns
    np.testing.assert_array_equal(generic_table(encoder, cache=tmp_path / "cache"), first)
    assert kept.stat().st_mtime_ns == written


def test_a_damaged_cache_is_made_anew(encoder: OnnxEncoder, tmp_path: Path) -> None:
    first = generic_table(encoder, cache=tmp_path / "cache")
    (kept,) = (tmp_path / "cache").iterdir()
    kept.write_bytes(b"half a tab")
    np.testing.assert_array_equal(generic_table(encoder, cache=tmp_path / "cache"), first)


def test_what_is_written_can_be_opened(
    encoder: OnnxEncoder, files: EncoderFiles, tmp_path: Path
) -> None:
    export_static(encoder, files, tmp_path / "static")
    student = StaticEncoder.open(tmp_path / "static")
    assert student.encode(PLAIN).shape == (len(PLAIN), WIDTH)


def test_frequent_tokens_weigh_less() -> None:
    weights = rarity(30_000)
    assert (np.diff(weights) > 0.0).all()
    assert 0.0 < weights[0] < 0.01
    assert 0.5 < weights[-1] < 1.0


def test_tokens_are_counted(encoder: OnnxEncoder, files: EncoderFiles, tmp_path: Path) -> None:
    export_static(encoder, files, tmp_path)
    tokeniser = StaticEncoder.open(tmp_path).tokeniser
    counts = token_counts(["card card my", "", "my"], tokeniser)
    assert counts.sum(axis=1).tolist() == [3.0, 0.0, 1.0]
    assert counts.max() == 2.0


def test_axes_are_settled_and_at_right_angles(rng: np.random.Generator) -> None:
    vectors = rng.standard_normal((50, 12)).astype(np.float32)
    axes = principal_axes(vectors, 5)
    np.testing.assert_allclose(axes.T @ axes, np.eye(5), atol=1e-9)
    np.testing.assert_allclose(np.abs(principal_axes(-vectors, 5)), np.abs(axes), atol=1e-9)
    spread = (vectors @ axes).var(axis=0)
    assert (np.diff(spread) <= 1e-6).all()


def test_a_teacher_that_is_a_mean_of_tokens_is_found_again(rng: np.random.Generator) -> None:
    truth = rng.standard_normal((30, 6)).astype(np.float32)
    counts = sparse.csr_array(rng.poisson(0.3, (400, 30)).astype(np.float32))
    lengths = np.maximum(counts.sum(axis=1), 1.0)[:, None]
    teacher = np.asarray(counts @ truth / lengths, dtype=np.float32)
    start = rng.standard_normal((30, 6)).astype(np.float32)
    found = distil(start, counts, teacher, width=6, strength=1e-6)
    np.testing.assert_allclose(found, truth @ principal_axes(teacher, 6), atol=1e-2)


def test_a_token_that_the_archive_lacks_is_only_mapped(rng: np.random.Generator) -> None:
    table = rng.standard_normal((10, 4)).astype(np.float32)
    table[9] = table[8]  # twins, of which the archive has one
    counts = sparse.csr_array(np.eye(9, 10, dtype=np.float32))
    teacher = rng.standard_normal((9, 4)).astype(np.float32)
    firm = distil(table, counts, teacher, width=4, strength=1e9)
    loose = distil(table, counts, teacher, width=4, strength=0.1)
    np.testing.assert_allclose(firm[8], firm[9], atol=1e-5)
    np.testing.assert_allclose(loose[9], firm[9], atol=1e-5)
    assert np.abs(loose[8] - loose[9]).max() > 1e-3


@pytest.mark.parametrize(("count", "taught"), [(LEAST_TEXTS - 1, False), (LEAST_TEXTS, True)])
def test_an_archive_teaches_when_it_is_large_enough(
    encoder: OnnxEncoder, files: EncoderFiles, tmp_path: Path, count: int, *, taught: bool
) -> None:
    texts = [PLAIN[row % len(PLAIN)] for row in range(count)]
    export_taught(encoder, files, tmp_path / "taught", texts=texts, teacher=encoder.encode(texts))
    export_static(encoder, files, tmp_path / "generic")
    one, other = (StaticEncoder.open(tmp_path / name) for name in ("taught", "generic"))
    assert np.array_equal(one.table, other.table) is not taught


@pytest.fixture
def many_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A vocabulary counts as one of many languages from 20 tokens on, of which 8 are common."""
    monkeypatch.setattr(static_table, "MOST_READ", 20)
    monkeypatch.setattr(static_table, "COMMON", 8)


@pytest.mark.usefixtures("many_languages")
def test_of_many_languages_only_what_the_texts_have_is_read(encoder: OnnxEncoder) -> None:
    seen = encoder.tokeniser.ids(["reset the card"])[0]
    filled = generic_table(encoder, texts=["reset the card"]).any(axis=1)
    assert np.flatnonzero(filled).tolist() == sorted({*range(8), *seen})


@pytest.mark.usefixtures("many_languages")
def test_without_texts_all_languages_are_read(encoder: OnnxEncoder) -> None:
    assert generic_table(encoder).any(axis=1).all()


@pytest.mark.usefixtures("many_languages")
def test_what_was_read_before_is_not_read_again(encoder: OnnxEncoder, tmp_path: Path) -> None:
    """The cached table grows with every archive, and its rows stay as they are."""
    cache = tmp_path / "cache"
    first = generic_table(encoder, texts=["reset"], cache=cache)
    (kept,) = cache.iterdir()
    save_file({"table": first * 2.0}, kept)
    second = generic_table(encoder, texts=["card twice"], cache=cache)
    before = first.any(axis=1)
    np.testing.assert_array_equal(second[before], first[before] * 2.0)
    assert second.any(axis=1).sum() > before.sum()


@pytest.mark.usefixtures("many_languages")
def test_a_student_of_many_languages_is_small_and_says_the_same(
    encoder: OnnxEncoder, files: EncoderFiles, tmp_path: Path
) -> None:
    texts = ["reset the card", "my card"]
    table = generic_table(encoder, texts=texts)
    write_static(table, encoder, files, tmp_path / "static")
    student = StaticEncoder.open(tmp_path / "static")
    whole = StaticEncoder("whole", student.tokeniser, table)
    assert len(student.table) < len(table) / 2
    np.testing.assert_allclose(student.encode(texts), whole.encode(texts), atol=1e-3)


@pytest.mark.usefixtures("many_languages")
def test_a_student_of_many_languages_is_an_encoder(
    encoder: OnnxEncoder, files: EncoderFiles, tmp_path: Path
) -> None:
    table = generic_table(encoder, texts=PLAIN[:1])
    write_static(table, encoder, files, tmp_path / "static")
    check_encoder(StaticEncoder.open(tmp_path / "static"))
