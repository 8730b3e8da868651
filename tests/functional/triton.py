"""
NVIDIA's own client of the Open Inference Protocol, as a program.

`python -m tests.functional.triton ADDRESS TEXT...` asks a gRPC front whatever a client asks, and
prints the answers as JSON. It has a process of its own: its description of the protocol and ours
have the same names, and protobuf takes each name once.
"""

import json
import sys
from collections.abc import Sequence

import numpy as np
from tritonclient.grpc import InferenceServerClient, InferInput, InferRequestedOutput

MODEL = "sortyard"


def main() -> None:
    _, address, *texts = sys.argv
    with InferenceServerClient(address) as client:
        metadata = client.get_model_metadata(MODEL, as_json=True)
        found = {
            "live": client.is_server_live(),
            "ready": client.is_server_ready(),
            "model ready": client.is_model_ready(MODEL),
            "other ready": client.is_model_ready("other"),
            "server": client.get_server_metadata(as_json=True)["name"],
            "versions": metadata["versions"],
            "inputs": [one["name"] for one in metadata["inputs"]],
            "outputs": [one["name"] for one in metadata["outputs"]],
            "answers": answers(client, texts),
        }
    sys.stdout.write(json.dumps(found))


def answers(client: InferenceServerClient, texts: Sequence[str]) -> dict[str, object]:
    """Ask about texts; the outputs that were wanted, and the release."""
    text = InferInput("text", [len(texts)], "BYTES")
    text.set_data_from_numpy(np.array(texts, dtype=np.object_))
    wanted = [InferRequestedOutput(name) for name in ("team", "team_confidence", "error")]
    result = client.infer(MODEL, [text], outputs=wanted, request_id="q-1")
    response = result.get_response()
    return {
        "id": response.id,
        "release": response.model_version,
        "team": [one.decode() for one in result.as_numpy("team")],
        "confidence": result.as_numpy("team_confidence").tolist(),
        "errors": [one.decode() for one in result.as_numpy("error")],
    }


if __name__ == "__main__":
    main()
