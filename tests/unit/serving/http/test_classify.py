"""`/v1/classify` answers one message or many, and one that cannot be used stops no other."""

from math import inf
from time import process_time

import httpx
import pytest

from sortyard.domain.errors import Overloaded
from sortyard.models.cascade import Depth
from sortyard.models.classifier import Classifier
from sortyard.serving.http.explanations import MOST_EXPLAINED
from tests.contracts.desks import (
    POISON,
    RIDDLE,
    MemoryRecorder,
    WatchedEncoder,
    puzzled,
    watched,
)
from tests.contracts.featured_release import DESKS, train_featured
from tests.contracts.http_fronts import Front, open_front
from tests.contracts.loops import Loop
from tests.contracts.tiny_release import tiny_dataset, with_reranker

PATH = "/v1/classify"
TEXTS = tiny_dataset(100, seed=5).texts
WITH_A_RIDDLE = [TEXTS[0], f"{RIDDLE} {TEXTS[1]}", TEXTS[2]]
TEXT = TEXTS[0]
FEATURED_TEXT = "refund the invoice for the toner case 500"


def test_a_message_gets_its_answer(front: Front) -> None:
    answer = front.post(PATH, {"id": "t-1", "text": TEXT}).json()

    assert (answer["id"], answer["release"], answer["degraded"]) == ("t-1", "r1", None)
    assert [*answer["dimensions"]] == ["team", "topic", "flags"]


def test_the_answer_is_what_the_release_says(front: Front, trained: Classifier) -> None:
    answer = front.post(PATH, {"text": TEXT, "subject": "Hello"}).json()
    said = trained.classify(f"Hello\n{TEXT}")

    assert answer["dimensions"]["team"]["label"] == said["team"].label
    assert answer["dimensions"]["flags"]["labels"] == list(said["flags"].labels)


def test_many_messages_get_their_answers_in_their_order(front: Front) -> None:
    messages = [{"id": f"m{place}", "text": text} for place, text in enumerate(TEXTS)]
    answer = front.post(PATH, {"messages": messages}).json()

    assert [one["id"] for one in answer["results"]] == [one["id"] for one in messages]
    assert {one["release"] for one in answer["results"]} == {answer["release"]}


def test_what_comes_with_a_message_has_its_say(loop: Loop) -> None:
    """Alike in their words: the desk alone tells the place."""
    sent = [{"desk": desk, "date": "2024-05-03 10:00"} for desk in DESKS.values()]
    messages = [{"text": FEATURED_TEXT, "metadata": one} for one in [*sent, {}]]
    with open_front(loop, train_featured()) as front:
        *told, bare = front.post(PATH, {"messages": messages}).json()["results"]

    assert [one["dimensions"]["place"]["label"] for one in told] == [*DESKS]
    assert {one["dimensions"]["place"]["route"] for one in told} == {"auto"}
    assert bare["dimensions"]["place"]["reason"] == "novel"


def test_a_message_without_an_id_gets_one_of_its_own(front: Front) -> None:
    results = front.post(PATH, {"messages": [{"text": TEXT}] * 3}).json()["results"]

    assert len({one["id"] for one in results}) == 3


def test_no_message_is_a_request_as_good_as_any(front: Front) -> None:
    assert front.post(PATH, {"messages": []}).json() == {"release": "r1", "results": []}


UNUSABLE = {
    "no text": {"id": "bad"},
    "a number for a text": {"id": "bad", "text": 5},
    "a field that there is not": {"id": "bad", "text": TEXT, "txt": TEXT},
    "a nested value": {"id": "bad", "text": TEXT, "metadata": {"a": {"b": 1}}},
    "a number beyond all": {"id": "bad", "text": TEXT, "metadata": {"a": 10**400}},
    "a text without end": {"id": "bad", "text": "x" * 300_000},
    "metadata without end": {"id": "bad", "text": TEXT, "metadata": {"a": "x" * 300_000}},
}


@pytest.mark.parametrize("bad", UNUSABLE.values(), ids=UNUSABLE)
def test_one_bad_message_among_a_hundred_stops_no_other(
    front: Front, bad: dict[str, object]
) -> None:
    messages = [{"text": text} for text in TEXTS[:99]]
    messages.insert(50, bad)
    answer = front.post(PATH, {"messages": messages})
    failed = [one for one in answer.json()["results"] if "error" in one]

    assert (answer.status_code, len(failed), failed[0]["id"]) == (200, 1, "bad")
    assert failed[0]["release"] == "r1"


