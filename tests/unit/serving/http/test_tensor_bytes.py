"""Tensors over HTTP as raw bytes: what Triton's clients send unless they are told otherwise."""

import json
import struct
from collections.abc import Mapping, Sequence
from time import process_time
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contracts.http_fronts import Front
from tests.contracts.tiny_release import tiny_dataset

INFER = "/v2/models/sortyard/infer"
LENGTH = "inference-header-content-length"
TEXTS = list(tiny_dataset(20, seed=5).texts[:4])


def _packed(elements: Sequence[str]) -> bytes:
    words = [one.encode() for one in elements]
    return b"".join(struct.pack("<I", len(one)) + one for one in words)


def _unpacked(raw: bytes) -> list[str]:
    elements = []
    while raw:
        (length,) = struct.unpack_from("<I", raw)
        elements.append(raw[4 : 4 + length].decode())
        raw = raw[4 + length :]
    return elements


def _raw(name: str, raw: bytes, count: int) -> dict[str, Any]:
    size = {"binary_data_size": len(raw)}
    return {"name": name, "datatype": "BYTES", "shape": [count], "parameters": size}


def _ask(
    front: Front, body: Mapping[str, Any], raw: bytes = b"", **headers: str | None
) -> httpx.Response:
    words = json.dumps(body).encode()
    said = {"content-type": "application/octet-stream", LENGTH: str(len(words))}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    sent = {name: value for name, value in (said | named).items() if value is not None}
    return front.ask("POST", INFER, content=words + raw, headers=sent)


def _outputs(answer: httpx.Response) -> dict[str, Any]:
    """The outputs by name: the bytes of those that are raw, and the elements of the others."""
    end = int(answer.headers[LENGTH])
    found = {}
    for one in json.loads(answer.content[:end])["outputs"]:
        if "data" in one:
            found[one["name"]] = one["data"]
        else:
            size = one["parameters"]["binary_data_size"]
            found[one["name"]] = answer.content[end : end + size]
            end += size
    assert end == len(answer.content)
    return found


def _in_json(front: Front, texts: Sequence[str]) -> dict[str, Any]:
    text = {"name": "text", "datatype": "BYTES", "shape": [len(texts)], "data": texts}
    return {
        one["name"]: one["data"] for one in front.post(INFER, {"inputs": [text]}).json()["outputs"]
    }


@pytest.mark.parametrize("content_type", ["application/octet-stream", "application/json", None])
def test_raw_texts_are_answered_as_those_in_json(front: Front, content_type: str | None) -> None:
    raw = _packed(TEXTS)
    body = {"inputs": [_raw("text", raw, len(TEXTS))]}
    answer = _ask(front, body, raw, content_type=content_type)

    outputs = {one["name"]: one["data"] for one in answer.json()["outputs"]}
    assert outputs["team"] == _in_json(front, TEXTS)["team"]


def test_all_outputs_come_as_raw_bytes_where_that_is_wanted(front: Front) -> None:
    raw = _packed(TEXTS)
    wanted = {"binary_data_output": True}
    body = {"inputs": [_raw("text", raw, len(TEXTS))], "parameters": wanted}
    answer = _ask(front, body, raw)
    outputs, said = _outputs(answer), _in_json(front, TEXTS)

    assert answer.headers["content-type"] == "application/octet-stream"
    assert _unpacked(outputs["team"]) == said["team"]
    sure = struct.unpack(f"<{len(TEXTS)}f", outputs["team_confidence"])
    assert sure == pytest.approx(said["team_confidence"])


def test_every_output_may_choose_for_itself(front: Front) -> None:
    text = {"name": "text", "datatype": "BYTES", "shape": [len(TEXTS)], "data": TEXTS}
    outputs = [
        {"name": "team", "parameters": {"binary_data": False}},
        {"name": "team_route", "parameters": {"binary_data": True}},
        {"name": "error"},
    ]
    parameters = {"binary_data_output": True}
    body = {"inputs": [text], "outputs": outputs, "parameters": parameters}
    found, said = _outputs(_ask(front, body)), _in_json(front, TEXTS)

    assert found["team"] == said["team"]
    assert _unpacked(found["team_route"]) == said["team_route"]
    assert _unpacked(found["error"]) == said["error"]


