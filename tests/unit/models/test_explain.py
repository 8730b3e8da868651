"""A score taken apart: the parts are exact, at both stages and for labels of both kinds."""

from dataclasses import replace
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.domain.errors import InvalidMessage, UnknownDimension, UnknownLabels
from sortyard.domain.explanations import Explanation
from sortyard.models.cascade import Depth
from sortyard.models.classifier import Classifier
from tests.contracts.tiny_release import TAXONOMY, tiny_dataset, with_reranker

TICKETS = tiny_dataset(40, seed=2).texts
TEXTS = st.sampled_from(TICKETS) | st.text(st.characters(), max_size=40)


@pytest.fixture(scope="module")
def static(trained: Classifier) -> Classifier:
    """The same release without an encoder."""
    return replace(
        trained,
        eyes=replace(trained.eyes, encoder=None, reference=None),
        models=tuple(replace(model, full=None) for model in trained.models),
    )


def assert_adds_up(found: Explanation) -> None:
    total = found.constant + found.nearest + sum(term.contribution for term in found.terms)
    assert total == pytest.approx(found.score, abs=1e-3, rel=1e-5)


LABELS = [(model.name, label) for model in TAXONOMY.dimensions for label in (None, *model.leaves)]


@pytest.mark.parametrize(("dimension", "label"), LABELS, ids=str)
def test_the_parts_add_up_to_the_score(
    trained: Classifier, static: Classifier, dimension: str, label: str | None
) -> None:
    for classifier in (trained, static):
        for text in (*TICKETS[:5], "erase my personal data", "qqq \ud800 ﷺ"):
            assert_adds_up(classifier.explain(text, dimension, label=label))


@settings(max_examples=30, deadline=None)
@given(TEXTS, st.sampled_from(TAXONOMY.names))
def test_they_do_for_any_text(trained: Classifier, text: str, dimension: str) -> None:
    if trained.preparation(text):
        assert_adds_up(trained.explain(text, dimension))


@pytest.mark.parametrize("label", ["billing", "access"])
def test_the_score_is_that_of_the_full_line(trained: Classifier, label: str) -> None:
    found = trained.explain(TICKETS[0], "team", label=label)
    model = trained.models[0]
    assert model.full is not None
    eyes = trained.eyes
    seen = eyes.read(TICKETS[:1], eyes.glance(TICKETS[:1]).wording)
    expected = model.full.scores(seen)[0, model.labels.index(label)]
    assert found.score == pytest.approx(float(expected), rel=1e-5)


@pytest.mark.parametrize("dimension", TAXONOMY.names)
def test_unless_named_it_is_the_most_probable_label(trained: Classifier, dimension: str) -> None:
    for text in (*TICKETS[:10], "please erase all personal data"):
        answer = trained.at_depth(Depth.FULL).classify(text)
        assert trained.explain(text, dimension).label == answer[dimension].candidates[0].label


def test_a_label_without_rows_is_explained_by_the_words_of_its_card(trained: Classifier) -> None:
    found = trained.explain("please erase all personal data", "team")
    assert found.label == "privacy"
    best = [term.text for term in found.terms if term.view == "meaning"][:3]
    assert {"erase", "personal", "data"} & set(best)


def test_terms_come_largest_first_and_once(trained: Classifier) -> None:
    terms = trained.explain("refund refund the refund toner").terms
    sizes = [abs(term.contribution) for term in terms]
    assert sizes == sorted(sizes, reverse=True)
    assert len({(term.view, term.text) for term in terms}) == len(terms)


def test_look_alikes_carry_labels_of_this_dimension_nearest_first(trained: Classifier) -> None:
    for text in TICKETS:
        found = trained.explain(text, "team").look_alikes
        assert len(found) == 3
        near = [one.similarity for one in found]
        assert near == sorted(near, reverse=True)
        assert all(one.labels and set(one.labels) <= set(TAXONOMY["team"].paths) for one in found)


def test_an_example_of_the_archive_looks_like_itself(trained: Classifier) -> None:
    reference = trained.eyes.reference
    assert reference is not None
    places = trained.models[0].full.neighbours.members  # type: ignore[union-attr]
    place = int(places[0])
    found = trained.explain(reference.texts[place], "team").look_alikes[0]
    assert found.similarity == pytest.approx(1.0, abs=1e-2)


def test_examples_show_the_labels_that_the_archive_gave_them(trained: Classifier) -> None:
    given = {one.message.id: one.labels for one in tiny_dataset().examples}
    for dimension in TAXONOMY.names:
        for alike in trained.explain(TICKETS[0], dimension).look_alikes:
            assert alike.labels == given[alike.id][dimension]


def test_the_first_dimension_is_explained_unless_one_is_named(trained: Classifier) -> None:
    assert trained.explain("refund").dimension == "team"


def test_what_is_not_there_is_refused(trained: Classifier) -> None:
    with pytest.raises(UnknownLabels, match="'billing' for 'biling'"):
        trained.explain("refund", "team", label="biling")
    with pytest.raises(UnknownDimension):
        trained.explain("refund", "nothing")
    with pytest.raises(InvalidMessage):
        trained.explain("  ")


def test_an_explanation_says_where_a_reranker_had_the_last_word(trained: Classifier) -> None:
    reranked, clear = with_reranker(trained, margin=inf), with_reranker(trained, margin=0.0)
    for text in TICKETS[:5]:
        before, found = trained.explain(text, "team"), reranked.explain(text, "team")
        assert not before.reranked
        assert found.reranked
        same = reranked.explain(text, "team", label=before.label)
        assert same == replace(before, reranked=True)
        assert not clear.explain(text, "team").reranked
        assert not reranked.explain(text, "flags").reranked


def test_the_label_that_the_reranker_prefers_is_explained(trained: Classifier) -> None:
    reranked = with_reranker(trained, margin=inf, weight=40.0).at_depth(Depth.FULL)
    changed = 0
    for text in TICKETS:
        assert reranked.explain(text, "team").label == reranked.classify(text)["team"].label
        assert_adds_up(reranked.explain(text, "team"))
        changed += reranked.explain(text, "team").label != trained.explain(text, "team").label
    assert changed
