"""
A message in another language goes to a person, and never to a confident wrong label.

Elsewhere an unsupported language became a confident "spam" (PEERS.md).
"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from sortyard.domain.errors import DamagedBundle, InvalidMessage, MissingExtra
from sortyard.domain.languages import TO_A_PERSON, Foreign, LanguageRoute, Translate
from sortyard.domain.predictions import Answer, Reason, Route
from sortyard.models.bundle import LANGUAGES, open_bundle
from sortyard.models.classifier import Classifier
from sortyard.models.languages import Languages
from sortyard.text.language.gate import LanguageGate
from sortyard.text.language.identifier import EXTRA, PURPOSE
from tests.contracts.detectors import LEXICON, WordListDetector
from tests.contracts.tiny_release import HASH_ENGINES, seal, write_tiny

GATE = LanguageGate(("en",), frozenset(LEXICON["en"].split()), WordListDetector())
ENGINES = replace(HASH_ENGINES, detector=WordListDetector)
GERMAN = "Wo ist mein Geld, ich habe die Karte verloren"
FRENCH = "où est ma carte perdue"
ENGLISH = "refund the invoice for the printer"


@pytest.fixture
def gated(trained: Classifier) -> Classifier:
    routes = {**TO_A_PERSON, "fr": LanguageRoute.TRANSLATE}
    return trained.knowing(Languages(gate=GATE, routes=routes))


def whys(answer: Answer) -> set[tuple[Route, Reason | None, float | None, tuple[str, ...]]]:
    return {(o.route, o.reason, o.confidence, o.labels) for o in answer.choices.values()}


TO_REVIEW = {(Route.REVIEW, Reason.LANGUAGE, None, ())}


def test_a_message_in_another_language_gets_no_label(gated: Classifier) -> None:
    answer = gated.classify(GERMAN)

    assert whys(answer) == TO_REVIEW
    assert answer.foreign == Foreign("de")


def test_one_in_a_known_language_is_answered_as_ever(
    trained: Classifier, gated: Classifier
) -> None:
    assert gated.classify(ENGLISH) == trained.classify(ENGLISH)


def test_in_a_batch_the_others_are_answered(trained: Classifier, gated: Classifier) -> None:
    first, second, third = gated.classify_batch([ENGLISH, GERMAN, ENGLISH])

    assert isinstance(second, Answer)
    assert whys(second) == TO_REVIEW
    assert [first, third] == list(trained.classify_batch([ENGLISH, "", ENGLISH]))[::2]


def test_a_workspace_may_let_the_models_read_it(trained: Classifier) -> None:
    routes = {**TO_A_PERSON, "de": LanguageRoute.MODEL}
    answer = trained.knowing(Languages(gate=GATE, routes=routes)).classify(GERMAN)

    assert answer.choices == trained.classify(GERMAN).choices
    assert answer.foreign == Foreign("de")


def test_a_translation_is_answered_and_says_so(trained: Classifier, gated: Classifier) -> None:
    asked: list[tuple[str, str]] = []

    def translate(text: str, language: str) -> str:
        asked.append((text, language))
        return f"<p>{ENGLISH}</p>"

    answer = gated.translating(translate).classify(FRENCH)

    assert asked == [(FRENCH, "fr")]
    assert answer.choices == trained.classify(ENGLISH).choices
    assert answer.foreign == Foreign("fr", translated=True)


def _raises(text: str, language: str) -> str:
    raise ValueError(text + language)


@pytest.mark.parametrize("translate", [None, _raises, lambda text, language: "  "])  # noqa: ARG005
def test_what_cannot_be_translated_goes_to_a_person(
    gated: Classifier, translate: Translate | None
) -> None:
    answer = gated.translating(translate).classify(FRENCH)

    assert whys(answer) == TO_REVIEW
    assert answer.foreign == Foreign("fr")


def test_messages_that_only_differ_in_their_language_have_another_sight(gated: Classifier) -> None:
    translating = gated.translating(lambda *_: ENGLISH)
    asked = [gated.prepare(ENGLISH), translating.prepare(FRENCH), gated.prepare(FRENCH)]

    assert len({gated.sight(one) for one in asked}) == 3


def test_nothing_is_explained_that_no_model_has_read(gated: Classifier) -> None:
    with pytest.raises(InvalidMessage, match=r"in a language that no model knows \(de\)"):
        gated.explain(GERMAN)


def test_a_translation_is_explained(trained: Classifier, gated: Classifier) -> None:
    found = gated.translating(lambda *_: ENGLISH).explain(FRENCH)

    assert found == trained.explain(ENGLISH)


def test_a_release_keeps_what_it_knows(gated: Classifier, tmp_path: Path) -> None:
    named = write_tiny(gated, tmp_path / "release")

    opened = open_bundle(tmp_path / "release", ENGINES)

    assert opened.languages == gated.languages
    assert opened.classify_batch([GERMAN, ENGLISH]) == named.classify_batch([GERMAN, ENGLISH])


def test_a_release_without_languages_has_no_file_of_them(bundle: Path) -> None:
    assert not (bundle / LANGUAGES).exists()
    assert not open_bundle(bundle, HASH_ENGINES).languages.gate.is_on


def test_without_the_detector_it_says_what_to_install(gated: Classifier, tmp_path: Path) -> None:
    """A release that was to notice other languages does not stop doing so in silence."""
    write_tiny(gated, tmp_path / "release")

    def absent() -> WordListDetector:
        raise MissingExtra(EXTRA, PURPOSE)

    with pytest.raises(MissingExtra, match=r"sortyard\[language\]"):
        open_bundle(tmp_path / "release", replace(HASH_ENGINES, detector=absent))


@pytest.mark.parametrize(
    "wrong", [{"languages": ["en"]}, {"routes": {"fr": "model"}}, {"routes": {"*": "spam"}}]
)
def test_a_file_that_is_not_right_is_refused(
    gated: Classifier, tmp_path: Path, wrong: dict[str, object]
) -> None:
    write_tiny(gated, tmp_path / "release")
    file = tmp_path / "release" / LANGUAGES
    stored = {"format": 1, "languages": ["en"], "routes": {"*": "review"}, "words": []}
    if "languages" in wrong:
        del stored["routes"]
    file.write_text(json.dumps(stored | wrong))
    seal(tmp_path / "release")

    with pytest.raises(DamagedBundle):
        open_bundle(tmp_path / "release", ENGINES)