def test_raw_inputs_and_those_in_json_go_together(front: Front) -> None:
    raw_text, raw_subject = _packed(TEXTS), _packed(["Hello"] * len(TEXTS))
    names = [f"m{place}" for place in range(len(TEXTS))]
    inputs = [
        _raw("text", raw_text, len(TEXTS)),
        {"name": "id", "datatype": "BYTES", "shape": [len(TEXTS)], "data": names},
        _raw("subject", raw_subject, len(TEXTS)),
    ]
    answer = _ask(front, {"inputs": inputs}, raw_text + raw_subject).json()

    assert {one["name"]: one["data"] for one in answer["outputs"]}["id"] == names


ONE = _packed(["a"])
MISFITS: dict[str, tuple[Mapping[str, Any], bytes]] = {
    "too few bytes": (_raw("text", ONE + b"x", 1), ONE),
    "too many bytes": (_raw("text", ONE, 1), ONE + b"x"),
    "a length beyond the end": (_raw("text", b"\xff\xff\xff\xff", 1), b"\xff\xff\xff\xff"),
    "half of a length": (_raw("text", b"\x01", 1), b"\x01"),
    "another shape": (_raw("text", ONE, 2), ONE),
    "data beside the bytes": (_raw("text", ONE, 1) | {"data": ["a"]}, ONE),
    "no data at all": ({"name": "text", "datatype": "BYTES", "shape": [1]}, b""),
    "a size below zero": (_raw("text", ONE, 1) | {"parameters": {"binary_data_size": -5}}, ONE),
    "a size that is none": (_raw("text", ONE, 1) | {"parameters": {"binary_data_size": "5"}}, ONE),
    "numbers": (_raw("text", ONE, 1) | {"datatype": "FP32"}, ONE),
}


@pytest.mark.parametrize(("tensor", "raw"), MISFITS.values(), ids=MISFITS)
def test_bytes_that_do_not_fit_are_a_bad_request(
    front: Front, tensor: Mapping[str, Any], raw: bytes
) -> None:
    answer = _ask(front, {"inputs": [tensor]}, raw)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-usage")
    assert answer.json()["remedy"]


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "999999", "²", "9" * 5_000])
def test_a_length_of_the_json_that_is_none_is_a_bad_request(front: Front, length: str) -> None:
    headers = {LENGTH: length.encode()}
    answer = front.ask("POST", INFER, content=b'{"inputs": []}', headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-request")


@pytest.mark.parametrize("shape", [1, 1_000_000])
def test_too_many_elements_are_refused_before_they_are_read(front: Front, shape: int) -> None:
    """A body within its bounds holds a million of them, and everybody waited for the last one."""
    empty = _packed([""]) * 1_000_000
    began = process_time()
    answer = _ask(front, {"inputs": [_raw("text", empty, shape)]}, empty)

    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert process_time() - began < 4.0


def test_more_tensors_than_there_are_names_for_are_a_bad_request(front: Front) -> None:
    inputs = [_raw("text", b"", 0)] * 5

    assert _ask(front, {"inputs": inputs}).status_code == 400


def test_a_wish_that_is_neither_true_nor_false_is_a_bad_request(front: Front) -> None:
    text = {"name": "text", "datatype": "BYTES", "shape": [1], "data": ["a"]}
    wanted = {"binary_data_output": "yes"}

    assert _ask(front, {"inputs": [text], "parameters": wanted}).status_code == 400


def test_a_form_is_refused(front: Front) -> None:
    answer = _ask(front, {"inputs": []}, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 415


def test_the_server_says_that_it_takes_raw_bytes(front: Front) -> None:
    assert front.get("/v2").json()["extensions"] == ["binary_tensor_data"]


@given(raw=st.binary(max_size=64), size=st.integers(0, 80), length=st.integers(0, 200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_are_answered_or_refused(
    front: Front, raw: bytes, size: int, length: int
) -> None:
    tensor = _raw("text", raw, 1) | {"parameters": {"binary_data_size": size}}
    answer = _ask(front, {"inputs": [tensor]}, raw, inference_header_content_length=str(length))

    assert answer.status_code in {200, 400, 413, 422}
