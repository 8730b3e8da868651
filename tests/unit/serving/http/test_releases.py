"""`/v1/releases`: everybody with a key may look, and only an administrator change anything."""

import pytest

from sortyard.domain.access import Scope
from sortyard.domain.errors import DamagedBundle
from sortyard.models.classifier import Classifier
from sortyard.serving.access import Gate
from tests.contracts.http_fronts import Front, open_front
from tests.contracts.key_books import MadeKey, MemoryBook
from tests.contracts.loops import Loop
from tests.contracts.release_shelves import MemoryReleases

READER, BOSS = MadeKey.of("reader", Scope.CLASSIFY), MadeKey.of("boss", Scope.ADMIN)


def test_every_release_is_listed_and_which_one_answers(front: Front) -> None:
    found = front.get("/v1/releases").json()

    assert (found["answering"], found["problem"]) == ("r1", None)
    assert [(one["id"], one["answering"]) for one in found["releases"]] == [
        ("r2", False),
        ("r1", True),
    ]


def test_one_release_tells_about_itself(front: Front) -> None:
    found = front.get("/v1/releases/r2").json()

    assert (found["passed"], found["failures"]) == (False, ["min_accuracy for team"])
    assert found["figures"] == {"team": {"accuracy": 0.94, "ece": None}}


def test_a_release_that_there_is_not_is_not_found(front: Front) -> None:
    answer = front.get("/v1/releases/r9")

    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-release")


def _keyed() -> tuple[Gate, dict[str, dict[str, str]]]:
    gate = Gate(MemoryBook([READER.key, BOSS.key]))
    gate.refresh()
    headers = {made.key.id: {"authorization": made.authorization} for made in (READER, BOSS)}
    return gate, headers


def test_an_administrator_lets_a_release_answer_and_the_deed_has_a_name(
    loop: Loop, trained: Classifier
) -> None:
    gate, headers = _keyed()
    with open_front(loop, trained, gate=gate) as front:
        turn = front.post("/v1/releases/r1/promote", headers=headers["boss"]).json()

        assert (turn["release"], turn["forced"]) == ("r1", False)
        assert front.releases.deeds == [("promote", "r1", "boss")]


@pytest.mark.parametrize("path", ["/v1/releases/r1/promote", "/v1/releases/rollback"])
def test_nobody_else_changes_anything(loop: Loop, trained: Classifier, path: str) -> None:
    gate, headers = _keyed()
    with open_front(loop, trained, gate=gate) as front:
        answer = front.post(path, headers=headers["reader"])

        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
        assert front.releases.deeds == []


def test_a_release_that_failed_its_gates_answers_only_by_force(
    loop: Loop, trained: Classifier
) -> None:
    with open_front(loop, trained) as front:
        refused = front.post("/v1/releases/r2/promote")
        forced = front.post("/v1/releases/r2/promote", {"force": True})

    assert (refused.status_code, refused.json()["code"]) == (409, "gates-failed")
    assert forced.json()["forced"] is True


def test_an_earlier_release_answers_again(loop: Loop, trained: Classifier) -> None:
    with open_front(loop, trained) as front:
        turn = front.post("/v1/releases/rollback", {"release": "r2"}).json()

        assert (turn["release"], turn["before"]) == ("r2", "r1")
        assert front.releases.deeds == [("rollback", "r2", "local")]


def test_where_none_answered_before_there_is_none_to_go_back_to(front: Front) -> None:
    answer = front.post("/v1/releases/rollback")

    assert (answer.status_code, answer.json()["code"]) == (409, "invalid-usage")


def test_the_roll_back_is_no_release(front: Front) -> None:
    answer = front.get("/v1/releases/rollback")

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_a_server_without_a_workspace_has_no_releases(loop: Loop, trained: Classifier) -> None:
    with open_front(loop, trained, releases=None) as front:
        assert front.get("/v1/releases").status_code == 404


class DamagedReleases(MemoryReleases):
    """Releases whose files were changed."""

    def promote(self, name: str, **_: object) -> "object":  # type: ignore[override]
        raise DamagedBundle(name, "encoder/model.onnx", "is not the file that was released")


def test_a_damaged_release_does_not_answer(loop: Loop, trained: Classifier) -> None:
    with open_front(loop, trained, releases=DamagedReleases()) as front:
        answer = front.post("/v1/releases/r1/promote")

    assert (answer.status_code, answer.json()["code"]) == (409, "damaged-bundle")


def test_the_taxonomy_is_that_of_the_release_that_answers(
    front: Front, trained: Classifier
) -> None:
    found = front.get("/v1/taxonomy").json()

    assert (found["release"], found["hash"]) == ("r1", trained.taxonomy.content_hash)
    assert [one["name"] for one in found["dimensions"]] == ["team", "topic", "flags"]
