"""The generated code is what the .proto files say."""

from pathlib import Path

import pytest

from sortyard.serving.grpc import generated

FOLDER = Path(generated.__file__).parent
PROTOS = FOLDER.parent / "protos"
PLACE = "sortyard/serving/grpc/generated"  # below `src`, where `make protos` writes it


def test_it_was_made_from_the_protos_as_they_are(tmp_path: Path) -> None:
    """If this fails, run `make protos`."""
    tool = pytest.importorskip("grpc_tools.protoc", reason="the generator is a tool of developers")
    out = [f"--{kind}_out={tmp_path}" for kind in ("python", "pyi", "grpc_python")]

    ended = tool.main(["protoc", f"-I{PLACE}={PROTOS}", *out, *map(str, PROTOS.glob("*.proto"))])

    made = {path.name: path.read_text() for path in (tmp_path / PLACE).iterdir()}
    kept = {path.name: path.read_text() for path in FOLDER.glob("*_pb2*.py*")}
    assert ended == 0
    assert made == kept