@pytest.mark.parametrize("bad", ["text", 7, None, [], True], ids=str)
def test_what_is_no_message_at_all_is_named_after_its_place(front: Front, bad: object) -> None:
    answer = front.post(PATH, {"messages": [{"text": TEXT}, bad]}).json()

    assert answer["results"][1]["id"] == "2"
    assert answer["results"][1]["error"]["code"] == "invalid-message"


@pytest.mark.parametrize("name", ["", "a\nb", "x" * 201, 5, "\x00"], ids=repr)
def test_an_id_that_cannot_be_one_fails_alone(front: Front, name: object) -> None:
    messages = [{"text": TEXT}, {"id": name, "text": TEXT}]
    first, second = front.post(PATH, {"messages": messages}).json()["results"]

    assert ("error" in first, second["id"]) == (False, "2")


def test_poison_fails_alone(loop: Loop, trained: Classifier) -> None:
    classifier, _ = watched(trained)
    with open_front(loop, classifier) as front:
        messages = [{"text": text} for text in TEXTS[:99]]
        messages.insert(7, {"id": "bad", "text": f"{POISON} {TEXT}"})
        answer = front.post(PATH, {"messages": messages})
    failed = [one for one in answer.json()["results"] if "error" in one]

    assert (answer.status_code, [one["id"] for one in failed]) == (200, ["bad"])
    assert POISON not in failed[0]["error"]["problem"]


def test_poison_alone_is_a_problem_without_its_words(loop: Loop, trained: Classifier) -> None:
    classifier, _ = watched(trained)
    with open_front(loop, classifier) as front:
        answer = front.post(PATH, {"text": f"{POISON} and more"})

    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert POISON not in answer.text


def test_the_same_id_twice_is_refused_before_anything_is_answered(front: Front) -> None:
    twins = [{"id": "t", "text": TEXT}, {"id": "t", "text": "another"}]
    answer = front.post(PATH, {"messages": twins})

    assert (answer.status_code, answer.json()["code"]) == (409, "invalid-usage")


def test_a_request_chooses_its_dimensions_and_candidates(front: Front) -> None:
    options = {"dimensions": ["flags", "team"], "candidates": 2}
    answer = front.post(PATH, {"text": TEXT, "options": options}).json()

    assert [*answer["dimensions"]] == ["flags", "team"]
    assert len(answer["dimensions"]["team"]["candidates"]) == 2


def test_a_whole_number_may_be_written_with_a_fraction(front: Front) -> None:
    answer = front.post(PATH, {"text": TEXT, "options": {"candidates": 1.0}}).json()

    assert len(answer["dimensions"]["team"]["candidates"]) == 1


def test_a_dimension_that_there_is_not_is_told_with_a_guess(front: Front) -> None:
    answer = front.post(PATH, {"text": TEXT, "options": {"dimensions": ["teem"]}})

    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-dimension")
    assert "'team'" in answer.json()["remedy"]


def test_the_explanation_adds_up_to_the_score(front: Front) -> None:
    answer = front.post(PATH, {"text": TEXT, "options": {"explanation": True}}).json()
    team = answer["explanations"]["team"]
    parts = [one["contribution"] for one in team["terms"]]

    assert team["score"] == pytest.approx(sum(parts) + team["nearest"] + team["constant"], abs=1e-4)
    assert [*answer["explanations"]] == [*answer["dimensions"]]


def test_where_nothing_was_answered_nothing_is_explained(front: Front) -> None:
    answer = front.post(PATH, {"text": "  ", "options": {"explanation": True}}).json()

    assert answer["dimensions"]["team"]["reason"] == "empty"
    assert set(answer["explanations"].values()) == {None}


def _explained(front: Front, *messages: dict[str, object]) -> httpx.Response:
    return front.post(PATH, {"messages": messages, "options": {"explanation": True}})


def test_many_are_explained_as_each_alone(front: Front) -> None:
    messages = [{"id": f"m{place}", "text": text} for place, text in enumerate(TEXTS[:5])]
    alone = [
        front.post(PATH, {**message, "options": {"explanation": True}}).json()
        for message in messages
    ]

    assert _explained(front, *messages).json()["results"] == alone


