"""A classifier comes out of any archive that says anything, however odd."""

from dataclasses import replace

import numpy as np
import pytest

from sortyard.domain.errors import NotEnoughData, UnknownLabels
from sortyard.domain.predictions import Answer, Reason, Route
from sortyard.domain.taxonomy import Dimension, Kind, Label, Taxonomy
from sortyard.evaluation.examine import examine
from sortyard.models.cascade import Depth
from sortyard.models.classifier import Classifier
from sortyard.training.recipe import Recipe
from tests.unit.training.archives import (
    WORDS,
    Fitted,
    Row,
    dataset_of,
    fit,
    sentence,
    taxonomy_of,
    tickets,
)


def _accuracy(fitted: Fitted, dimension: str = "team") -> float:
    outcomes = examine(fitted.classifier, fitted.sets.test).outcomes[dimension]
    return float(np.mean([a == b for a, b in zip(outcomes.forecast, outcomes.truth, strict=True)]))


def _answers(classifier: Classifier, *texts: str) -> list[Answer]:
    found = classifier.classify_batch(texts)
    assert all(isinstance(one, Answer) for one in found)
    return list(found)


def _is_sound(classifier: Classifier) -> None:
    """Answer texts like and unlike the archive, at every depth, with finite probabilities."""
    texts = ["refund for my card", "password", "zzz qqq", "?", "a" * 3_000]
    for depth in Depth:
        for model in classifier.models:
            judged = classifier.at_depth(depth).judge(texts)[model.dimension.name]
            assert np.isfinite(judged.probabilities).all()
            assert (judged.probabilities >= 0.0).all()
            if model.dimension.kind is Kind.SINGLE:
                np.testing.assert_allclose(judged.probabilities.sum(axis=1), 1.0, atol=1e-4)
        _answers(classifier.at_depth(depth), *texts)


def test_what_words_tell_is_learnt(rng: np.random.Generator) -> None:
    assert _accuracy(fit(tickets(rng))) > 0.9


def test_a_student_alone_learns_too(rng: np.random.Generator) -> None:
    fitted = fit(tickets(rng), recipe=Recipe(name="edge", cascade=False, folds=3))
    assert (fitted.classifier.eyes.encoder, _accuracy(fitted) > 0.9) == (None, True)


def test_labels_under_other_names_are_learnt_as_well(rng: np.random.Generator) -> None:
    """Not only the accuracy: each message gets the same answer under its new name."""
    rows = tickets(rng)
    names = {"access": "Ä 1", "billing": "b/x".replace("/", " "), "delivery": "z"}
    renamed = [(text, {"team": (names[labels["team"][0]],)}) for text, labels in rows]
    texts = [text for text, _ in tickets(rng, each=5)]
    one = _answers(fit(rows).classifier, *texts)
    other = _answers(fit(renamed).classifier, *texts)
    assert [names[str(a["team"].label)] for a in one] == [b["team"].label for b in other]


def test_labels_in_another_order_are_learnt_as_well(rng: np.random.Generator) -> None:
    rows = tickets(rng)
    taxonomy = taxonomy_of(dataset_of(rows))
    (team,) = taxonomy.dimensions
    turned = replace(taxonomy, dimensions=(replace(team, labels=team.labels[::-1]),))
    assert _accuracy(fit(rows, taxonomy=turned)) == _accuracy(fit(rows, taxonomy=taxonomy))


def test_the_same_seed_learns_the_same(rng: np.random.Generator) -> None:
    rows = tickets(rng)
    one, other = (fit(rows).classifier.judge(["my refund"])["team"] for _ in range(2))
    np.testing.assert_array_equal(one.probabilities, other.probabilities)


def test_a_label_without_rows_is_reached_by_its_card(rng: np.random.Generator) -> None:
    rows = tickets(rng)
    (team,) = taxonomy_of(dataset_of(rows)).dimensions
    legal = Label(
        name="legal",
        definition="lawyer court lawsuit attorney",
        examples=("our lawyer will sue you in court", "an attorney sends a lawsuit"),
    )
    taxonomy = Taxonomy(dimensions=(replace(team, labels=(*team.labels, legal)),))
    fitted = fit(rows, taxonomy=taxonomy)
    (answer,) = _answers(fitted.classifier, "lawyer court lawsuit attorney")
    assert "legal" in [candidate.label for candidate in answer["team"].candidates[:2]]
    assert _accuracy(fitted) > 0.9


