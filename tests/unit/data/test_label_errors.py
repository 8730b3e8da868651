"""Confident learning: who is suspected, in which order, and how many are expected."""

import tracemalloc

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sortyard.data.beliefs import KEPT, Beliefs, Carried
from sortyard.data.label_errors import GLARING, Suspects, suspects

LAW = settings(max_examples=40, deadline=None)
seeds = st.integers(0, 10_000)


def names(count: int) -> list[str]:
    return [f"l{number}" for number in range(count)]


def of_one(
    labels: NDArray[np.intp], chances: NDArray[np.float64], *, paths: list[str] | None = None
) -> Suspects:
    paths = paths or names(chances.shape[1])
    carried = Carried.of([[int(label)] for label in labels], paths)
    blocks = [(np.arange(len(labels)), chances)]
    return suspects(Beliefs.gather(carried, blocks), exclusive=True)


def of_several(held: NDArray[np.bool_], chances: NDArray[np.float64]) -> Suspects:
    carried = Carried.of([np.flatnonzero(row).tolist() for row in held], names(held.shape[1]))
    blocks = [(np.arange(len(held)), chances)]
    return suspects(Beliefs.gather(carried, blocks), exclusive=False)


def drawn(
    rng: np.random.Generator, rows: int, count: int
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Labels of which a tenth are wrong, and chances that mostly know the right ones."""
    truth = rng.integers(count, size=rows)
    scores = rng.standard_normal((rows, count))
    scores[np.arange(rows), truth] += 3.0
    chances = np.exp(scores)
    chances /= chances.sum(axis=1, keepdims=True)
    wrong = rng.random(rows) < 0.1
    return np.where(wrong, rng.integers(count, size=rows), truth), chances


@LAW
@given(seeds, st.integers(2, 8))
def test_the_published_formulas_say_how_many_labels_are_wrong(seed: int, count: int) -> None:
    """The calibrated confident joint of the paper, counted cell by cell."""
    labels, chances = drawn(np.random.default_rng(seed), 80, count)
    means = [chances[labels == one, one].mean() for one in range(count) if (labels == one).any()]
    mean = dict(zip([one for one in range(count) if (labels == one).any()], means, strict=True))
    joint = np.zeros((count, count))
    for label, row in zip(labels, chances, strict=True):
        above = {one: row[one] for one in mean if row[one] >= mean[one] - 1e-6}
        if above:
            joint[label, max(above, key=lambda one: above[one])] += 1
    expected = 0.0
    for label in mean:
        told = joint[label].sum()
        if told:
            off = told - joint[label, label]
            expected += off / told * (labels == label).sum()
    found = of_one(labels, chances)
    glaring = sum(one.doubt >= GLARING for one in found.ranked)
    assert found.expected == min(max(round(expected), glaring), len(found.ranked))


@LAW
@given(seeds, st.integers(2, 8))
def test_what_falls_furthest_below_the_usual_comes_first(seed: int, count: int) -> None:
    labels, chances = drawn(np.random.default_rng(seed), 80, count)
    found = of_one(labels, chances)
    own = chances[np.arange(80), labels]
    usual = np.array([own[labels == label].mean() for label in labels])
    shares = [own[one.row] / usual[one.row] for one in found.ranked]
    assert shares == sorted(shares)
    assert {one.row for one in found.ranked} == set(np.flatnonzero(chances.max(axis=1) > own))


@LAW
@given(seeds, st.integers(2, 30))
def test_renaming_the_labels_changes_no_suspect(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    labels, chances = drawn(rng, 60, count)
    new = rng.permutation(count)
    renamed = np.empty_like(chances)
    renamed[:, new] = chances
    before, after = of_one(labels, chances), of_one(new[labels], renamed)
    assert [one.row for one in before.listed] == [one.row for one in after.listed]
    assert [new[one.likely[0]] for one in before.listed] == [one.likely[0] for one in after.listed]


@LAW
@given(seeds, st.integers(2, 8))
def test_the_order_of_the_rows_changes_no_suspect(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    labels, chances = drawn(rng, 60, count)
    order = rng.permutation(60)
    before, after = of_one(labels, chances), of_one(labels[order], chances[order])
    assert [one.row for one in before.listed] == [int(order[one.row]) for one in after.listed]


@LAW
@given(seeds, st.integers(1, 30), st.integers(1, 60))
def test_blocks_of_any_size_say_the_same(seed: int, count: int, size: int) -> None:
    labels, chances = drawn(np.random.default_rng(seed), 60, count)
    carried = Carried.of([[int(label)] for label in labels], names(count))
    cuts = range(0, 60, size)
    blocks = ((np.arange(60)[at : at + size], chances[at : at + size]) for at in cuts)
    whole = of_one(labels, chances)
    assert suspects(Beliefs.gather(carried, blocks), exclusive=True) == whole


@LAW
@given(seeds, st.integers(2, 8))
def test_what_is_right_and_clear_is_not_suspected(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    labels = rng.integers(count, size=60)
    chances = np.full((60, count), 0.1 / max(count - 1, 1))
    chances[np.arange(60), labels] = rng.uniform(0.9, 1.0, 60)
    found = of_one(labels, chances)
    assert found.ranked == ()
    assert found.expected == 0
    assert found.judged == 60


def test_a_flipped_label_is_the_first_suspect() -> None:
    labels, chances = np.repeat(np.arange(3), 20), np.full((60, 3), 0.05)
    chances[np.arange(60), labels] = 0.9
    labels[7] = 2
    first = of_one(labels, chances).ranked[0]
    assert (first.row, first.given, first.likely) == (7, (2,), (0,))
    assert (first.chance_given, first.chance_likely) == (0.05, 0.9)


def test_no_row_and_no_label_is_nobody_to_suspect() -> None:
    nothing = Carried.of([], [])
    assert suspects(Beliefs.gather(nothing, []), exclusive=True) == Suspects((), 0, 0)
    assert suspects(Beliefs.gather(nothing, []), exclusive=False) == Suspects((), 0, 0)


def test_one_label_alone_is_never_wrong() -> None:
    found = of_one(np.zeros(5, np.intp), np.full((5, 1), 0.3))
    assert found.ranked == ()


def test_a_label_that_its_judge_could_not_know_is_not_held_against_its_rows() -> None:
    """The only row of a label is judged by what never saw one."""
    labels, chances = np.repeat([0, 1, 2], [10, 10, 1]), np.full((21, 3), 0.05)
    chances[np.arange(21), labels] = 0.9
    chances[20] = 0.9, 0.1, np.nan
    found = of_one(labels, chances)
    assert 20 not in {one.row for one in found.ranked}
    assert found.judged == 20


def test_a_parent_is_no_mistake_for_its_child_nor_the_other_way_round() -> None:
    paths = ["billing", "billing/refunds", "access"]
    labels, chances = np.repeat([0, 1, 2], 10), np.full((30, 3), 0.05)
    chances[np.arange(30), labels] = 0.9
    chances[0] = 0.05, 0.9, 0.05  # less exact than it is told
    chances[10] = 0.9, 0.05, 0.05  # more exact
    chances[20] = 0.9, 0.05, 0.05  # wrong
    assert [one.row for one in of_one(labels, chances, paths=paths).ranked] == [20]
    assert {one.row for one in of_one(labels, chances).ranked} == {0, 10, 20}


def test_a_rare_label_that_is_always_told_with_doubt_is_not_accused_for_it() -> None:
    labels = np.repeat([0, 1], [50, 10])
    chances = np.where(labels[:, None] == 0, [[0.95, 0.05]], [[0.6, 0.4]])
    assert of_one(labels, chances).expected == 0


def test_of_thousands_of_labels_only_the_likeliest_are_kept(rng: np.random.Generator) -> None:
    labels, chances = drawn(rng, 50, 1_000)
    carried = Carried.of([[int(label)] for label in labels], names(1_000))
    assert Beliefs.gather(carried, [(np.arange(50), chances)]).labels.shape == (50, KEPT)


def test_memory_grows_with_the_rows_and_not_with_rows_times_labels(
    rng: np.random.Generator,
) -> None:
    """All chances at once would be 80 MB."""
    labels = rng.integers(5_000, size=2_000)
    carried = Carried.of([[int(label)] for label in labels], names(5_000))
    blocks = ((np.arange(at, at + 100), rng.random((100, 5_000))) for at in range(0, 2_000, 100))
    tracemalloc.start()
    found = suspects(Beliefs.gather(carried, blocks), exclusive=True)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.judged == 2_000
    assert peak < 30_000_000


@LAW
@given(seeds, st.integers(1, 6))
def test_right_answers_with_several_labels_are_not_suspected(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    held = rng.random((60, count)) < 0.4
    chances = np.where(held, rng.uniform(0.8, 1.0, held.shape), rng.uniform(0.0, 0.2, held.shape))
    assert of_several(held, chances) == Suspects((), 0, 60)


def test_a_missing_label_and_one_too_many_are_found(rng: np.random.Generator) -> None:
    held = rng.random((80, 3)) < 0.4
    chances = np.where(held, 0.9, 0.1)
    held[3] = [True, False, False]
    chances[3] = 0.9, 0.95, 0.1  # one is missing
    held[5] = [True, False, True]
    chances[5] = 0.9, 0.1, 0.02  # one is too many
    found = of_several(held, chances)
    assert {one.row: one.likely for one in found.listed} == {3: (0, 1), 5: (0,)}
    assert found.expected == 2


def test_what_is_glaring_is_listed_though_too_little_is_believed_to_count_it() -> None:
    """The other label falls a little short of what is usual for it."""
    labels, chances = np.repeat([0, 1], 10), np.full((20, 2), 0.02)
    chances[np.arange(20), labels] = 0.98
    labels[0], chances[0] = 1, (0.97, 0.03)
    found = of_one(labels, chances)
    assert [one.row for one in found.listed] == [0]


def test_no_label_may_be_the_likely_answer(rng: np.random.Generator) -> None:
    held = rng.random((80, 3)) < 0.4
    chances = np.where(held, 0.9, 0.1)
    held[3] = [False, True, False]
    chances[3] = 0.01
    assert of_several(held, chances).ranked[0].likely == ()
