"""The Open Inference Protocol: tensors in, tensors out, as KServe's clients expect."""

from typing import Any

import pytest

from sortyard.models.classifier import Classifier
from tests.contracts.http_fronts import Front
from tests.contracts.tiny_release import tiny_dataset

TEXTS = list(tiny_dataset(20, seed=5).texts[:8])
MODEL = "/v2/models/sortyard"


def _tensor(name: str, data: list[Any], shape: list[int] | None = None) -> dict[str, Any]:
    return {"name": name, "datatype": "BYTES", "shape": shape or [len(data)], "data": data}


def _outputs(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in answer["outputs"]}


def test_a_server_says_what_it_is(front: Front) -> None:
    assert front.get("/v2").json()["name"] == "sortyard"
    assert front.get("/v2/health/live").json() == {"live": True}
    assert front.get("/v2/health/ready").json() == {"ready": True}


@pytest.mark.parametrize("path", [MODEL, f"{MODEL}/versions/r1"])
def test_a_model_announces_its_tensors(front: Front, path: str) -> None:
    found = front.get(path).json()

    assert (found["versions"], found["inputs"][0]["name"]) == (["r1"], "text")
    assert {"team", "team_confidence", "team_route"} <= {one["name"] for one in found["outputs"]}


@pytest.mark.parametrize("path", [f"{MODEL}/ready", f"{MODEL}/versions/r1/ready"])
def test_a_model_says_that_it_is_ready(front: Front, path: str) -> None:
    assert front.get(path).json() == {"name": "sortyard", "ready": True}


@pytest.mark.parametrize(
    "path", ["/v2/models/other", f"{MODEL}/versions/r0", "/v2/models/other/ready"]
)
def test_a_model_that_there_is_not_is_not_found(front: Front, path: str) -> None:
    answer = front.get(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-release")
    assert answer.json()["error"]


@pytest.mark.parametrize("path", [f"{MODEL}/infer", f"{MODEL}/versions/r1/infer"])
def test_an_element_gets_what_a_message_gets(front: Front, trained: Classifier, path: str) -> None:
    answer = front.post(path, {"id": "q-1", "inputs": [_tensor("text", TEXTS)]}).json()
    said = [trained.classify(text) for text in TEXTS]
    outputs = _outputs(answer)

    assert (answer["id"], answer["model_name"], answer["model_version"]) == (
        "q-1",
        "sortyard",
        "r1",
    )
    assert outputs["team"]["data"] == [one["team"].label for one in said]
    assert outputs["team_confidence"]["data"] == pytest.approx(
        [one["team"].confidence for one in said], abs=1e-6
    )


def test_nested_rows_are_laid_out(front: Front) -> None:
    nested = _tensor("text", [[text] for text in TEXTS], [len(TEXTS), 1])
    flat = front.post(f"{MODEL}/infer", {"inputs": [_tensor("text", TEXTS)]}).json()

    answer = front.post(f"{MODEL}/infer", {"inputs": [nested]}).json()
    assert _outputs(answer)["team"] == _outputs(flat)["team"]


def test_only_the_wanted_tensors_come_back(front: Front) -> None:
    body = {
        "inputs": [_tensor("text", TEXTS)],
        "outputs": [{"name": "flags_route"}],
        "parameters": {"dimensions": "flags"},
    }
    answer = front.post(f"{MODEL}/infer", body).json()

    assert [*_outputs(answer)] == ["flags_route"]


def test_an_element_that_is_no_text_fails_alone(front: Front) -> None:
    answer = front.post(f"{MODEL}/infer", {"inputs": [_tensor("text", [TEXTS[0], 5])]}).json()
    outputs = _outputs(answer)

    assert outputs["team"]["data"][1] == ""
    assert (outputs["team_confidence"]["data"][1], outputs["error"]["data"][0]) == (-1.0, "")


WRONG = {
    "no text": [_tensor("subject", ["a"])],
    "a shape that does not fit": [_tensor("text", ["a"], [2])],
    "lengths that differ": [_tensor("text", ["a"]), _tensor("subject", ["a", "b"])],
    "another type": [{"name": "text", "datatype": "FP32", "shape": [1], "data": [1.0]}],
    "nothing at all": [],
}


@pytest.mark.parametrize("inputs", WRONG.values(), ids=WRONG)
def test_tensors_that_do_not_fit_are_a_bad_request(
    front: Front, inputs: list[dict[str, Any]]
) -> None:
    answer = front.post(f"{MODEL}/infer", {"inputs": inputs})

    assert answer.status_code == 400
    assert isinstance(answer.json()["error"], str)
