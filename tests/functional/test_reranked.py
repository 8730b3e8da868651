"""A release with a reranker, from its folder to answers: the real engines, and random weights."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

import sortyard as library
from sortyard.domain.predictions import Stage
from sortyard.models.bundle import POLICY, RERANKER
from sortyard.models.cascade import Depth
from sortyard.models.engines.onnx import Precision
from sortyard.models.engines.pairs import SCORER_FILE, OnnxPairScorer
from sortyard.models.manifest import Manifest, checksums, release_id
from sortyard.training.encoders.export import export_encoder
from sortyard.training.encoders.weights import find_encoder
from tests.contracts.tiny_bert import LAYERS, WIDTH, write_tiny_bert
from tests.functional.conftest import Sortyard, objects

pytestmark = pytest.mark.slow

TEXT = "refund for order 17 please help"


@pytest.fixture(scope="session")
def reranker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny cross-encoder that has learnt nothing."""
    rng, folder = np.random.default_rng(1), tmp_path_factory.mktemp("reranker")
    files = find_encoder(str(write_tiny_bert(folder / "source", rng)))
    export_encoder(files, folder / RERANKER, layers=(LAYERS,), precision=Precision.FP32)
    numbers = {"weights": rng.normal(0.0, 1.0, WIDTH).astype(np.float32)}
    bias = np.zeros((), dtype=np.float32)
    save_file(numbers | {"bias": bias}, folder / RERANKER / SCORER_FILE)
    return folder / RERANKER


@pytest.fixture
def reranked(sortyard: Sortyard, workspace: Path, release: str, reranker: Path) -> Path:
    """The champion's folder again, with a reranker that reads whatever the encoder reads."""
    releases = workspace / ".sortyard" / "releases"
    folder = Path(shutil.copytree(releases / release, releases / "draft"))
    shutil.copytree(reranker, folder / RERANKER)
    policy = json.loads((folder / POLICY).read_text(encoding="utf-8"))
    numbers = {"most": 3, "margin": 2.0, "sharpness": 1.0, "weight": 0.5}
    policy["dimensions"]["team"]["reranking"] = numbers
    (folder / POLICY).write_text(json.dumps(policy), encoding="utf-8")
    files = checksums(folder)
    found = replace(Manifest.read(folder), release=release_id(files), files=files)
    found.write(folder)
    folder = folder.rename(releases / found.release)
    sortyard("promote", found.release, "-w", workspace, "--force")
    return folder


def test_it_answers_with_its_own_engine(reranked: Path) -> None:
    classifier = library.load(reranked)
    assert isinstance(classifier.eyes.reranker, OnnxPairScorer)
    assert classifier.at_depth(Depth.FULL).classify(TEXT)["team"].stage is Stage.RERANKER
    assert classifier.at_depth(Depth.STATIC).classify(TEXT)["team"].stage is Stage.STATIC


def test_it_is_exported_as_one_file(
    sortyard: Sortyard, workspace: Path, reranked: Path, tmp_path: Path
) -> None:
    packed = tmp_path / "release.tar.gz"
    sortyard("export", reranked.name, "-w", workspace, "--output", packed)
    (here,) = objects(sortyard("classify", "-w", workspace, TEXT, "--json").out)
    (there,) = objects(sortyard("classify", "--release", packed, TEXT, "--json").out)

    assert here["release"] == there["release"] == reranked.name
    assert here["dimensions"] == there["dimensions"]


def test_an_explanation_says_what_it_leaves_out(
    sortyard: Sortyard, workspace: Path, reranked: Path, release: str
) -> None:
    with_one = sortyard("explain", TEXT, "-w", workspace, "--release", reranked.name)
    without = sortyard("explain", TEXT, "-w", workspace, "--release", release)

    assert "a reranker decided between the best labels" in with_one.out
    assert "reranker" not in without.out
