"""The Open Inference Protocol, asked as its own clients ask: typed, and raw."""

import json
import struct

import grpc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.domain.errors import InvalidUsage
from sortyard.models.classifier import Classifier
from sortyard.serving.grpc.contents import read_tensors, write_tensors
from sortyard.serving.grpc.generated import inference_pb2 as wire
from sortyard.serving.intake import Limits
from sortyard.serving.tensors import Tensor
from sortyard.serving.version import VERSION
from tests.contracts.desks import PATIENCE, MemoryRecorder
from tests.unit.serving.grpc.conftest import Front, Serve, trailers_of

TEXTS = (b"refund the invoice", b"cannot log in", b"")

Input = wire.ModelInferRequest.InferInputTensor
Wanted = wire.ModelInferRequest.InferRequestedOutputTensor


def _input(name: str, *elements: bytes, datatype: str = "BYTES", shape: int = -1) -> Input:
    size = len(elements) if shape == -1 else shape
    contents = wire.InferTensorContents(bytes_contents=elements)
    return Input(name=name, datatype=datatype, shape=[size], contents=contents)


def _request(*inputs: Input, **changes: object) -> wire.ModelInferRequest:
    return wire.ModelInferRequest(**{"model_name": "sortyard", "inputs": inputs} | changes)


def _packed(*elements: bytes) -> bytes:
    return b"".join(struct.pack("<I", len(one)) + one for one in elements)


def _raw(*elements: bytes) -> wire.ModelInferRequest:
    bare = Input(name="text", datatype="BYTES", shape=[len(elements)])
    return _request(bare, raw_input_contents=[_packed(*elements)])


def _ask(front: Front, request: wire.ModelInferRequest) -> wire.ModelInferResponse:
    return front.inference.ModelInfer(request, timeout=PATIENCE)


def _refusal(front: Front, request: wire.ModelInferRequest) -> grpc.RpcError:
    with pytest.raises(grpc.RpcError) as caught:
        _ask(front, request)
    return caught.value


def _typed(response: wire.ModelInferResponse) -> dict[str, list[object]]:
    return {
        one.name: list(one.contents.bytes_contents or one.contents.fp32_contents)
        for one in response.outputs
    }


def _unpacked(response: wire.ModelInferResponse) -> dict[str, list[object]]:
    """Read raw outputs as the protocol describes them."""
    found: dict[str, list[object]] = {}
    for output, raw in zip(response.outputs, response.raw_output_contents, strict=True):
        if output.datatype == "FP32":
            found[output.name] = list(struct.unpack(f"<{len(raw) // 4}f", raw))
            continue
        found[output.name], at = [], 0
        while at < len(raw):
            (size,) = struct.unpack_from("<I", raw, at)
            found[output.name].append(raw[at + 4 : at + 4 + size])
            at += 4 + size
    return found


def test_the_server_is_live_and_ready_and_says_what_it_is(front: Front) -> None:
    live = front.inference.ServerLive(wire.ServerLiveRequest(), timeout=PATIENCE)
    ready = front.inference.ServerReady(wire.ServerReadyRequest(), timeout=PATIENCE)
    about = front.inference.ServerMetadata(wire.ServerMetadataRequest(), timeout=PATIENCE)

    assert (live.live, ready.ready) == (True, True)
    assert (about.name, about.version) == ("sortyard", VERSION)


@pytest.mark.parametrize(
    ("name", "version", "ready"),
    [
        ("sortyard", "", True),
        ("sortyard", "r1", True),
        ("sortyard", "r2", False),
        ("other", "", False),
    ],
)
def test_which_model_is_ready(front: Front, name: str, version: str, *, ready: bool) -> None:
    request = wire.ModelReadyRequest(name=name, version=version)

    assert front.inference.ModelReady(request, timeout=PATIENCE).ready is ready


def test_a_closed_desk_is_live_and_not_ready(front: Front) -> None:
    front.loop.run(front.desk.close())

    assert front.inference.ServerLive(wire.ServerLiveRequest(), timeout=PATIENCE).live
    assert not front.inference.ServerReady(wire.ServerReadyRequest(), timeout=PATIENCE).ready


def test_what_is_announced_is_what_is_given(front: Front) -> None:
    """Every output has the name and the type that the metadata states."""
    request = wire.ModelMetadataRequest(name="sortyard")

    about = front.inference.ModelMetadata(request, timeout=PATIENCE)
    given = _ask(front, _request(_input("text", *TEXTS)))

    assert (list(about.versions), about.platform) == (["r1"], "sortyard")
    assert [(one.name, one.datatype) for one in about.outputs] == [
        (one.name, one.datatype) for one in given.outputs
    ]
    assert {tuple(one.shape) for one in given.outputs} == {(len(TEXTS),)}


