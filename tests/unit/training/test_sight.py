"""The encoder reads an archive that is small, its student one that is large."""

from pathlib import Path

import numpy as np
import pytest

from sortyard.domain.ports import Silence
from sortyard.training import sight
from sortyard.training.recipe import Recipe
from sortyard.training.sight import Sight, look_over
from tests.contracts.tiny_bert import write_tiny_bert
from tests.unit.training.archives import tickets

TEXTS = [text for text, _ in tickets(np.random.default_rng(8), each=12)]


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_bert(tmp_path_factory.mktemp("tiny"), np.random.default_rng(8))


def looked(encoder: Path, cache: Path) -> Sight:
    return look_over(
        TEXTS,
        Recipe(name="tiny", encoder=str(encoder)),
        cache=cache,
        allow_download=False,
        rng=np.random.default_rng(1),
        progress=Silence(),
    )


def test_a_few_texts_are_read_by_the_encoder(encoder: Path, tmp_path: Path) -> None:
    seen = looked(encoder, tmp_path)
    assert seen.is_deep
    assert seen.sentences is not None
    np.testing.assert_allclose(np.linalg.norm(seen.sentences, axis=1), 1.0, atol=1e-4)
    assert len(seen) == len(TEXTS)
    assert "the encoder" in seen.judges


def test_many_texts_are_read_by_its_student_and_that_is_said(
    encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sight, "MOST_READ", 10)
    seen = looked(encoder, tmp_path)
    assert not seen.is_deep
    assert seen.vectors is not None
    assert len(seen.vectors) == len(TEXTS)
    assert seen.judges == "the static student and wording, since 36 texts are many"


def test_without_an_encoder_the_wording_is_seen(tmp_path: Path) -> None:
    seen = looked(tmp_path / "nothing here", tmp_path)
    assert seen.vectors is None
    assert seen.wording.shape[0] == len(TEXTS)
    assert "no encoder" in seen.judges


def test_some_rows_are_seen_as_before(encoder: Path, tmp_path: Path) -> None:
    seen = looked(encoder, tmp_path)
    rows = np.array([3, 0])
    part = seen.take(rows)
    assert part.vectors is not None
    assert seen.vectors is not None
    np.testing.assert_array_equal(part.vectors, seen.vectors[rows])
    assert (part.wording != seen.wording[rows]).nnz == 0