def test_one_label_is_enough(rng: np.random.Generator) -> None:
    rows: list[Row] = [(sentence(WORDS["billing"], rng), {"team": ("billing",)}) for _ in range(20)]
    classifier = fit(rows).classifier
    _is_sound(classifier)
    assert _answers(classifier, "my refund")[0]["team"].label == "billing"


@pytest.mark.parametrize("count", [1, 2])
def test_labels_of_a_row_or_two_join_the_others(rng: np.random.Generator, count: int) -> None:
    few: list[Row] = [
        (f"{label} {word} {place} here", {"team": (label,)})
        for label, word in (("legal", "lawyer"), ("press", "journalist"))
        for place in range(count)
    ]
    fitted = fit([*tickets(rng), *few])
    _is_sound(fitted.classifier)
    assert _accuracy(fitted) > 0.85
    assert {"legal", "press"} <= set(fitted.classifier.models[0].labels)


def test_labels_that_nobody_could_know_do_not_silence_a_view(rng: np.random.Generator) -> None:
    """A label that only the held-out fold had is no evidence against the view that missed it."""
    rows = tickets(rng, each=40)
    rare: list[Row] = [
        (f"word{place} something else thing{place}", {"team": (f"rare {place}",)})
        for place in range(10)
    ]
    alone, together = (fit(archive).classifier.models[0].full for archive in (rows, [*rows, *rare]))
    assert alone is not None
    assert together is not None
    assert together.weights.meaning > 0.5 * alone.weights.meaning
    assert together.weights.neighbours > 0.5 * alone.weights.neighbours


def test_texts_that_are_said_of_two_labels_are_halved(rng: np.random.Generator) -> None:
    rows = tickets(rng, each=12)
    both: list[Row] = [
        (f"either of the two {place} {sentence(['same', 'equal'], rng)}", {"team": (team,)})
        for place in range(10)
        for team in ("billing", "access")
    ]
    twins = [(both[place - place % 2][0], labels) for place, (_, labels) in enumerate(both)]
    classifier = fit([*rows, *twins]).classifier
    _is_sound(classifier)
    first, second = _answers(classifier, twins[0][0])[0]["team"].candidates[:2]
    assert {first.label, second.label} == {"billing", "access"}


def test_three_hundred_labels_of_three_rows(rng: np.random.Generator) -> None:
    rows: list[Row] = [
        (f"topic{label} {sentence(['word', 'thing'], rng)} topic{label}", {"t": (f"l{label}",)})
        for label in range(300)
        for _ in range(3)
    ]
    fitted = fit(rows, recipe=Recipe(name="tiny", folds=2))
    assert len(fitted.classifier.models[0].labels) == 300
    assert _accuracy(fitted, "t") > 0.5


def test_all_rows_in_one_fold_choose_nothing_and_still_learn(rng: np.random.Generator) -> None:
    """A dimension that one conversation alone was asked of."""
    said = "the very same long sentence that everybody sends to us about the weather today"
    rows = tickets(rng)
    asked: list[Row] = [
        (f"{said} {place % 2}", {"team": ("billing",), "mood": (("glad", "angry")[place % 2],)})
        for place in range(6)
    ]
    fitted = fit([*rows, *asked, *asked])
    _is_sound(fitted.classifier)
    assert fitted.classifier.model_of("mood").policy.fallback.auto is None


def test_a_dimension_asked_of_some_rows_is_judged_on_those(rng: np.random.Generator) -> None:
    rows = [
        (
            text,
            {**labels, "mood": ("angry" if "late" in text else "calm",)} if place > 45 else labels,
        )
        for place, (text, labels) in enumerate(tickets(rng))
    ]
    fitted = fit(rows)
    asked = examine(fitted.classifier, fitted.sets.test).outcomes["mood"]
    assert len(asked.truth) == len(fitted.sets.test.answered("mood")) < len(fitted.sets.test)


def test_look_alikes_of_a_dimension_asked_of_some_rows_are_its_own(
    rng: np.random.Generator,
) -> None:
    """The examples that a dimension names are those that were asked of it, with their labels."""
    rows = [
        (text, {**labels, "twin": labels["team"]} if place >= 45 else labels)
        for place, (text, labels) in enumerate(tickets(rng))
    ]
    fitted = fit(rows)
    truth = dict(zip(fitted.sets.train.ids, fitted.sets.train.labels("twin"), strict=True))
    for team, words in WORDS.items():
        found = fitted.classifier.explain(" ".join(words[:5]), "twin")
        assert found.look_alikes
        for alike in found.look_alikes:
            assert alike.labels == truth[alike.id], team