def test_the_answers_are_those_of_the_release(front: Front, trained: Classifier) -> None:
    found = _typed(_ask(front, _request(_input("text", *TEXTS))))

    expected = trained.classify_batch([text.decode() for text in TEXTS])
    assert found["team"] == [(one["team"].label or "").encode() for one in expected]
    assert found["team_route"] == [one["team"].route.encode() for one in expected]
    assert found["team_confidence"] == pytest.approx(
        [-1.0 if (sure := one["team"].confidence) is None else sure for one in expected]
    )


def test_the_response_names_the_release_and_the_request(front: Front) -> None:
    found = _ask(front, _request(_input("text", *TEXTS), id="42"))

    assert (found.model_name, found.model_version, found.id) == ("sortyard", "r1", "42")


def test_raw_contents_are_answered_raw_and_alike(front: Front) -> None:
    wanted = [Wanted(name="team"), Wanted(name="team_confidence"), Wanted(name="error")]
    typed, raw = _request(_input("text", *TEXTS)), _raw(*TEXTS)
    typed.outputs.extend(wanted)
    raw.outputs.extend(wanted)

    assert _unpacked(_ask(front, raw)) == _typed(_ask(front, typed))


def test_only_the_outputs_that_are_wanted_are_given_once_each(front: Front) -> None:
    request = _request(_input("text", *TEXTS))
    request.outputs.extend([Wanted(name="flags"), Wanted(name="id"), Wanted(name="flags")])

    assert [one.name for one in _ask(front, request).outputs] == ["flags", "id"]


def test_the_other_inputs_belong_to_the_message(serve: Serve) -> None:
    recorder = MemoryRecorder()
    inputs = [
        _input("text", b"it is late", b"so is this"),
        _input("id", b"a", b"b"),
        _input("subject", b"parcel", b""),
        _input("metadata", b'{"author": "ada"}', b""),
    ]
    with serve(recorder=recorder) as front:
        found = _typed(_ask(front, _request(*inputs)))

    assert found["id"] == [b"a", b"b"]
    assert [record.message_id for record in recorder.records] == ["a", "b"]


def test_whole_answers_come_as_json(front: Front) -> None:
    request = _request(_input("text", b"refund the invoice"), _input("id", b"m"))

    (answer,) = _typed(_ask(front, request))["answer"]

    facts = json.loads(answer)
    assert (facts["id"], facts["release"]) == ("m", "r1")
    assert set(facts["dimensions"]) == {"team", "topic", "flags"}


def test_parameters_choose_dimensions_and_candidates(front: Front) -> None:
    request = _request(_input("text", b"refund the invoice"))
    request.parameters["dimensions"].string_param = "team"
    request.parameters["candidates"].int64_param = 1
    request.parameters["priority"].uint64_param = 7

    found = _typed(_ask(front, request))

    (dimensions,) = json.loads(found["answer"][0])["dimensions"].items()
    assert (dimensions[0], len(dimensions[1]["candidates"])) == ("team", 1)
    assert "flags" not in found


def test_one_poisoned_element_leaves_the_others_alone(serve: Serve) -> None:
    elements = [b"refund"] * 99
    elements.insert(50, b"\xff\xfe is no text")
    with serve(named={"intake": Limits(characters=1_000)}) as front:
        found = _typed(_ask(front, _request(_input("text", *elements))))

    errors = found["error"]
    assert [at for at, error in enumerate(errors) if error] == [50]
    assert json.loads(errors[50])["code"] == "invalid-message"
    assert all(found["team"][at] for at in range(100) if at != 50)


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (_request(_input("text", b"x"), model_name="other"), "unknown-release"),
        (_request(_input("text", b"x"), model_version="r0"), "unknown-release"),
        (_request(_input("text", b"x"), model_version="r" * 500), "too-large"),
        (_request(), "invalid-usage"),
        (_request(_input("subject", b"x")), "invalid-usage"),
        (_request(_input("text", b"x"), _input("nonsense", b"x")), "invalid-usage"),
        (_request(_input("text", b"x"), _input("text", b"y")), "invalid-usage"),
        (_request(_input("text", b"x"), _input("id", b"a", b"b")), "invalid-usage"),
        (_request(_input("text", b"x", shape=2)), "invalid-usage"),
        (_request(_input("text", b"x", shape=-2)), "invalid-usage"),
        (_request(_input("text", b"x", datatype="FP32")), "invalid-usage"),
        (_request(_input("text", b"x"), raw_input_contents=[_packed(b"x")]), "invalid-usage"),
        (_request(_input("text", b"x"), outputs=[Wanted(name="no")]), "invalid-usage"),
        (_request(_input("text", b"x", b"y"), _input("id", b"a", b"a")), "invalid-usage"),
        (_request(_input("text", *[b"x"] * 2_000)), "too-large"),
        (_request(*[_input("text", b"x")] * 5), "invalid-usage"),
    ],
    ids=[
        "model",
        "version",
        "long-version",
        "nothing",
        "no-text",
        "unknown-input",
        "twice",
        "lengths",
        "shape",
        "negative",
        "datatype",
        "both-contents",
        "unknown-output",
        "twins",
        "too-many",
        "too-many-tensors",
    ],
)
def test_what_is_refused(front: Front, request_: wire.ModelInferRequest, code: str) -> None:
    error = _refusal(front, request_)

    not_found = code == "unknown-release"
    expected = grpc.StatusCode.NOT_FOUND if not_found else grpc.StatusCode.INVALID_ARGUMENT
    assert trailers_of(error)["sortyard-code"] == code
    assert error.code() is expected


