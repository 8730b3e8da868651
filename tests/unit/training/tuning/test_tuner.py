"""An encoder is tuned, and serves like any other."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from sortyard.domain.ports import Silence
from sortyard.models.engines.onnx import OnnxEncoder, Precision
from sortyard.training.encoder_weights import EncoderFiles, sha256_of
from sortyard.training.export import export_encoder
from sortyard.training.tuning.course import Course
from sortyard.training.tuning.options import Tuning
from tests.unit.training.tuning.courses import single_course, tiny_encoder

pytest.importorskip("torch", reason="needs the extra `tune`")
pytest.importorskip("transformers", reason="needs the extra `tune`")

from sortyard.training.tuning.tuner import tune_encoder

# They warn about their own dependencies; what they calculate is what matters here.
pytestmark = pytest.mark.filterwarnings("ignore")

FEW = Tuning(epochs=4, batch=6, rate=3e-3, judgings=1)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> EncoderFiles:
    return tiny_encoder(tmp_path_factory.mktemp("published"))


def tuned(
    published: EncoderFiles, folder: Path, options: Tuning = FEW, *, seed: int = 1
) -> EncoderFiles:
    return tune_encoder(
        published,
        single_course(),
        options,
        folder / "tuned",
        seed=seed,
        progress=Silence(),
        threads=1,
    )


def spread(files: EncoderFiles, folder: Path, course: Course) -> float:
    """How much nearer rows of one label are to each other than to rows of another."""
    export_encoder(files, folder, layers=(3,), precision=Precision.FP32)
    vectors = OnnxEncoder.open(folder).encode(course.texts)
    truth = course.subjects[0].truth.single
    same = truth[:, None] == truth
    cosines = vectors @ vectors.T
    return float(cosines[same].mean() - cosines[~same].mean())


def test_rows_of_one_label_come_together(published: EncoderFiles, tmp_path: Path) -> None:
    course = single_course()
    before = spread(published, tmp_path / "before", course)
    after = spread(tuned(published, tmp_path), tmp_path / "after", course)

    assert after > 2 * before


def test_one_seed_gives_one_encoder(published: EncoderFiles, tmp_path: Path) -> None:
    first, again, other = (
        tuned(published, tmp_path / str(place), seed=seed).sha256
        for place, seed in enumerate((1, 1, 2))
    )

    assert (first == again, first == other) == (True, False)


def test_the_vectors_of_words_stay_as_they_were(published: EncoderFiles, tmp_path: Path) -> None:
    name = "embeddings.word_embeddings.weight"
    after = load_file(tuned(published, tmp_path).weights)
    before = load_file(published.weights)

    assert np.array_equal(after[name], before[name])
    assert not np.array_equal(
        after["encoder.layer.0.output.dense.weight"], before["encoder.layer.0.output.dense.weight"]
    )


def test_the_result_is_whole_and_named(published: EncoderFiles, tmp_path: Path) -> None:
    files = tuned(published, tmp_path)

    assert files.sha256 == sha256_of(files.weights)
    assert sorted(one.name for one in files.folder.iterdir()) == [
        "config.json",
        "model.safetensors",
        "tokenizer.json",
    ]
    assert [one.name for one in tmp_path.iterdir()] == ["tuned"]
