"""`sortyard.v1.Classifier` answers as the release does, and keeps what it answered."""

from math import inf

import grpc
import pytest

from sortyard.domain.facts import facts_of
from sortyard.domain.messages import Message
from sortyard.domain.predictions import Degradation, Reason, Route, Source, Stage
from sortyard.domain.records import KeptText, TextForm
from sortyard.models.cascade import Depth
from sortyard.models.classifier import Classifier
from sortyard.serving.grpc.generated import classifier_pb2 as wire
from sortyard.serving.grpc.writing import DEGRADATIONS, REASONS, ROUTES, SOURCES, STAGES
from sortyard.serving.intake import Limits
from tests.contracts.desks import PATIENCE, MemoryRecorder
from tests.contracts.featured_release import DESKS, train_featured
from tests.contracts.tiny_release import with_reranker
from tests.unit.serving.grpc.conftest import Front, Serve, trailers_of

TEXTS = (
    "refund the invoice for the printer",
    "cannot log in, this is outrageous",
    "parcel never arrived",
    "",
)


class _Plain:
    """A `TextKeeper` that keeps everything as it is."""

    def keep(self, message: Message) -> KeptText:
        return KeptText(
            form=TextForm.PLAIN,
            subject=message.subject,
            text=message.text,
            metadata=message.metadata,
        )

    def author(self, name: str) -> str | None:
        return name


def _messages(*texts: str) -> list[wire.Message]:
    return [wire.Message(id=f"m{number}", text=text) for number, text in enumerate(texts)]


def _ask(front: Front, *messages: wire.Message, **options: object) -> wire.ClassifyResponse:
    request = wire.ClassifyRequest(messages=messages, options=wire.Options(**options))
    return front.classifier.Classify(request, timeout=PATIENCE)


def _refusal(front: Front, *messages: wire.Message, **options: object) -> grpc.RpcError:
    with pytest.raises(grpc.RpcError) as caught:
        _ask(front, *messages, **options)
    return caught.value


def _facts(result: wire.Result, release: Classifier) -> dict[str, object]:
    """Put an answer from the wire into the form in which files and HTTP have it."""
    answer = result.answer
    return {
        "id": result.id,
        "release": answer.release,
        "degraded": None,
        "language": answer.language or None,
        "translated": answer.translated,
        "dimensions": {one.dimension: _facts_of_choice(one, release) for one in answer.choices},
    }


def _facts_of_choice(choice: wire.Choice, release: Classifier) -> dict[str, object]:
    labels = list(choice.labels)
    single = release.taxonomy[choice.dimension].kind == "single"
    answer = {"label": labels[0] if labels else None} if single else {"labels": labels}
    return answer | {
        "confidence": _number(choice, "confidence"),
        "route": _word(wire.Route.Name(choice.route)),
        "reason": _word(wire.Reason.Name(choice.reason)),
        "candidates": [
            {"label": one.label, "confidence": round(one.confidence, 6)}
            for one in choice.candidates
        ],
        "novelty": _number(choice, "novelty"),
        "stage": _word(wire.Stage.Name(choice.stage)),
        "source": _word(wire.Source.Name(choice.source)),
        "rule": choice.rule if choice.HasField("rule") else None,
    }


def _number(choice: wire.Choice, name: str) -> float | None:
    return round(getattr(choice, name), 6) if choice.HasField(name) else None


def _word(name: str) -> str | None:
    _, _, word = name.partition("_")
    return None if word == "UNSPECIFIED" else word.lower().replace("_", "-")


def test_an_answer_is_the_one_that_the_release_gives(front: Front, trained: Classifier) -> None:
    """Every fact crosses the wire: labels, confidence, candidates, route and reason."""
    found = _ask(front, *_messages(*TEXTS))

    answers = trained.classify_batch([Message(f"m{at}", text) for at, text in enumerate(TEXTS)])
    expected = [facts_of(one, trained.taxonomy) for one in answers]
    assert [_facts(one, trained) for one in found.results] == expected


def test_the_release_is_named(front: Front) -> None:
    assert _ask(front, *_messages("refund the invoice")).release == "r1"