def test_a_reranker_that_had_the_last_word_is_named(loop: Loop, trained: Classifier) -> None:
    reranked = with_reranker(trained, margin=inf).at_depth(Depth.FULL)
    with open_front(loop, reranked) as front:
        (answer,) = _explained(front, {"text": TEXT}).json()["results"]

    assert answer["dimensions"]["team"]["stage"] == "reranker"
    assert answer["dimensions"]["flags"]["stage"] == "encoder"
    assert answer["explanations"]["team"]["reranked"] is True


def test_without_the_option_nothing_is_explained(front: Front) -> None:
    (answer,) = front.post(PATH, {"messages": [{"text": TEXT}]}).json()["results"]

    assert "explanations" not in answer


def test_what_has_no_answer_has_no_explanation(front: Front) -> None:
    good, bad = _explained(front, {"text": TEXT}, {"text": 5}).json()["results"]

    assert good["explanations"]["team"]["terms"]
    assert ("error" in bad, "explanations" in bad) == (True, False)


def test_as_many_as_are_explained_at_once_and_no_more(front: Front) -> None:
    few = _explained(front, *({"text": "a"} for _ in range(MOST_EXPLAINED)))
    many = _explained(front, *({"text": "a"} for _ in range(MOST_EXPLAINED + 1)))

    assert (few.status_code, len(few.json()["results"])) == (200, MOST_EXPLAINED)
    assert (many.status_code, many.json()["code"]) == (413, "too-large")
    assert f"at most {MOST_EXPLAINED}" in many.json()["remedy"]


def test_an_explanation_that_fails_leaves_the_others_and_all_answers(
    loop: Loop, trained: Classifier
) -> None:
    with open_front(loop, puzzled(trained, RuntimeError(f"{RIDDLE} in {TEXT}"))) as front:
        answer = _explained(front, *({"text": text} for text in WITH_A_RIDDLE))
    results = answer.json()["results"]

    assert [one["dimensions"]["team"]["label"] is None for one in results] == [False] * 3
    assert [one["explanations"] is None for one in results] == [False, True, False]
    assert results[1]["explanation_error"]["code"] == "internal"
    assert RIDDLE not in answer.text
    assert len(front.log.faults) == 1


def test_where_there_is_no_room_for_an_explanation_the_next_ones_are_not_tried(
    loop: Loop, trained: Classifier
) -> None:
    """Each of them would wait as long, in vain, and the answers with them."""
    with open_front(loop, puzzled(trained, Overloaded(7, 1.0))) as front:
        answer = _explained(front, *({"text": text} for text in WITH_A_RIDDLE))
    results = answer.json()["results"]

    assert [one["dimensions"]["team"]["label"] is None for one in results] == [False] * 3
    assert [one["explanations"] is None for one in results] == [False, True, True]
    assert {one["explanation_error"]["code"] for one in results[1:]} == {"overloaded"}
    assert front.log.faults == []


def test_one_message_has_its_answer_also_where_its_explanation_fails(
    loop: Loop, trained: Classifier
) -> None:
    body = {"text": f"{RIDDLE} {TEXT}", "options": {"explanation": True}}
    with open_front(loop, puzzled(trained, RuntimeError())) as front:
        answer = front.post(PATH, body)

    assert (answer.status_code, answer.json()["explanations"]) == (200, None)
    assert answer.json()["dimensions"]["team"]["label"]


REFUSED = {
    "no JSON": (b"{", 400, "invalid-request"),
    "nothing": (b"", 400, "invalid-request"),
    "half a letter": (b'{"text": "\xff"}', 400, "invalid-request"),
    "half of a pair of letters": (rb'{"text": "\ud800"}', 400, "invalid-request"),
    "not a number": (b'{"text": "a", "metadata": {"a": NaN}}', 400, "invalid-request"),
    "brackets without end": (b"[" * 100_000, 400, "invalid-request"),
    "a list": (b"[]", 422, "invalid-request"),
    "no text": (b"{}", 422, "invalid-request"),
    "another type": (b'{"text": 5}', 422, "invalid-request"),
    "both forms": (b'{"text": "a", "messages": []}', 422, "invalid-request"),
    "an option that there is not": (
        b'{"text": "a", "options": {"fast": true}}',
        422,
        "invalid-request",
    ),
    "too many candidates": (
        b'{"text": "a", "options": {"candidates": 101}}',
        422,
        "invalid-request",
    ),
}


