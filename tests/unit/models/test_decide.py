"""From any probabilities to choices that the domain accepts."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sortyard.domain.policy import DimensionPolicy, Thresholds
from sortyard.domain.predictions import Choice, Reason, Route, Stage
from sortyard.domain.taxonomy import Dimension, Kind, Label
from sortyard.models.cascade import Judgement
from sortyard.models.classifier import Classifier
from sortyard.models.decide import decide, nothing_to_read
from sortyard.models.dimension import DimensionModel
from sortyard.models.hierarchy import LabelTree
from sortyard.models.isotonic import Curve

FEW = settings(max_examples=40, deadline=None)  # a busy machine breaks no law
NAMES = ("a/x", "a/y", "b/x", "b/y", "c", "d", "e")
COUNT = len(NAMES)
DIMENSION = Dimension(
    name="one",
    labels=(
        *(Label(name=name, children=(Label(name="x"), Label(name="y"))) for name in "ab"),
        *(Label(name=name) for name in "cde"),
    ),
)
CHANCE = st.sampled_from([0.0, 0.25, 0.5, 1.0]) | st.floats(0.0, 1.0, width=32)  # with ties
TABLE = arrays(np.float32, st.tuples(st.integers(1, 4), st.just(COUNT)), elements=CHANCE)
CUTS = arrays(np.float32, COUNT, elements=CHANCE)
CANDIDATES = st.integers(0, COUNT + 2)


def model_of(trained: Classifier, kind: Kind, cuts: np.ndarray | None = None) -> DimensionModel:
    """Keep of a trained model only what does not decide."""
    dimension = replace(DIMENSION, kind=kind)
    return replace(
        trained.models[0],
        dimension=dimension,
        tree=LabelTree.of(NAMES),
        cuts=np.full(COUNT, 0.5, dtype=np.float32) if cuts is None else cuts,
        whole=None,
        policy=DimensionPolicy.of(
            dimension,
            target_precision=0.9,
            fallback=Thresholds(0.9, 0.5),
            roll_up={"a": 0.8} if kind is Kind.SINGLE else {},
            novelty_limit=0.96,
        ),
    )


def judged(table: np.ndarray, *, novelty: float = 0.0, read: bool = False) -> Judgement:
    never = np.zeros(len(table), dtype=np.bool_)
    return Judgement(table, np.full(len(table), novelty), np.full(len(table), read), never)


def shares(table: np.ndarray) -> np.ndarray:
    """Make rows of probabilities sum to one, as those of a single dimension do."""
    sums = table.sum(axis=1, keepdims=True)
    even = np.full_like(table, 1.0 / COUNT)
    return np.where(sums > 0.0, table / np.where(sums > 0.0, sums, 1.0), even)


def is_sorted(choice: Choice) -> bool:
    shown = [one.confidence for one in choice.candidates]
    labels = {one.label for one in choice.candidates}
    return shown == sorted(shown, reverse=True) and len(labels) == len(shown)


@FEW
@given(TABLE, CANDIDATES)
def test_a_single_choice_shows_the_best_first(
    trained: Classifier, table: np.ndarray, count: int
) -> None:
    model = model_of(trained, Kind.SINGLE)
    for choice in decide(model, judged(shares(table)), candidates=count):
        assert is_sorted(choice)
        assert len(choice.candidates) == min(count, COUNT)


@FEW
@given(TABLE, st.integers(1, COUNT))
def test_a_single_choice_is_its_best_candidate_or_a_parent(
    trained: Classifier, table: np.ndarray, count: int
) -> None:
    model = model_of(trained, Kind.SINGLE)
    for choice in decide(model, judged(shares(table)), candidates=count):
        best = choice.candidates[0]
        if choice.reason is Reason.ROLLED_UP:
            assert best.label.startswith(f"{choice.label}/")
        else:
            assert (choice.label, choice.confidence) == (best.label, best.confidence)


@FEW
@given(TABLE, CUTS, CANDIDATES)
def test_a_set_holds_every_label_over_its_cut_and_no_other(
    trained: Classifier, table: np.ndarray, cuts: np.ndarray, count: int
) -> None:
    model = model_of(trained, Kind.MULTI, cuts)
    for row, choice in enumerate(decide(model, judged(table), candidates=count)):
        over = {name for name, held in zip(NAMES, table[row] >= cuts, strict=True) if held}
        assert set(choice.labels) == over
        assert len(choice.labels) == len(over)


@FEW
@given(TABLE, CUTS, CANDIDATES)
def test_candidates_of_a_set_are_sorted_and_hold_its_labels(
    trained: Classifier, table: np.ndarray, cuts: np.ndarray, count: int
) -> None:
    model = model_of(trained, Kind.MULTI, cuts)
    for choice in decide(model, judged(table), candidates=count):
        assert is_sorted(choice)
        assert len(choice.candidates) == max(min(count, COUNT), len(choice.labels))
        held = [one.label for one in choice.candidates if one.label in choice.labels]
        assert held == list(choice.labels)


@FEW
@given(TABLE, st.sampled_from(Kind), st.data())
def test_a_row_gets_the_same_choice_alone(
    trained: Classifier, table: np.ndarray, kind: Kind, data: st.DataObject
) -> None:
    model = model_of(trained, kind)
    table = shares(table) if kind is Kind.SINGLE else table
    row = data.draw(st.integers(0, len(table) - 1))
    (alone,) = decide(model, judged(table[[row]]), candidates=3)
    assert decide(model, judged(table), candidates=3)[row] == alone


def test_a_label_under_a_low_cut_is_answered_though_five_others_are_likelier(
    trained: Classifier,
) -> None:
    cuts = np.array([0.9] * 6 + [0.05], dtype=np.float32)
    table = np.array([[0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.1]], dtype=np.float32)
    (choice,) = decide(model_of(trained, Kind.MULTI, cuts), judged(table))
    assert choice.labels == ("e",)
    assert choice.candidates[-1].label == "e"


def test_of_equal_labels_the_first_is_the_answer_and_the_first_candidate(
    trained: Classifier,
) -> None:
    table = np.array([[0.0, 0.0, 0.0, 0.25, 0.25, 0.25, 0.25]], dtype=np.float32)
    (choice,) = decide(model_of(trained, Kind.SINGLE), judged(table), candidates=2)
    assert choice.label == "b/y"
    assert [one.label for one in choice.candidates] == ["b/y", "c"]


def test_a_parent_answers_where_it_is_sure_and_its_leaf_is_not(trained: Classifier) -> None:
    table = np.array([[0.45, 0.5, 0.05, 0, 0, 0, 0]], dtype=np.float32)
    (choice,) = decide(model_of(trained, Kind.SINGLE), judged(table))
    assert (choice.labels, choice.reason) == (("a",), Reason.ROLLED_UP)
    assert choice.route is Route.AUTO


@pytest.mark.parametrize("kind", Kind)
def test_a_novel_message_goes_to_a_person_however_sure(trained: Classifier, kind: Kind) -> None:
    table, model = np.eye(1, COUNT, dtype=np.float32), model_of(trained, kind)
    (familiar,) = decide(model, judged(table))
    (novel,) = decide(model, judged(table, novelty=0.99))
    assert (familiar.route, familiar.reason) == (Route.AUTO, None)
    assert (novel.route, novel.reason) == (Route.REVIEW, Reason.NOVEL)


def test_a_novel_message_without_any_label_goes_to_a_person(trained: Classifier) -> None:
    table = np.zeros((1, COUNT), dtype=np.float32)
    (choice,) = decide(model_of(trained, Kind.MULTI), judged(table, novelty=0.99))
    assert (choice.labels, choice.route, choice.reason) == ((), Route.REVIEW, Reason.NOVEL)


@pytest.mark.parametrize("kind", Kind)
def test_a_label_that_nobody_wrote_for_yet_is_not_strange(trained: Classifier, kind: Kind) -> None:
    model = model_of(trained, kind)
    table = np.eye(1, COUNT, k=COUNT - 1, dtype=np.float32)  # the last label is none with rows
    assert model.with_rows < COUNT
    (choice,) = decide(model, judged(table, novelty=0.99))
    assert (choice.label, choice.route) == ("e", Route.AUTO)


def test_a_choice_says_which_stage_gave_it(trained: Classifier) -> None:
    table, model = np.eye(1, COUNT, dtype=np.float32), model_of(trained, Kind.SINGLE)
    assert decide(model, judged(table, read=True))[0].stage is Stage.ENCODER
    assert decide(model, judged(table))[0].stage is Stage.STATIC


def test_a_probability_a_hair_above_one_is_certainty(trained: Classifier) -> None:
    table = np.eye(1, COUNT, dtype=np.float32) * np.nextafter(np.float32(1), np.float32(2))
    (choice,) = decide(model_of(trained, Kind.SINGLE), judged(table))
    assert choice.confidence == 1.0


def test_the_confidence_of_a_set_is_what_held_out_sets_say(trained: Classifier) -> None:
    scores = np.log(np.array([0.1, 0.9]))
    curve = Curve.fit(np.repeat(scores, 50), np.repeat([False, True], 50))
    model = replace(model_of(trained, Kind.MULTI), whole=curve)
    table = np.array([[0.9] + [0.0] * 6, [0.51] * 2 + [0.49] * 5], dtype=np.float32)
    sure, unsure = decide(model, judged(table))
    assert sure.confidence is not None
    assert unsure.confidence is not None
    assert sure.confidence > 0.8
    assert unsure.confidence < 0.2


def test_no_texts_give_no_choices(trained: Classifier) -> None:
    empty = judged(np.empty((0, COUNT), dtype=np.float32))
    for kind in Kind:
        assert decide(model_of(trained, kind), empty) == []


def test_nothing_to_read_has_no_confidence_and_a_reason() -> None:
    choice = nothing_to_read("one")
    assert (choice.labels, choice.confidence) == ((), None)
    assert (choice.route, choice.reason) == (Route.REVIEW, Reason.EMPTY)
