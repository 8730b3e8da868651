"""An answer that is remembered says in which language its message was, as the first one did."""

from datetime import UTC, datetime

from sortyard.domain.languages import Foreign
from sortyard.domain.messages import Message
from sortyard.domain.predictions import Answer, Reason
from sortyard.models.classifier import Classifier
from sortyard.models.languages import Languages
from sortyard.serving.answering import Answering
from sortyard.serving.cache import AnswerCache
from sortyard.serving.jobs import Job
from sortyard.text.language.gate import LanguageGate
from tests.contracts.detectors import WordListDetector

GERMAN = "Wo ist mein Geld, ich habe die Karte verloren"


def test_a_remembered_answer_names_the_language_too(trained: Classifier) -> None:
    gate = LanguageGate(("en",), frozenset(), WordListDetector())
    classifier = trained.knowing(Languages(gate=gate))
    cache = AnswerCache(entries=10, size=1_000_000)
    answering = Answering(cache, release=lambda: "r1", degradation=lambda: None)
    jobs = [
        Job(
            message=Message(name, GERMAN),
            classifier=classifier,
            candidates=5,
            front="python",
            received=datetime(2026, 1, 1, tzinfo=UTC),
            since=0.0,
        )
        for name in ("first", "second")
    ]

    found = [answering.answer([(job, classifier.prepare(job.message))])[0] for job in jobs]

    assert [one.cached for one in found] == [False, True]
    for one in found:
        assert isinstance(one.result, Answer)
        assert one.result.foreign == Foreign("de")
        assert {o.reason for o in one.result.choices.values()} == {Reason.LANGUAGE}