def test_a_message_without_an_id_gets_one(front: Front) -> None:
    first, second = _ask(front, wire.Message(text="refund"), wire.Message(text="refund")).results

    assert first.id
    assert second.id
    assert first.id != second.id


def test_subject_and_metadata_belong_to_the_message(serve: Serve) -> None:
    recorder = MemoryRecorder()
    metadata = {
        "author": wire.Metadata(text="ada"),
        "age": wire.Metadata(integer=3),
        "urgency": wire.Metadata(number=0.5),
        "vip": wire.Metadata(truth=True),
    }
    message = wire.Message(id="m", text="it is late", subject="parcel", metadata=metadata)
    with serve(recorder=recorder, texts=_Plain()) as front:
        _ask(front, message)

    (record,) = recorder.records
    assert (record.kept.subject, record.kept.text) == ("parcel", "it is late")
    assert record.kept.metadata == {"author": "ada", "age": 3, "urgency": 0.5, "vip": True}


def test_what_comes_with_a_message_has_its_say(serve: Serve) -> None:
    """Alike in their words: the desk alone tells the place."""
    date = wire.Metadata(text="2024-05-03 10:00")
    messages = [
        wire.Message(
            text="refund the invoice for the toner case 500",
            metadata={"desk": wire.Metadata(text=desk), "date": date},
        )
        for desk in DESKS.values()
    ]
    release = train_featured()
    with serve(release) as front:
        found = _ask(front, *messages)

    assert [_facts(one, release)["dimensions"]["place"]["label"] for one in found.results] == [
        *DESKS
    ]


def test_what_is_answered_is_kept_and_says_where_it_came_in(serve: Serve) -> None:
    recorder = MemoryRecorder()
    with serve(recorder=recorder) as front:
        _ask(front, *_messages(*TEXTS))

    kept = {(record.message_id, record.origin) for record in recorder.records}
    assert kept == {(f"m{at}", "grpc") for at in range(len(TEXTS))}


def test_what_cannot_be_kept_is_not_answered(serve: Serve) -> None:
    with serve(recorder=MemoryRecorder(refuses=True)) as front:
        error = _refusal(front, *_messages("refund"))

    assert error.code() is grpc.StatusCode.UNAVAILABLE
    assert error.details() == "Cannot keep."
    assert trailers_of(error)["sortyard-code"] == "cannot-keep"
    assert trailers_of(error)["retry-after"] == "5"


def test_only_the_dimensions_that_are_asked_for_are_answered(front: Front) -> None:
    (result,) = _ask(front, *_messages("refund"), dimensions=["flags", "team"]).results

    assert {one.dimension for one in result.answer.choices} == {"flags", "team"}


@pytest.mark.parametrize("count", [0, 1, 3])
def test_as_many_candidates_as_are_asked_for(front: Front, count: int) -> None:
    (result,) = _ask(
        front, *_messages("refund the invoice"), dimensions=["team"], candidates=count
    ).results

    assert len(result.answer.choices[0].candidates) == count


@pytest.mark.parametrize(
    "poison",
    [
        wire.Message(id="bad", text="x" * 2_000),
        wire.Message(id="x" * 201, text="the id is too long"),
        wire.Message(id="bad", metadata={"key": wire.Metadata()}),
        wire.Message(id="bad", metadata={"key": wire.Metadata(number=float("nan"))}),
    ],
    ids=["too-long", "long-id", "no-value", "not-a-number"],
)
def test_one_poisoned_message_in_a_hundred(serve: Serve, poison: wire.Message) -> None:
    """Ninety-nine answers, and one error at its place."""
    messages = _messages(*["refund the invoice"] * 99)
    messages.insert(50, poison)
    with serve(named={"intake": Limits(characters=1_000)}) as front:
        results = _ask(front, *messages).results

    outcomes = [one.WhichOneof("outcome") for one in results]
    assert outcomes == ["answer"] * 50 + ["error"] + ["answer"] * 49
    assert results[50].error.code in {"invalid-message", "too-large"}


def test_twins_are_refused(front: Front) -> None:
    error = _refusal(front, wire.Message(id="a", text="x"), wire.Message(id="a", text="y"))

    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "'a'" in error.details()


