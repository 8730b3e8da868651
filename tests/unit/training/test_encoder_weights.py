"""The weights are found where they may be, and refused where they are not the published ones."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sortyard.domain.errors import DamagedEncoder, MissingEncoder
from sortyard.training.encoder_weights import (
    DEFAULT_ENCODER,
    PUBLISHED,
    find_encoder,
    sha256_of,
)
from tests.contracts.tiny_bert import write_tiny_bert

UNKNOWN = "somebody/unheard-of"


@pytest.fixture
def tiny(tmp_path: Path, rng: np.random.Generator) -> Path:
    return write_tiny_bert(tmp_path / "tiny", rng)


def fetching(folder: Path, asked: list[tuple[str, str]]) -> Callable[[str, str], Path]:
    """A hub that has one folder, and remembers what it was asked for."""

    def fetch(name: str, revision: str) -> Path:
        asked.append((name, revision))
        return folder

    return fetch


def no_network(name: str, revision: str) -> Path:
    raise ConnectionError(name, revision)


def test_a_local_folder_comes_first(tiny: Path) -> None:
    found = find_encoder(str(tiny))
    assert (found.folder, found.name) == (tiny, "tiny")
    assert found.sha256 == sha256_of(tiny / "model.safetensors")


def test_a_local_folder_without_weights_says_which_file_it_lacks(tiny: Path) -> None:
    (tiny / "model.safetensors").unlink()
    with pytest.raises(MissingEncoder, match=r"which has no model\.safetensors"):
        find_encoder(str(tiny))


def test_without_permission_the_hub_is_not_asked(tiny: Path) -> None:
    asked: list[tuple[str, str]] = []
    with pytest.raises(MissingEncoder, match="downloads are not allowed"):
        find_encoder(UNKNOWN, fetch=fetching(tiny, asked))
    assert asked == []


def test_the_places_that_were_tried_are_listed() -> None:
    with pytest.raises(MissingEncoder) as caught:
        find_encoder(UNKNOWN, allow_download=True, fetch=no_network)
    assert caught.value.tried == (
        f"the folder {UNKNOWN}",
        "the hub, which did not answer (ConnectionError)",
    )


def test_the_hub_is_asked_for_the_named_revision(tiny: Path) -> None:
    asked: list[tuple[str, str]] = []
    found = find_encoder(f"{UNKNOWN}@abc", allow_download=True, fetch=fetching(tiny, asked))
    assert asked == [(UNKNOWN, "abc")]
    assert found.name == UNKNOWN


def test_an_incomplete_download_is_missing(tiny: Path) -> None:
    (tiny / "tokenizer.json").unlink()
    with pytest.raises(MissingEncoder, match=r"has no tokenizer\.json"):
        find_encoder(UNKNOWN, allow_download=True, fetch=fetching(tiny, []))


def test_other_weights_under_the_default_name_are_refused(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when they come from the hub, at the pinned revision."""
    asked: list[tuple[str, str]] = []
    published = PUBLISHED[DEFAULT_ENCODER]
    elsewhere = type(published)(
        sha256=published.sha256,
        revision=published.revision,
        package="no_package_has_this_name",
        subfolder="model",
    )
    monkeypatch.setitem(PUBLISHED, DEFAULT_ENCODER, elsewhere)
    with pytest.raises(DamagedEncoder):
        find_encoder(allow_download=True, fetch=fetching(tiny, asked))
    assert asked == [(DEFAULT_ENCODER, published.revision)]


def test_a_package_is_used_without_being_run(
    tmp_path: Path, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "carries_an_encoder"
    weights = write_tiny_bert(package / "model", rng)
    (package / "__init__.py").write_text("raise RuntimeError\n", encoding="utf-8")
    published = type(PUBLISHED[DEFAULT_ENCODER])(
        sha256=sha256_of(weights / "model.safetensors"),
        revision="abc",
        package=package.name,
        subfolder="model",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setitem(PUBLISHED, UNKNOWN, published)
    assert find_encoder(UNKNOWN).folder == weights
