"""Encoders come from the hub by its own library, from a server on this machine."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.contracts.hub_servers import HubOnDisk, serving
from tests.contracts.tiny_bert import write_tiny_bert

pytest.importorskip("huggingface_hub", reason="needs the extra `train`")

NAME = "somebody/tiny"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
ROOT = Path(__file__).resolve().parents[3]
# The library reads its settings when it is imported, so every question has a process of its own.
ASK = """
import json, sys
from sortyard.domain.errors import SortyardError
from sortyard.training.encoders.weights import find_encoder
try:
    found = find_encoder(sys.argv[1], allow_download=sys.argv[2] == "download")
    files = sorted(one.relative_to(found.folder).as_posix() for one in found.folder.rglob("*"))
    print(json.dumps({"pinned": found.pinned, "sha256": found.sha256, "files": files}))
except SortyardError as error:
    print(json.dumps({"code": error.code, "problem": error.problem}))
"""


@pytest.fixture
def hub(tmp_path: Path, rng: np.random.Generator) -> HubOnDisk:
    folder = write_tiny_bert(tmp_path / "published", rng)
    (folder / "modeling_ours.py").write_text("raise RuntimeError\n", encoding="utf-8")
    (folder / "pytorch_model.bin").write_bytes(b"a pickle")
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text("{}", encoding="utf-8")
    return HubOnDisk(NAME, COMMIT, folder)


@pytest.fixture
def address(hub: HubOnDisk) -> Iterator[str]:
    with serving(hub) as found:
        yield found


def ask(encoder: str, address: str, home: Path, *, how: str = "download") -> dict[str, Any]:
    told = subprocess.run(
        [sys.executable, "-c", ASK, encoder, how],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT / "src"),
            "HF_ENDPOINT": address,
            "HF_HOME": str(home),
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "HF_HUB_DISABLE_XET": "1",
            "NO_PROXY": "127.0.0.1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    return dict(json.loads(told.stdout))


def test_a_name_is_fetched_and_pinned_without_anything_that_could_run(
    address: str, tmp_path: Path
) -> None:
    found = ask(NAME, address, tmp_path / "home")

    assert found["pinned"] == f"{NAME}@{COMMIT}"
    assert {"config.json", "model.safetensors", "tokenizer.json"} <= set(found["files"])
    assert "1_Pooling/config.json" in found["files"]
    assert not [one for one in found["files"] if one.endswith((".py", ".bin"))]


def test_what_was_fetched_once_is_found_without_the_hub(
    hub: HubOnDisk, address: str, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    first = ask(NAME, address, home)
    asked = len(hub.asked)
    named = ask(NAME, address, home, how="offline")
    pinned = ask(f"{NAME}@{COMMIT}", address, home)

    assert named == pinned == first
    assert len(hub.asked) == asked


def test_an_encoder_that_there_is_not_is_said_to_be_absent(address: str, tmp_path: Path) -> None:
    told = ask("somebody/else", address, tmp_path / "home")

    assert told["code"] == "missing-encoder"
    assert "the hub, which does not have it (RepositoryNotFoundError)" in told["problem"]


def test_a_revision_that_there_is_not_is_said_to_be_absent(address: str, tmp_path: Path) -> None:
    told = ask(f"{NAME}@v9", address, tmp_path / "home")

    assert f"{NAME}@v9" in told["problem"]
    assert "does not have it (RevisionNotFoundError)" in told["problem"]


def test_a_hub_that_cannot_be_reached_is_told_from_one_without_it(tmp_path: Path) -> None:
    told = ask(NAME, "http://127.0.0.1:9", tmp_path / "home")

    assert "the hub, which did not answer" in told["problem"]


def test_weights_that_are_only_pickled_are_not_read(
    hub: HubOnDisk, address: str, tmp_path: Path
) -> None:
    (hub.folder / "model.safetensors").unlink()
    told = ask(NAME, address, tmp_path / "home")

    assert "has no model.safetensors for it; other forms are not read" in told["problem"]
