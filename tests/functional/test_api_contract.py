"""
The HTTP interface keeps what its OpenAPI document promises, whatever it is asked.

Schemathesis makes requests up from the document, right ones and wrong ones, and compares every
answer with it.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig

from sortyard.domain.access import Scope
from sortyard.domain.errors import MissingBundle
from sortyard.models.classifier import Classifier
from sortyard.serving.access import Gate
from sortyard.serving.active import Active
from sortyard.serving.desk import Desk
from sortyard.serving.http.app import make_app
from sortyard.serving.http.parts import Parts
from tests.contracts.http_fronts import listening, open_front
from tests.contracts.key_books import MadeKey, MemoryBook
from tests.contracts.loops import Loop
from tests.contracts.tiny_release import train_tiny


def no_release(name: str) -> Classifier:
    raise MissingBundle(name)


KEY = MadeKey.of("boss", Scope.ADMIN)
HEADERS = {"Authorization": KEY.authorization}
CONFIG: dict[str, Any] = {
    "generation": {"max-examples": 25, "deterministic": True, "database": "none"},
    "checks": {
        # A text that is too long is 413, which HTTP has for that.
        "negative_data_rejection": {
            "expected-statuses": [400, 401, 403, 404, 405, 409, 413, 415, 422],
        },
    },
    "operations": [
        {
            # How tensors fit together, and which there are, no schema can say.
            "include-path-regex": "/infer$",
            "checks": {
                "positive_data_acceptance": {"expected-statuses": ["2xx", 400, 404]},
            },
        }
    ],
}


SCHEMA = schemathesis.openapi.from_dict(
    make_app(Parts(desk=Desk(Active(lambda: None, no_release)), gate=Gate())).openapi(),
    config=SchemathesisConfig.from_dict(CONFIG),
)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    gate = Gate(MemoryBook([KEY.key]))
    gate.refresh()
    loop = Loop()
    with open_front(loop, train_tiny().named("r1"), gate=gate) as front, listening(front) as port:
        yield f"http://127.0.0.1:{port}"
    loop.close()


@SCHEMA.parametrize()
def test_every_answer_is_one_that_was_promised(case: schemathesis.Case, url: str) -> None:
    answer = case.call_and_validate(base_url=url, headers=HEADERS)

    assert answer.headers["x-request-id"], "every answer can be found in the log"
