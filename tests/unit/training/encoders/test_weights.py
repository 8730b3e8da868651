"""The weights are found where they may be, and refused where they are not the published ones."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from sortyard.domain.errors import DamagedEncoder, MissingEncoder
from sortyard.training.encoders.hub import Refused
from sortyard.training.encoders.weights import (
    DEFAULT_ENCODER,
    NEEDED_FILES,
    PUBLISHED,
    find_encoder,
    sha256_of,
)
from tests.contracts.tiny_bert import write_tiny_bert

UNKNOWN = "somebody/unheard-of"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def tiny(tmp_path: Path, rng: np.random.Generator) -> Path:
    return write_tiny_bert(tmp_path / "tiny", rng)


class Shelf:
    """A hub with one folder, fetched or kept, that remembers what it was asked for."""

    def __init__(self, folder: Path | None = None, *, kept: Path | None = None) -> None:
        self.folder, self.on_disk = folder, kept
        self.asked: list[tuple[str, str]] = []
        self.looked: list[tuple[str, str, Sequence[str]]] = []

    def kept(self, name: str, revision: str, files: Sequence[str]) -> Path | None:
        self.looked.append((name, revision, files))
        return self.on_disk

    def fetched(self, name: str, revision: str, files: Sequence[str]) -> Path:
        assert set(NEEDED_FILES) < set(files)
        self.asked.append((name, revision))
        if self.folder is None:
            raise Refused("did not answer (ConnectionError)")
        return self.folder


def test_a_local_folder_comes_first(tiny: Path) -> None:
    found = find_encoder(str(tiny))
    assert (found.folder, found.name) == (tiny, "tiny")
    assert found.sha256 == sha256_of(tiny / "model.safetensors")


def test_a_local_folder_without_weights_says_which_file_it_lacks(tiny: Path) -> None:
    (tiny / "model.safetensors").unlink()
    with pytest.raises(MissingEncoder, match=r"which has no model\.safetensors"):
        find_encoder(str(tiny))


def test_without_permission_the_hub_is_not_asked(tiny: Path) -> None:
    hub = Shelf(tiny)
    with pytest.raises(MissingEncoder, match="downloads are not allowed"):
        find_encoder(UNKNOWN, hub=hub)
    assert hub.asked == []


def test_without_permission_the_cache_will_do(tiny: Path) -> None:
    hub = Shelf(kept=tiny)
    assert (find_encoder(UNKNOWN, hub=hub).folder, hub.asked) == (tiny, [])
    assert hub.looked == [(UNKNOWN, "main", NEEDED_FILES)]


def test_the_places_that_were_tried_are_listed() -> None:
    with pytest.raises(MissingEncoder) as caught:
        find_encoder(UNKNOWN, allow_download=True, hub=Shelf())
    assert caught.value.tried == (
        f"the folder {UNKNOWN}",
        "the hub, which did not answer (ConnectionError)",
    )


def test_the_hub_is_asked_for_the_named_revision(tiny: Path) -> None:
    hub = Shelf(tiny)
    found = find_encoder(f"{UNKNOWN}@v2", allow_download=True, hub=hub)
    assert hub.asked == [(UNKNOWN, "v2")]
    assert found.name == UNKNOWN


@pytest.mark.parametrize("revision", ["", "@main", "@v2", f"@{COMMIT}"])
def test_whatever_was_asked_for_is_pinned_to_its_commit(
    tmp_path: Path, rng: np.random.Generator, revision: str
) -> None:
    hub = Shelf(write_tiny_bert(tmp_path / "snapshots" / COMMIT, rng))
    found = find_encoder(f"{UNKNOWN}{revision}", allow_download=True, hub=hub)
    assert found.pinned == f"{UNKNOWN}@{COMMIT}"


def test_a_commit_that_is_on_the_disk_is_not_asked_for(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    hub = Shelf(kept=write_tiny_bert(tmp_path / "snapshots" / COMMIT, rng))
    found = find_encoder(f"{UNKNOWN}@{COMMIT}", allow_download=True, hub=hub)
    assert (found.pinned, hub.asked) == (f"{UNKNOWN}@{COMMIT}", [])


def test_a_branch_may_have_moved_and_is_asked_for(tiny: Path) -> None:
    hub = Shelf(tiny, kept=tiny)
    find_encoder(UNKNOWN, allow_download=True, hub=hub)
    assert hub.asked == [(UNKNOWN, "main")]


def test_an_incomplete_download_is_missing(tiny: Path) -> None:
    (tiny / "tokenizer.json").unlink()
    with pytest.raises(MissingEncoder, match=r"has no tokenizer\.json"):
        find_encoder(UNKNOWN, allow_download=True, hub=Shelf(tiny))


def test_another_revision_of_a_known_encoder_is_not_taken_from_its_package(tiny: Path) -> None:
    hub = Shelf(tiny)
    find_encoder(f"{DEFAULT_ENCODER}@v2", allow_download=True, hub=hub)
    assert hub.asked == [(DEFAULT_ENCODER, "v2")]


def test_other_weights_under_the_default_name_are_refused(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when they come from the hub, at the pinned revision."""
    hub = Shelf(tiny)
    published = PUBLISHED[DEFAULT_ENCODER]
    elsewhere = type(published)(
        sha256=published.sha256,
        revision=published.revision,
        package="no_package_has_this_name",
        subfolder="model",
    )
    monkeypatch.setitem(PUBLISHED, DEFAULT_ENCODER, elsewhere)
    with pytest.raises(DamagedEncoder):
        find_encoder(allow_download=True, hub=hub)
    assert hub.asked == [(DEFAULT_ENCODER, published.revision)]


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
    found = find_encoder(UNKNOWN)
    assert (found.folder, found.pinned) == (weights, f"{UNKNOWN}@abc")
