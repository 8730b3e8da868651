"""What dimensions learn from, and which examples a row may be near to."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sortyard.domain.taxonomy import Kind
from sortyard.models.neighbours import FAR
from sortyard.training import material
from sortyard.training.material import GONE, Material, choose_reference
from sortyard.training.truth import Truth
from tests.unit.training.archives import material_of

ROWS, LABELS = 24, 3


def _of_length_one(rng: np.random.Generator, rows: int = ROWS) -> NDArray[np.float32]:
    vectors = rng.standard_normal((rows, 4)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _made(rng: np.random.Generator) -> Material:
    reference = np.sort(rng.permutation(ROWS)[:15])
    return material_of(_of_length_one(rng), rng.integers(3, size=ROWS).tolist(), reference.tolist())


def _truth(rng: np.random.Generator, kind: Kind) -> Truth:
    if kind is Kind.SINGLE:
        return Truth(kind, LABELS, rng.integers(LABELS, size=ROWS))
    return Truth(kind, LABELS, rng.random((ROWS, LABELS)) < 0.4)


def _by_hand(made: Material, truth: Truth) -> NDArray[np.float32]:
    """Look at every example of every label for every row."""
    labels = truth.as_sets()
    scores = np.full((len(made.texts), truth.count), FAR, dtype=np.float32)
    for row, sentence in enumerate(made.look.sentences):
        for example in made.reference.tolist():
            if example == GONE or made.folds[example] == made.folds[row]:
                continue
            for label in labels[example]:
                nearest = float(sentence @ made.look.sentences[example])
                scores[row, label] = max(scores[row, label], nearest)
    return scores


@given(st.integers(0, 10_000), st.sampled_from(Kind))
def test_near_is_the_nearest_example_of_another_fold(seed: int, kind: Kind) -> None:
    rng = np.random.default_rng(seed)
    made, truth = _made(rng), _truth(rng, kind)
    every = np.arange(ROWS)
    np.testing.assert_allclose(made.near(truth, every), _by_hand(made, truth), atol=1e-6)


@given(st.integers(0, 10_000), st.sampled_from(Kind))
def test_near_also_holds_when_some_rows_are_left_out(seed: int, kind: Kind) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.permutation(ROWS)[:11]
    part, truth = _made(rng).take(rows), _truth(rng, kind).take(rows)
    asked = rng.permutation(11)[:5]
    np.testing.assert_allclose(part.near(truth, asked), _by_hand(part, truth)[asked], atol=1e-6)


def test_near_is_the_same_a_few_rows_at_a_time(
    rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, truth = _made(rng), _truth(rng, Kind.SINGLE)
    whole = made.near(truth, np.arange(ROWS))
    monkeypatch.setattr(material, "ROWS_AT_ONCE", 5)
    np.testing.assert_allclose(made.near(truth, np.arange(ROWS)), whole, atol=1e-6)


@given(st.integers(0, 10_000), st.integers(0, ROWS))
def test_taken_rows_keep_all_that_belongs_to_them(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    made, rows = _made(rng), rng.permutation(ROWS)[:count]
    part = made.take(rows)
    assert part.texts == [made.texts[row] for row in rows]
    np.testing.assert_array_equal(part.look.sentences, made.look.sentences[rows])
    np.testing.assert_array_equal(part.wording.toarray(), made.wording[rows].toarray())
    np.testing.assert_array_equal(part.folds, made.folds[rows])


@given(st.integers(0, 10_000), st.integers(0, ROWS), st.integers(0, ROWS))
def test_an_example_keeps_its_place_however_often_rows_are_taken(
    seed: int, first: int, second: int
) -> None:
    rng = np.random.default_rng(seed)
    made = _made(rng)
    once = made.take(rng.permutation(ROWS)[:first])
    part = once.take(rng.permutation(first)[:second])
    found = [None if row == GONE else part.texts[row] for row in part.reference]
    expected = [made.texts[row] for row in made.reference]
    assert found == [text if text in part.texts else None for text in expected]


def test_the_index_of_a_dimension_names_the_places_of_the_whole_reference() -> None:
    """A dimension asked of the last rows only still names the examples as the release does."""
    made = material_of(np.eye(5, dtype=np.float32), [0, 1, 0, 1, 0])
    part = made.take(np.array([3, 4]))
    index = part.neighbours(Truth(Kind.SINGLE, 2, np.array([1, 0])))
    assert (index.labels_of(3), index.labels_of(4), index.labels_of(0)) == ((1,), (0,), ())


def test_each_fold_is_held_out_once() -> None:
    made = material_of(np.eye(4, dtype=np.float32), [2, 0, 2, 5])
    found = [(turn.inside.tolist(), turn.outside.tolist()) for turn in made.turns()]
    assert found == [([0, 2, 3], [1]), ([1, 3], [0, 2]), ([0, 1, 2], [3])]


def test_one_fold_holds_nothing_out() -> None:
    assert list(material_of(np.eye(2, dtype=np.float32), [1, 1]).turns()) == []


def test_a_fold_is_held_out_with_a_look_that_never_saw_it(rng: np.random.Generator) -> None:
    made = _made(rng)
    unseen = {
        fold: replace(made.look, sentences=made.look.sentences + np.float32(1 + fold))
        for fold in range(3)
    }
    tuned = replace(made, unseen=unseen)
    for turn in tuned.turns():
        (fold,) = set(made.folds[turn.outside].tolist())
        assert turn.material.look is unseen[fold]
        assert not turn.material.unseen


def test_rows_are_taken_from_every_look(rng: np.random.Generator) -> None:
    made = _made(rng)
    tuned = replace(made, unseen={0: made.look})
    rows = np.array([0, 4])
    np.testing.assert_array_equal(tuned.take(rows).unseen[0].sentences, made.look.sentences[rows])


labelled = st.lists(st.lists(st.sampled_from("abcd"), max_size=2, unique=True), max_size=40)


@given(labelled, st.integers(0, 45), st.integers(0, 100))
def test_as_many_examples_are_chosen_as_fit(rows: list[list[str]], most: int, seed: int) -> None:
    found = choose_reference(rows, most, np.random.default_rng(seed)).tolist()
    assert found == sorted(set(found))
    assert len(found) == min(most, len(rows))


@given(st.integers(1, 5), st.integers(0, 100))
def test_a_frequent_label_does_not_crowd_out_rare_ones(rare: int, seed: int) -> None:
    rows = [["common"]] * 500 + [["rare"]] * rare + [["also rare"]] * rare
    chosen = choose_reference(rows, 30, np.random.default_rng(seed))
    assert {row for row in chosen.tolist() if row >= 500} == set(range(500, 500 + 2 * rare))


def test_labels_share_the_examples_evenly(rng: np.random.Generator) -> None:
    rows = [["a"]] * 300 + [["b"]] * 100 + [["c"]] * 50
    chosen = choose_reference(rows, 60, rng)
    assert np.histogram(chosen, [0, 300, 400, 450])[0].tolist() == [20, 20, 20]
