"""From a published encoder of another family to a release that answers, also in other scripts."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sortyard.app.loading import load
from sortyard.domain.ports import Silence
from sortyard.models.encoders import sentence_block
from sortyard.models.engines.onnx import OnnxEncoder, Precision
from sortyard.models.engines.static import StaticEncoder
from sortyard.models.engines.tokens import Tokeniser
from sortyard.models.manifest import Manifest
from sortyard.training.encoders.export import export_encoder
from sortyard.training.encoders.shape import EncoderShape
from sortyard.training.encoders.static_table import export_static
from sortyard.training.encoders.weights import find_encoder
from sortyard.training.run import Trained, train
from sortyard.training.tuning.options import Tuning
from sortyard.training.tuning.tokens import TokenTable
from tests.contracts.encoders import PLAIN, check_encoder
from tests.contracts.tiny_families import FAMILIES, LAYERS, write_tiny
from tests.unit.training.archives import Row, noon, order
from tests.unit.training.tuning.courses import single_course

torch = pytest.importorskip("torch", reason="needs the parity extra")
pytest.importorskip("transformers", reason="needs the parity extra")

from sortyard.training.tuning.network import open_network  # noqa: E402 -- after the skips
from sortyard.training.tuning.tuner import tune_encoder  # noqa: E402 -- after the skips

pytestmark = [
    pytest.mark.parity,
    # They warn about their own dependencies; what they calculate is what matters here.
    pytest.mark.filterwarnings("ignore"),
]

KINDS = ("distilbert", "roberta", "xlm-roberta", "mpnet", "electra, narrow", "albert")
BRIEF = Tuning(epochs=1.0, batch=6, rate=3e-3, frozen_layers=0)
SAID = {
    "billing": ("返金", "請求", "二重", "refund", "charged"),
    "access": ("ログイン", "できません", "リセット", "reset", "where"),
}
PARTICLES = ("を", "が", "は", "に", "の")


def unspaced(rng: np.random.Generator, *, each: int = 15) -> list[Row]:
    """Rows of two teams in two scripts, every other one without a blank."""
    rows: list[Row] = []
    for place in range(each * len(SAID)):
        team = list(SAID)[place % len(SAID)]
        words = [f"{one}{rng.choice(PARTICLES)}" for one in rng.choice(SAID[team], 3)]
        glue = "" if place % 4 < 2 else " "
        rows.append((glue.join([*words, f"{rng.integers(10_000)}"]), {"team": (team,)}))
    return rows


@pytest.mark.parametrize("name", KINDS)
def test_a_tuned_encoder_is_exported_as_it_is(name: str, tmp_path: Path) -> None:
    published = find_encoder(str(write_tiny(name, tmp_path / "published")))
    files = tune_encoder(
        published,
        single_course(),
        BRIEF,
        tmp_path / "tuned",
        seed=1,
        progress=Silence(),
        threads=1,
    )
    export_encoder(files, tmp_path / "served", layers=(LAYERS,), precision=Precision.FP32)
    texts = (*single_course().texts, "", "請求を " * 40)
    served = OnnxEncoder.open(tmp_path / "served").encode(texts)
    network = open_network(
        files, dropout=0.0, frozen_words=True, frozen_layers=0, device=torch.device("cpu")
    )
    tokeniser = Tokeniser.open(files.folder, max_tokens=EncoderShape.read(files).max_tokens)
    tokens = TokenTable.of(texts, tokeniser, padding=network.padding)
    read = network.read(tokens, np.arange(len(texts)))

    assert (read * served).sum(axis=1).min() > 0.9999
    assert files.sha256 != published.sha256


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_keeps_the_promises_of_an_encoder(name: str, tmp_path: Path) -> None:
    files = find_encoder(str(write_tiny(name, tmp_path / "published")))
    layers = (LAYERS // 2, LAYERS)
    export_encoder(files, tmp_path / "encoder", layers=layers, precision=Precision.INT8)
    encoder = OnnxEncoder.open(tmp_path / "encoder")
    check_encoder(encoder, tolerance=1e-3)
    export_static(encoder, files, tmp_path / "static")
    check_encoder(StaticEncoder.open(tmp_path / "static"))


def test_a_student_is_near_its_encoder_in_any_script(tmp_path: Path) -> None:
    """One token and its student have one direction, but for the damping of frequent ones."""
    files = find_encoder(str(write_tiny("xlm-roberta", tmp_path / "published")))
    export_encoder(files, tmp_path / "encoder", layers=(LAYERS,), precision=Precision.FP32)
    encoder = OnnxEncoder.open(tmp_path / "encoder")
    export_static(encoder, files, tmp_path / "static")
    student = StaticEncoder.open(tmp_path / "static")
    one, other = student.encode(["返金", "返金返金"])

    assert one @ other > 0.999
    assert sentence_block(encoder.encode(PLAIN), encoder).shape == student.encode(PLAIN).shape


@pytest.fixture(scope="module", params=["distilbert", "xlm-roberta"])
def trained(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A release of rows in two scripts, from a tuned encoder that lies in a folder."""
    folder = tmp_path_factory.mktemp("bases")
    encoder = write_tiny(request.param, folder / "published")
    ordered = order(unspaced(np.random.default_rng(5)), encoder)
    recipe = replace(ordered.recipe, folds=2, tuning=BRIEF)
    return train(
        replace(ordered, recipe=recipe),
        releases=folder / "releases",
        cache=folder / "cache",
        progress=Silence(),
        now=noon,
    )


def test_a_release_of_another_family_answers(trained: Trained) -> None:
    Manifest.read(trained.folder).verify(trained.folder)
    answer = load(trained.folder).classify("返金を請求が二重に")
    assert answer["team"].label is not None


def test_sentences_without_blanks_are_told_apart(trained: Trained) -> None:
    classifier = load(trained.folder)
    texts = {"billing": "二重の請求を返金に", "access": "ログインができませんリセットを"}
    best = {
        team: classifier.classify(text)["team"].candidates[0].label for team, text in texts.items()
    }
    assert best == {team: team for team in texts}


def test_an_explanation_shows_words_as_they_were_written(trained: Trained) -> None:
    said = load(trained.folder).explain("Where is my Refund", "team")
    words = {term.text.lower() for term in said.terms if term.view == "meaning"}
    assert {"where", "is", "my", "refund"} <= words