def test_more_messages_than_allowed_are_refused(serve: Serve) -> None:
    with serve(named={"intake": Limits(messages=2)}) as front:
        error = _refusal(front, *_messages("x", "y", "z"))

    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert trailers_of(error)["sortyard-code"] == "too-large"


def test_an_unknown_dimension_is_named_and_the_known_ones_too(front: Front) -> None:
    error = _refusal(front, *_messages("x"), dimensions=["teem"])

    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "Did you mean 'team' for 'teem'?" in error.details()


def test_nobody_guesses_at_a_very_long_name(front: Front) -> None:
    error = _refusal(front, *_messages("x"), dimensions=["t" * 100_000])

    assert trailers_of(error)["sortyard-code"] == "too-large"


def test_more_candidates_than_anybody_reads_are_refused(front: Front) -> None:
    error = _refusal(front, *_messages("x"), candidates=1_000_000)

    assert trailers_of(error)["sortyard-code"] == "invalid-usage"


def test_a_score_is_the_sum_of_its_parts(front: Front) -> None:
    message = wire.Message(id="m", text="refund the invoice for the printer")
    request = wire.ExplainRequest(message=message, dimension="team", label="billing")

    found = front.classifier.Explain(request, timeout=PATIENCE)

    parts = sum(one.contribution for one in found.terms) + found.constant + found.nearest
    assert (found.id, found.release, found.dimension, found.label) == ("m", "r1", "team", "billing")
    assert parts == pytest.approx(found.score, abs=1e-4)


def test_a_reranker_that_had_the_last_word_is_named(serve: Serve, trained: Classifier) -> None:
    """In the answer, and where it is explained: the parts are those of the score before it."""
    reranked = with_reranker(trained, margin=inf).at_depth(Depth.FULL)
    message = wire.Message(id="m", text="refund the invoice for the printer")
    with serve(reranked.named("r1")) as front:
        (result,) = _ask(front, message).results
        found = front.classifier.Explain(wire.ExplainRequest(message=message), timeout=PATIENCE)

    stages = {one.dimension: one.stage for one in result.answer.choices}
    assert stages["team"] == wire.STAGE_RERANKER
    assert stages["flags"] == wire.STAGE_ENCODER
    assert found.reranked


def test_the_first_dimension_and_the_best_label_are_explained_unless_others_are_named(
    front: Front, trained: Classifier
) -> None:
    message = wire.Message(id="m", text="refund the invoice")

    found = front.classifier.Explain(wire.ExplainRequest(message=message), timeout=PATIENCE)

    expected = trained.explain(Message("m", "refund the invoice"))
    assert (found.dimension, found.label) == (expected.dimension, expected.label)


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (wire.ExplainRequest(message=wire.Message(text="x"), dimension="no"), "unknown-dimension"),
        (wire.ExplainRequest(message=wire.Message(text="x"), label="no"), "unknown-labels"),
        (wire.ExplainRequest(message=wire.Message(text="")), "invalid-message"),
        (wire.ExplainRequest(message=wire.Message(text="x" * 300_000)), "too-large"),
        (wire.ExplainRequest(message=wire.Message(text="x"), label="n" * 300), "too-large"),
    ],
    ids=["dimension", "label", "empty", "too-long", "long-name"],
)
def test_what_cannot_be_explained(front: Front, request_: wire.ExplainRequest, code: str) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        front.classifier.Explain(request_, timeout=PATIENCE)

    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert trailers_of(caught.value)["sortyard-code"] == code


def test_the_wire_has_a_name_for_every_word() -> None:
    """A word that the domain learns must be learnt by the protocol too."""
    tables = {
        wire.Route: (ROUTES, Route),
        wire.Reason: (REASONS, Reason),
        wire.Stage: (STAGES, Stage),
        wire.Source: (SOURCES, Source),
        wire.Degradation: (DEGRADATIONS, Degradation),
    }

    for named, (table, words) in tables.items():
        assert set(table) == {None, *words}
        assert sorted(table.values()) == sorted(named.keys())
