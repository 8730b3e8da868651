"""The static student as it runs."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from sortyard.domain.errors import DamagedBundle, NewerFormat
from sortyard.models.engines.static import StaticEncoder
from tests.contracts.encoders import check_encoder
from tests.contracts.tiny_bert import write_tiny_bert


@pytest.fixture
def folder(tmp_path: Path, rng: np.random.Generator) -> Path:
    write_tiny_bert(tmp_path, rng)
    description = {"format": 1, "name": "tiny", "width": 16, "max_tokens": 48}
    (tmp_path / "static.json").write_text(json.dumps(description), encoding="utf-8")
    table = rng.standard_normal((200, 16)).astype(np.float16)
    save_file({"table": table}, tmp_path / "table.safetensors")
    return tmp_path


def test_is_an_encoder(folder: Path) -> None:
    check_encoder(StaticEncoder.open(folder))


def test_the_order_of_words_does_not_matter(folder: Path) -> None:
    one, other = StaticEncoder.open(folder).encode(["my card was charged", "charged was card my"])
    np.testing.assert_allclose(one, other, atol=1e-6)


def test_texts_without_a_token_share_one_direction(folder: Path) -> None:
    one, other = StaticEncoder.open(folder).encode(["", " \n "])
    np.testing.assert_array_equal(one, other)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.lists(st.text(), max_size=5))
def test_any_texts_have_vectors_of_length_one(folder: Path, texts: list[str]) -> None:
    vectors = StaticEncoder.open(folder).encode(texts)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-4)


@pytest.mark.parametrize("file", ["static.json", "tokenizer.json", "table.safetensors"])
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with pytest.raises(DamagedBundle, match=file):
        StaticEncoder.open(folder)


@pytest.mark.parametrize("file", ["static.json", "tokenizer.json", "table.safetensors"])
def test_a_file_full_of_nonsense_is_named(folder: Path, file: str) -> None:
    (folder / file).write_text("[]", encoding="utf-8")
    with pytest.raises(DamagedBundle, match=file):
        StaticEncoder.open(folder)


def test_a_table_of_another_vocabulary_is_refused(folder: Path) -> None:
    save_file({"table": np.zeros((5, 16), dtype=np.float16)}, folder / "table.safetensors")
    with pytest.raises(DamagedBundle, match="does not fit its vocabulary"):
        StaticEncoder.open(folder)


def test_a_newer_format_is_refused(folder: Path) -> None:
    newer = {"format": 99, "name": "tiny", "width": 16, "max_tokens": 48}
    (folder / "static.json").write_text(json.dumps(newer), encoding="utf-8")
    with pytest.raises(NewerFormat, match="has format 99"):
        StaticEncoder.open(folder)


@pytest.mark.parametrize("place", [-1, 200])
def test_a_row_that_there_is_not_is_damage(folder: Path, place: int) -> None:
    stored = load_file(folder / "table.safetensors")
    rows = np.zeros(200, dtype=np.int32)
    rows[7] = place
    save_file({**stored, "rows": rows}, folder / "table.safetensors")
    with pytest.raises(DamagedBundle, match="does not fit its vocabulary"):
        StaticEncoder.open(folder)
