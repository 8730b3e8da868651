"""The OpenAPI document says what there is, with an example of everything that goes in."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter

from sortyard.serving.http import results
from sortyard.serving.http.describing import BODIES
from tests.contracts.http_fronts import Front


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (found for name, found in value.items() if name == "$ref")
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def test_it_names_nothing_that_it_does_not_have(front: Front) -> None:
    document = front.get("/openapi.json").json()
    schemas_there = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}

    assert set(_references(document)) <= schemas_there


def test_every_body_that_is_read_is_described(front: Front) -> None:
    document = front.app.openapi()
    posts = [one["post"] for one in document["paths"].values() if "post" in one]

    assert len(posts) == 6
    assert all("application/json" in post["requestBody"]["content"] for post in posts)


def test_every_operation_says_how_it_refuses(front: Front) -> None:
    operations = [
        (path, operation)
        for path, methods in front.app.openapi()["paths"].items()
        for operation in methods.values()
        if operation["security"]
    ]

    assert [path for path, one in operations if not {"4XX", "5XX"} <= one["responses"].keys()] == []


@pytest.mark.parametrize("model", BODIES, ids=lambda model: model.__name__)
def test_the_examples_are_what_is_asked_for(model: type) -> None:
    examples = TypeAdapter(model).json_schema().get("examples", [])

    assert all(TypeAdapter(model).validate_python(one) for one in examples)


def test_the_example_of_an_answer_is_one() -> None:
    given = {"release": "r1", "results": [results.EXPLAINED, results.FAILURE]}

    assert len(results.Results.model_validate(given).results) == 2


def test_the_parts_of_the_example_of_an_explanation_add_up() -> None:
    shown = results.Explanation.model_validate(results.EXPLANATION)
    parts = [one.contribution for one in shown.terms]

    assert shown.score == sum(parts) + shown.nearest + shown.constant
