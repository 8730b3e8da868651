"""Batches: every row in its turn, similar lengths together, good company, little memory."""

import tracemalloc
from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.domain.taxonomy import Kind
from sortyard.training.truth import Truth
from sortyard.training.tuning.batches import WINDOW, Batches
from sortyard.training.tuning.companions import Companions, Shelf
from sortyard.training.tuning.course import Subject
from sortyard.training.tuning.rivals import Rivals, families_of

counts = st.integers(1, 400)
sizes = st.integers(1, 9)
seeds = st.integers(0, 1_000)


def plain(rows: int, size: int, seed: int = 1) -> Batches:
    lengths = np.random.default_rng(seed).integers(3, 40, size=rows)
    return Batches(lengths=lengths, repeats=np.ones(rows), size=size, seed=seed)


def subject_of(labels: list[int], count: int) -> Subject:
    return Subject(
        name="team",
        rows=np.arange(len(labels)),
        truth=Truth(Kind.SINGLE, count, np.array(labels)),
        labels=tuple(map(str, range(count))),
        cards=tuple(map(str, range(count))),
    )


@given(counts, sizes, seeds)
def test_an_epoch_has_every_row_once(rows: int, size: int, seed: int) -> None:
    batches = plain(rows, size, seed)
    found = list(batches.epoch(0))

    assert len(found) == batches.steps
    assert max(map(len, found)) <= size
    assert np.sort(np.concatenate(found)).tolist() == list(range(rows))


@given(counts, sizes, st.integers(0, 60))
def test_an_epoch_can_be_taken_up_in_the_middle(rows: int, size: int, skip: int) -> None:
    batches = plain(rows, size)
    whole = [one.tolist() for one in batches.epoch(2)]

    assert [one.tolist() for one in batches.epoch(2, skip=skip)] == whole[skip:]


def test_epochs_differ() -> None:
    first, second = (next(iter(plain(100, 8).epoch(number))).tolist() for number in (0, 1))

    assert first != second


def test_little_is_padded() -> None:
    batches = plain(WINDOW * 8 * 4, 8)
    padded = sum(batches.lengths[one].max() * len(one) for one in batches.epoch(0))

    assert padded < 1.1 * batches.lengths.sum()


@given(st.lists(st.floats(0.0, 5.0), min_size=1, max_size=60), seeds)
def test_a_row_comes_as_often_as_its_share(repeats: list[float], seed: int) -> None:
    wanted = np.array([*repeats, 1.0])
    batches = Batches(
        lengths=np.ones(len(wanted), dtype=np.int64), repeats=wanted, size=1, seed=seed
    )
    found = np.bincount(np.concatenate(list(batches.epoch(0))), minlength=len(wanted))
    exact = wanted * batches.drawn / wanted.sum()

    assert found.sum() == batches.drawn
    assert (np.abs(found - exact) < 1.0 + 1e-6).all()


@given(st.lists(st.integers(0, 3), min_size=2, max_size=80), seeds)
def test_company_is_a_partner_and_a_rival(labels: list[int], seed: int) -> None:
    subject = subject_of(labels, 4)
    directions = np.eye(4, dtype=np.float32)
    rivals = Rivals.of(directions, families_of(("a/1", "a/2", "b/1", "b/2")))
    texts = np.arange(len(labels))
    company = Companions([Shelf.of(subject, len(labels), rivals)], partners=1, rivals=1)
    partners, others = company.draw(texts, np.random.default_rng(seed)).T
    truth = subject.truth.single

    assert (truth[partners] == truth).all()
    assert (truth[others[others >= 0]] != truth[others >= 0]).all()


def test_a_sibling_is_the_most_frequent_rival() -> None:
    labels = [row % 4 for row in range(400)]
    rivals = Rivals.of(np.eye(4, dtype=np.float32), families_of(("a/1", "a/2", "b/1", "b/2")))
    shelf = Shelf.of(subject_of(labels, 4), 400, rivals)
    drawn = Companions([shelf], partners=0, rivals=1).draw(
        np.arange(0, 400, 4), np.random.default_rng(5)
    )

    assert np.bincount(np.array(labels)[drawn[:, 0]], minlength=4).argmax() == 1


def test_a_row_without_labels_comes_alone() -> None:
    held = np.array([[False, False], [True, True], [True, False]])
    subject = Subject(
        name="flags",
        rows=np.arange(3),
        truth=Truth(Kind.MULTI, 2, held),
        labels=("a", "b"),
        cards=("a", "b"),
    )
    company = Companions([Shelf.of(subject, 3)], partners=1, rivals=0)
    found = company.draw(np.array([0, 1, 2]), np.random.default_rng(1))[:, 0]

    assert found[0] == -1
    assert set(found[1:].tolist()) <= {1, 2}


def test_rows_look_for_company_where_they_teach() -> None:
    """A row of one dimension only never meets company by the labels of another."""
    first, second = subject_of([0, 0, 1, 1], 2), subject_of([0, 1], 2)
    second = Subject(
        name="late",
        rows=np.array([4, 5]),
        truth=second.truth,
        labels=second.labels,
        cards=second.cards,
    )
    company = Companions([Shelf.of(one, 6) for one in (first, second)], partners=1, rivals=0)
    found = company.draw(np.arange(6), np.random.default_rng(1))[:, 0]

    assert found[4:].tolist() == [4, 5]
    assert set(found[:2].tolist()) <= {0, 1}


@pytest.mark.slow
def test_a_million_rows_of_thousands_of_labels_fit() -> None:
    """Pairs are drawn, never listed: there would be hundreds of millions."""
    rng = np.random.default_rng(1)
    rows, labels = 1_000_000, 5_000
    subject = subject_of(rng.integers(labels, size=rows).tolist(), labels)
    directions = rng.normal(size=(labels, 32)).astype(np.float32)
    lengths = rng.integers(3, 128, size=rows)
    tracemalloc.start()
    try:
        rivals = Rivals.of(directions, np.arange(labels))
        batches = Batches(
            lengths=lengths,
            repeats=np.ones(rows),
            size=32,
            seed=1,
            companions=Companions([Shelf.of(subject, rows, rivals)], partners=1, rivals=2),
        )
        found = list(islice(batches.epoch(0), 100))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert len(found) == 100
    assert peak < 200_000_000
