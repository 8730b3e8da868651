"""`/v1/explain` takes a score apart, exactly."""

import pytest

from sortyard.models.classifier import Classifier
from tests.contracts.http_fronts import Front
from tests.contracts.tiny_release import tiny_dataset

PATH = "/v1/explain"
TEXT = tiny_dataset(100, seed=5).texts[0]


def test_the_parts_add_up_to_the_score(front: Front) -> None:
    found = front.post(PATH, {"id": "t-1", "text": TEXT}).json()["explanation"]
    parts = sum(one["contribution"] for one in found["terms"])

    assert found["score"] == pytest.approx(parts + found["nearest"] + found["constant"], abs=1e-4)
    assert (found["id"], found["release"], found["dimension"]) == ("t-1", "r1", "team")


def test_it_is_what_the_release_says(front: Front, trained: Classifier) -> None:
    body = {"text": TEXT, "dimension": "topic", "label": "software/mail"}
    found = front.post(PATH, body).json()["explanation"]

    assert found["score"] == trained.explain(TEXT, "topic", label="software/mail").score


@pytest.mark.parametrize(
    ("chosen", "code"),
    [({"dimension": "mood"}, "unknown-dimension"), ({"label": "sales"}, "unknown-labels")],
)
def test_what_there_is_not_is_not_explained(
    front: Front, chosen: dict[str, str], code: str
) -> None:
    answer = front.post(PATH, {"text": TEXT, **chosen})

    assert (answer.status_code, answer.json()["code"]) == (404, code)


def test_of_nothing_there_is_nothing_to_explain(front: Front) -> None:
    answer = front.post(PATH, {"id": "t-1", "text": " \n "})

    assert answer.json() == {"id": "t-1", "release": "r1", "explanation": None}


def test_a_text_without_end_is_too_large(front: Front) -> None:
    assert front.post(PATH, {"text": "x" * 200_001}).status_code == 413