@pytest.mark.parametrize(
    "raw",
    [b"\x01", b"\x05\x00\x00\x00ab", b"\xff\xff\xff\xffab", _packed(b"x") + b"\x00"],
    ids=["no-length", "cut-off", "huge", "rest"],
)
def test_raw_contents_that_do_not_fit_are_refused(front: Front, raw: bytes) -> None:
    bare = Input(name="text", datatype="BYTES", shape=[1])

    error = _refusal(front, _request(bare, raw_input_contents=[raw]))

    assert trailers_of(error)["sortyard-code"] == "invalid-usage"


@given(st.lists(st.binary(max_size=20), max_size=8))
def test_raw_contents_come_back_as_they_went(elements: list[bytes]) -> None:
    """What is packed for one side is what the other side unpacks."""
    response = wire.ModelInferResponse()
    shape = (len(elements),)
    write_tensors(response, [Tensor("text", "BYTES", shape, elements)], raw=True)
    bare = Input(name="text", datatype="BYTES", shape=shape)

    request = _request(bare, raw_input_contents=response.raw_output_contents)
    (found,) = read_tensors(request, Limits())

    assert list(found.elements) == elements


@given(st.binary(max_size=40))
def test_any_raw_bytes_are_read_or_refused(raw: bytes) -> None:
    bare = Input(name="text", datatype="BYTES", shape=[1])
    try:
        (found,) = read_tensors(_request(bare, raw_input_contents=[raw]), Limits())
    except InvalidUsage:
        return

    assert _packed(*(bytes(one) for one in found.elements)) == raw


def _field(number: int, content: bytes) -> bytes:
    """Write one field as the wire format has it: its number, its length, its bytes."""
    return bytes([number << 3 | 2, len(content)]) + content


def test_the_wire_is_that_of_the_public_protocol() -> None:
    """A request put together by the numbers that the specification gives to its fields."""
    contents = _field(8, b"refund")
    text = _field(1, b"text") + _field(2, b"BYTES") + _field(3, b"\x01") + _field(5, contents)
    request = (
        _field(1, b"sortyard")
        + _field(2, b"r1")
        + _field(3, b"42")
        + _field(4, _field(1, b"candidates") + _field(2, b"\x10\x03"))
        + _field(5, text)
        + _field(6, _field(1, b"team"))
    )

    found = wire.ModelInferRequest.FromString(request)

    assert (found.model_name, found.model_version, found.id) == ("sortyard", "r1", "42")
    assert found.parameters["candidates"].int64_param == 3
    assert found.inputs[0] == _input("text", b"refund")
    assert [one.name for one in found.outputs] == ["team"]
    assert wire.ModelInferRequest.FromString(_field(7, b"raw")).raw_input_contents == [b"raw"]


def test_the_response_is_that_of_the_public_protocol() -> None:
    output = wire.ModelInferResponse.InferOutputTensor(
        name="team", datatype="BYTES", shape=[1], contents={"bytes_contents": [b"billing"]}
    )
    response = wire.ModelInferResponse(
        model_name="sortyard", model_version="r1", id="42", outputs=[output]
    )
    response.raw_output_contents.append(b"raw")

    contents = _field(8, b"billing")
    expected = _field(1, b"team") + _field(2, b"BYTES") + _field(3, b"\x01") + _field(5, contents)
    assert response.SerializeToString(deterministic=True) == (
        _field(1, b"sortyard")
        + _field(2, b"r1")
        + _field(3, b"42")
        + _field(5, expected)
        + _field(6, b"raw")
    )
