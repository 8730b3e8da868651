"""A release with a reranker on disk: it comes back whole, or is refused with a reason."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sortyard.app.exporting import pack, unpacked
from sortyard.domain.errors import DamagedBundle
from sortyard.models.bundle import CALIBRATION, POLICY, RERANKER, open_bundle
from sortyard.models.cascade import Depth
from sortyard.models.classifier import Classifier
from sortyard.models.manifest import Manifest
from tests.contracts.fakes import OverlapScorer
from tests.contracts.tiny_release import (
    HASH_ENGINES,
    OVERLAP_FILE,
    seal,
    tiny_dataset,
    with_reranker,
    write_tiny,
)

TEXTS = (*tiny_dataset(40, seed=4).texts, "", "unheard of", "Ünï \ud800")


class BrokenScorer(OverlapScorer):
    """Gives a score that is none."""

    def scores(self, texts: object, cards: object) -> NDArray[np.float32]:  # noqa: ARG002
        return np.array([np.nan], dtype=np.float32)


@pytest.fixture(scope="module")
def reranked(trained: Classifier) -> Classifier:
    return with_reranker(trained, margin=0.9)


@pytest.fixture
def folder(reranked: Classifier, tmp_path: Path) -> Path:
    write_tiny(reranked, tmp_path / "release")
    return tmp_path / "release"


def change(folder: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    """Edit the policy of one dimension, and seal the release again."""
    path = folder / POLICY
    stored = json.loads(path.read_text(encoding="utf-8"))
    edit(stored["dimensions"]["team"])
    path.write_text(json.dumps(stored), encoding="utf-8")
    seal(folder)


@pytest.mark.parametrize("depth", Depth)
def test_what_was_written_answers_the_same(
    reranked: Classifier, folder: Path, depth: Depth
) -> None:
    found = open_bundle(folder, HASH_ENGINES)
    assert [one.reranking for one in found.models] == [one.reranking for one in reranked.models]
    expected = reranked.named(found.release).at_depth(depth).classify_batch(TEXTS)
    assert found.at_depth(depth).classify_batch(TEXTS) == expected


def test_its_files_are_released_with_it(folder: Path) -> None:
    assert f"{RERANKER}/{OVERLAP_FILE}" in Manifest.read(folder).files
    (folder / RERANKER / OVERLAP_FILE).write_text("another", encoding="utf-8")
    with pytest.raises(DamagedBundle, match="is not the file that was released"):
        open_bundle(folder, HASH_ENGINES)


def test_a_release_without_one_opens_no_reranker_and_says_nothing_of_it(bundle: Path) -> None:
    assert RERANKER not in (bundle / POLICY).read_text(encoding="utf-8")
    assert "reranking" not in (bundle / POLICY).read_text(encoding="utf-8")
    assert "reranking" not in (bundle / CALIBRATION).read_text(encoding="utf-8")
    found = open_bundle(bundle, replace(HASH_ENGINES, reranker=_never))
    assert found.eyes.reranker is None
    assert not any(model.reranking for model in found.models)


def test_numbers_without_a_reranker_are_damage(folder: Path) -> None:
    shutil.rmtree(folder / RERANKER)
    seal(folder)
    with pytest.raises(DamagedBundle, match=RERANKER):
        open_bundle(folder, HASH_ENGINES)


def test_a_reranker_that_no_dimension_has_numbers_for_is_not_opened(
    trained: Classifier, tmp_path: Path
) -> None:
    eyes = replace(trained.eyes, reranker=OverlapScorer())
    write_tiny(replace(trained, eyes=eyes), tmp_path / "release")
    found = open_bundle(tmp_path / "release", replace(HASH_ENGINES, reranker=_never))
    assert found.eyes.reranker is None


@pytest.mark.parametrize(
    "edit",
    [
        lambda team: team["reranking"].pop("weight"),
        lambda team: team["reranking"].update(most=1),
        lambda team: team["reranking"].update(most=10**6),
        lambda team: team["reranking"].update(margin="wide"),
        lambda team: team["reranking"].update(sharpness=-1.0),
        lambda team: team.update(reranking=[1, 2]),
    ],
    ids=["incomplete", "one", "many", "no number", "negative", "list"],
)
def test_numbers_that_make_no_sense_are_damage(
    folder: Path, edit: Callable[[dict[str, Any]], object]
) -> None:
    change(folder, edit)
    with pytest.raises(DamagedBundle):
        open_bundle(folder, HASH_ENGINES)


def test_flags_cannot_be_reranked(folder: Path) -> None:
    path = folder / POLICY
    stored = json.loads(path.read_text(encoding="utf-8"))
    stored["dimensions"]["flags"]["reranking"] = stored["dimensions"]["team"]["reranking"]
    path.write_text(json.dumps(stored), encoding="utf-8")
    seal(folder)
    with pytest.raises(DamagedBundle):
        open_bundle(folder, HASH_ENGINES)


def test_opening_tries_the_reranker(folder: Path) -> None:
    """However clear the answer to the text that is tried: a margin of nothing reads it, too."""
    change(folder, lambda team: team["reranking"].update(margin=0.0))
    with pytest.raises(DamagedBundle):
        open_bundle(folder, replace(HASH_ENGINES, reranker=lambda _: BrokenScorer()))


def test_the_words_of_a_card_are_part_of_the_format(reranked: Classifier) -> None:
    """A release stores no cards: others from the same taxonomy would change its answers."""
    reranking = reranked.model_of("team").reranking
    assert reranking is not None
    cards = dict(zip(reranked.model_of("team").labels, reranking.cards, strict=True))
    assert cards["billing"] == "billing. refund the invoice"
    assert cards["privacy"] == "privacy. erase personal data, consent, gdpr request"


def _never(folder: Path) -> OverlapScorer:
    raise AssertionError(folder)


@pytest.mark.parametrize("ending", [".tar.gz", ".zip"])
def test_it_travels_in_one_file(
    reranked: Classifier, folder: Path, tmp_path: Path, ending: str
) -> None:
    pack(folder, tmp_path / f"out{ending}")
    with unpacked(tmp_path / f"out{ending}") as arrived:
        found = open_bundle(arrived, HASH_ENGINES)
    expected = reranked.named(found.release).classify_batch(TEXTS)
    assert found.classify_batch(TEXTS) == expected