def _flags(rng: np.random.Generator, count: int = 90) -> list[Row]:
    """Rows with any of three flags, that their words give away."""
    rows: list[Row] = []
    for _ in range(count):
        held = [flag for flag in WORDS if rng.random() < 0.4]
        words = [word for flag in held for word in rng.choice(WORDS[flag], 3)]
        rows.append((sentence([*words, "today"], rng) + " ".join(words), {"flags": tuple(held)}))
    return rows


def test_flags_are_learnt_also_where_none_holds(rng: np.random.Generator) -> None:
    fitted = fit(_flags(rng), "flags")
    _is_sound(fitted.classifier)
    outcomes = examine(fitted.classifier, fitted.sets.test).outcomes["flags"]
    assert np.mean(outcomes.answered == outcomes.truth) > 0.8


def test_a_flag_that_every_row_carries_is_learnt(rng: np.random.Generator) -> None:
    rows = [(text, {"flags": ("always", *held["flags"])}) for text, held in _flags(rng)]
    classifier = fit(rows, "flags").classifier
    _is_sound(classifier)
    assert "always" in _answers(classifier, "my refund today")[0]["flags"].labels


def test_a_flag_of_one_row_is_learnt(rng: np.random.Generator) -> None:
    rows = [*_flags(rng), ("journalist writes an article", {"flags": ("press",)})]
    classifier = fit(rows, "flags").classifier
    _is_sound(classifier)
    assert "press" in classifier.model_of("flags").labels


def test_novel_sets_are_reviewed_by_the_service_and_by_the_evaluation(
    rng: np.random.Generator,
) -> None:
    rows = [(text, held) for text, held in _flags(rng) if held["flags"]]
    fitted = fit(rows, "flags")
    (model,) = fitted.classifier.models
    limit = model.policy.novelty_limit
    strict = replace(model, policy=replace(model.policy, novelty_limit=0.5))
    classifier = replace(fitted.classifier, models=(strict,))
    served = classifier.classify_batch([one.message for one in fitted.sets.test.examples])
    choices = [one["flags"] for one in served if isinstance(one, Answer)]
    novel = [one for one in choices if one.novelty is not None and one.novelty >= 0.5]
    routes = examine(classifier, fitted.sets.test).outcomes["flags"].routes
    assert limit == 0.96
    assert novel
    assert {(one.route, one.reason) for one in novel} == {(Route.REVIEW, Reason.NOVEL)}
    assert list(routes) == [one.route for one in choices]


def test_flags_that_no_row_carries_are_refused() -> None:
    rows: list[Row] = [(f"text {word}", {"flags": ()}) for word in WORDS["billing"]]
    some = Dimension(name="flags", kind=Kind.MULTI, labels=(Label(name="urgent"),))
    with pytest.raises(NotEnoughData) as refused:
        fit(rows, taxonomy=Taxonomy(dimensions=(some,)))
    assert refused.value.problem.startswith("Cannot learn dimension 'flags': 0 labelled texts")


def test_rows_of_a_parent_and_of_its_children_are_told_apart(rng: np.random.Generator) -> None:
    paths = {"billing": "money", "access": "money/refunds", "delivery": "money/fees/late"}
    rows = [(text, {"team": (paths[labels["team"][0]],)}) for text, labels in tickets(rng)]
    fitted = fit(rows)
    _is_sound(fitted.classifier)
    assert set(fitted.classifier.models[0].labels) == set(paths.values())
    assert _accuracy(fitted) > 0.9


def test_a_dimension_that_hardly_any_row_answers_is_refused(rng: np.random.Generator) -> None:
    rows = tickets(rng)
    rows[0] = (rows[0][0], {**rows[0][1], "mood": ("glad",)})
    with pytest.raises(NotEnoughData) as refused:
        fit(rows)
    assert "'mood': 1 labelled text, at least 2 needed" in refused.value.problem


def test_a_taxonomy_of_other_dimensions_is_refused(rng: np.random.Generator) -> None:
    other = Taxonomy(dimensions=(Dimension(name="mood", labels=(Label(name="glad"),)),))
    with pytest.raises(NotEnoughData):
        fit(tickets(rng), taxonomy=other)


def test_a_label_that_the_taxonomy_lacks_is_named(rng: np.random.Generator) -> None:
    rows = tickets(rng)
    (team,) = taxonomy_of(dataset_of(rows)).dimensions
    fewer = Taxonomy(dimensions=(replace(team, labels=team.labels[1:]),))
    with pytest.raises(UnknownLabels) as refused:
        fit(rows, taxonomy=fewer)
    assert team.labels[0].name in refused.value.problem