@pytest.mark.parametrize(("body", "status", "code"), REFUSED.values(), ids=REFUSED)
def test_a_body_that_is_not_what_is_asked_for_is_refused(
    front: Front, body: bytes, status: int, code: str
) -> None:
    headers = {"content-type": "application/json"}
    answer = front.ask("POST", PATH, content=body, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_all_that_is_wrong_is_told_at_once_without_what_was_sent(front: Front) -> None:
    answer = front.post(PATH, {"text": 5, "subject": 7, "metadata": {"secret": ["a word"]}})
    pointers = {one["pointer"].split("/")[1] for one in answer.json()["errors"]}

    assert pointers == {"text", "subject", "metadata"}
    assert "a word" not in answer.text


@pytest.mark.parametrize(
    "media_type", ["text/plain", "", "application/json5", "multipart/form-data"]
)
def test_a_body_of_another_type_is_refused(front: Front, media_type: str) -> None:
    headers = {"content-type": media_type}
    answer = front.ask("POST", PATH, content=b'{"text": "a"}', headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported-media-type")


def test_a_charset_is_no_other_type(front: Front) -> None:
    headers = {"content-type": "Application/JSON; charset=utf-8"}

    assert front.ask("POST", PATH, content=b'{"text": "a"}', headers=headers).status_code == 200


def test_too_many_messages_are_too_large(front: Front) -> None:
    answer = front.post(PATH, {"messages": [{"text": "a"}] * 1_001})

    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_too_many_messages_are_refused_before_they_are_read(front: Front) -> None:
    """A body within its bounds holds a million of them, and everybody waited for the last one."""
    body = b'{"messages": [' + b"{}," * 1_000_000 + b"{}]}"
    began = process_time()
    answer = front.ask("POST", PATH, content=body, headers={"content-type": "application/json"})

    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert process_time() - began < 4.0


def test_one_message_that_is_too_long_is_too_large(front: Front) -> None:
    answer = front.post(PATH, {"text": "x" * 200_001})

    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_what_cannot_be_kept_is_not_answered(loop: Loop, trained: Classifier) -> None:
    with open_front(loop, trained, wired={"recorder": MemoryRecorder(refuses=True)}) as front:
        answer = front.post(PATH, {"text": TEXT})

    assert (answer.status_code, answer.json()["code"]) == (503, "cannot-keep")
    assert answer.headers["retry-after"] == "5"
    assert "disk" not in answer.text


def test_the_record_says_that_http_took_the_message_in(loop: Loop, trained: Classifier) -> None:
    recorder = MemoryRecorder()
    with open_front(loop, trained, wired={"recorder": recorder}) as front:
        front.post(PATH, {"id": "t-1", "text": TEXT})

    assert [(one.message_id, one.origin) for one in recorder.records] == [("t-1", "http")]


def test_what_is_known_of_a_request_is_told_and_not_what_it_says(front: Front) -> None:
    front.log.lines.clear()
    front.post(PATH, {"messages": [{"id": "t-secret", "text": TEXT}] * 1 + [{"text": "b"}]})
    (line,) = front.log.lines

    assert (line["operation"], line["status"], line["messages"]) == (PATH, 200, 2)
    assert (line["release"], line["key"], line["code"]) == ("r1", "local", "ok")
    assert "t-secret" not in str(line)


def test_metrics_hear_of_a_request_once(front: Front) -> None:
    front.observer.events.clear()
    front.post(PATH, {"text": TEXT})
    ((name, outcome, seconds, messages),) = front.observer.named("request")

    assert (name, outcome, messages) == ("http", "ok", 1)
    assert seconds > 0


def test_who_hangs_up_is_not_worked_for(loop: Loop, trained: Classifier) -> None:
    classifier, student = watched(trained)
    with open_front(loop, classifier) as front:
        student.gate.clear()
        status = loop.run(_hang_up(front, student))
        student.gate.set()

    assert (status, front.observer.named("request")[-1][1]) == (None, "gone")


async def _hang_up(front: Front, student: WatchedEncoder) -> int | None:
    """Send a whole request, and be gone while it is worked on."""
    import asyncio  # noqa: PLC0415

    statuses: list[int] = []
    messages = iter([{"type": "http.request", "body": b'{"text": "printer"}', "more_body": False}])

    async def receive() -> dict[str, object]:
        for message in messages:
            return message
        await asyncio.to_thread(student.reached.wait, 20)
        return {"type": "http.disconnect"}

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(int(str(message["status"])))

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "path": PATH,
        "raw_path": PATH.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "headers": [(b"host", b"localhost"), (b"content-type", b"application/json")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
    }
    await front.app(scope, receive, send)  # type: ignore[arg-type]
    return statuses[0] if statuses else None
