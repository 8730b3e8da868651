"""Triton's own client of the Open Inference Protocol is answered, over gRPC and over HTTP."""

import json
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tritonclient.utils import deserialize_bytes_tensor, serialize_byte_tensor

import sortyard as library
from tests.functional.served import PATIENCE, Server, serving

pytestmark = pytest.mark.slow

TEXTS = ("where is my refund", "the app crashes at night", "where is my café refund")
LENGTH = "Inference-Header-Content-Length"


@pytest.fixture(scope="module")
def server(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = Path(shutil.copytree(trained, tmp_path_factory.mktemp("triton") / "support"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with serving(folder, "--grpc-port", str(port)) as server:
        yield server


@pytest.fixture(scope="module")
def labels(trained: Path, server: Server) -> list[str]:
    """What the release says of the texts."""
    release = library.load(trained / ".sortyard" / "releases" / server.opened["release"])
    return [str(release.classify(text)["team"].label) for text in TEXTS]


@pytest.fixture(scope="module")
def asked(server: Server) -> dict[str, Any]:
    """What the client was told over gRPC."""
    command = [sys.executable, "-m", "tests.functional.triton", str(server.opened["grpc"])]
    said = subprocess.run([*command, *TEXTS], capture_output=True, timeout=PATIENCE, check=True)
    return dict(json.loads(said.stdout))


def test_the_server_and_its_one_model_are_ready(asked: dict[str, Any]) -> None:
    assert (asked["live"], asked["ready"]) == (True, True)
    assert (asked["model ready"], asked["other ready"]) == (True, False)


def test_the_client_learns_which_tensors_there_are(server: Server, asked: dict[str, Any]) -> None:
    assert (asked["server"], asked["versions"]) == ("sortyard", [server.opened["release"]])
    assert asked["inputs"] == ["text", "subject", "id", "metadata"]
    assert {"id", "answer", "error", "team", "team_confidence"} <= {*asked["outputs"]}


def test_a_tensor_of_texts_gets_a_label_an_element(
    server: Server, asked: dict[str, Any], labels: list[str]
) -> None:
    answers = asked["answers"]

    assert (answers["id"], answers["release"]) == ("q-1", server.opened["release"])
    assert (answers["team"], answers["errors"]) == (labels, [""] * len(TEXTS))
    assert all(0.0 < sure <= 1.0 for sure in answers["confidence"])


def test_over_http_raw_bytes_are_answered_with_raw_bytes(server: Server, labels: list[str]) -> None:
    """The client sends them so unless it is told otherwise, and names no content type."""
    raw = serialize_byte_tensor(np.array(TEXTS, dtype=np.object_)).item()
    text = {"name": "text", "datatype": "BYTES", "shape": [len(TEXTS)]}
    asked = {
        "inputs": [text | {"parameters": {"binary_data_size": len(raw)}}],
        "parameters": {"binary_data_output": True},
    }
    facts, outputs = _infer(server, json.dumps(asked).encode(), raw)

    assert facts["model_version"] == server.opened["release"]
    assert [one.decode() for one in deserialize_bytes_tensor(outputs["team"])] == labels
    assert np.frombuffer(outputs["team_confidence"], np.dtype("<f4")).shape == (len(TEXTS),)


def _infer(server: Server, words: bytes, raw: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Ask with raw bytes after the JSON; the JSON of the answer, and the bytes of each output."""
    url = f"{server.url}/v2/models/sortyard/infer"
    request = urllib.request.Request(url, data=words + raw, headers={LENGTH: str(len(words))})
    request.add_header("Content-Type", "")  # else urllib says that it is a form
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        body, end = answer.read(), int(answer.headers[LENGTH])
    facts = json.loads(body[:end])
    outputs = {}
    for one in facts["outputs"]:
        size = one["parameters"]["binary_data_size"]
        outputs[one["name"]] = body[end : end + size]
        end += size
    assert end == len(body)
    return facts, outputs
