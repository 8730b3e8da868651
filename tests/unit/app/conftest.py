"""Workspaces and releases that are real folders, without a model in them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sortyard.app.releases import Releases
from sortyard.app.workspace import found_or_here, make
from sortyard.models.manifest import Manifest, checksums

MakeRelease = Callable[..., Path]


@pytest.fixture
def releases(tmp_path: Path) -> Releases:
    workspace = found_or_here(tmp_path / "support")
    make(workspace)
    return Releases(workspace)


@pytest.fixture
def make_release(releases: Releases) -> MakeRelease:
    def build(name: str, *, passed: bool = True, accuracy: float = 0.9, day: int = 1) -> Path:
        folder = releases.folder / name
        folder.mkdir(parents=True)
        (folder / "policy.json").write_text(json.dumps({"name": name}))
        finding = {
            "gate": "min_accuracy",
            "dimension": "team",
            "label": None,
            "verdict": "passed" if passed else "failed",
        }
        report = {
            "release": name,
            "passed": passed,
            "dimensions": {"team": {"metrics": {"accuracy": accuracy}, "plain_words": "Fine."}},
            "gates": {"passed": passed, "findings": [finding]},
        }
        (folder / "metrics.json").write_text(json.dumps(report))
        Manifest(
            release=name,
            created=f"2026-03-{day:02}T12:00:00+00:00",
            recipe={"name": "quick"},
            taxonomy_hash="",
            data_hash="",
            split_hash="",
            files=checksums(folder),
        ).write(folder)
        return folder

    return build
