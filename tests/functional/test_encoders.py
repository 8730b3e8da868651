"""An encoder by its name: from a hub on this machine into a release that says which one it was."""

import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import numpy as np
import pytest

from tests.contracts.hub_servers import HubOnDisk, serving
from tests.contracts.tiny_bert import write_tiny_bert
from tests.functional.tickets import write_tickets

pytestmark = pytest.mark.slow
pytest.importorskip("huggingface_hub", reason="needs the extra `train`")

NAME = "somebody/tiny"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
PROMPTS = {"prompts": {"query": "query: ", "document": ""}}


@pytest.fixture
def hub(tmp_path: Path, rng: np.random.Generator) -> HubOnDisk:
    folder = write_tiny_bert(tmp_path / "published", rng)
    content = json.dumps(PROMPTS)
    (folder / "config_sentence_transformers.json").write_text(content, encoding="utf-8")
    return HubOnDisk(NAME, COMMIT, folder)


def sortyard(folder: Path, address: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own, whose hub is this one and whose caches are empty."""
    places = {
        "HF_ENDPOINT": address,
        "HF_HOME": str(folder / "home"),
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_XET": "1",
        "NO_PROXY": "127.0.0.1",
        "SORTYARD_CACHE": str(folder / "cache"),
    }
    return subprocess.run(
        [sys.executable, "-m", "sortyard", *map(str, words)],
        cwd=folder,
        env={**os.environ, **places},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_name_becomes_a_commit_in_the_release(hub: HubOnDisk, tmp_path: Path) -> None:
    archive = write_tickets(tmp_path / "tickets.csv", count=90, random=Random(1))
    recipe = ("--recipe", "edge", "--json")
    with serving(hub) as address:
        refused = sortyard(tmp_path, address, "train", archive, "--encoder", NAME, *recipe)
        asked = len(hub.asked)
        first = sortyard(
            tmp_path, address, "train", archive, "--encoder", NAME, "--download", *recipe
        )
    again = sortyard(tmp_path, address, "train", archive, "--encoder", f"{NAME}@{COMMIT}", *recipe)
    told = json.loads(first.stdout)
    manifest = json.loads((Path(told["folder"]) / "manifest.json").read_text(encoding="utf-8"))

    assert (refused.returncode, asked) == (2, 0)
    assert "missing-encoder" in refused.stderr
    assert manifest["recipe"]["encoder"] == f"{NAME}@{COMMIT}"
    assert json.loads(again.stdout)["release"] == told["release"]
    assert any("none is put before a message" in one for one in told["notes"])
