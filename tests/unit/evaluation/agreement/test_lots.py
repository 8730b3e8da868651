"""Intervals hold what they promise, with few messages and with many."""

import numpy as np
import pytest

from sortyard.evaluation.agreement import lots as lots_module
from sortyard.evaluation.agreement.lots import MOST, Lots
from sortyard.evaluation.agreement.overall import measure_overall
from tests.unit.evaluation.agreement.votes_for_tests import simulated, votes_of


def test_the_first_data_set_is_the_file_itself(rng):
    lots = Lots.deal(votes_of([["a", "b"]] * 7), rng=rng, replicates=5)

    assert lots.draws.shape == (6, 7)
    assert (lots.draws[0] == 1).all()
    assert (lots.draws.sum(axis=1) == 7).all()


def test_lots_are_of_one_size_and_never_more_than_the_most(rng):
    lots = Lots.deal(votes_of([["a", "b"]] * 1_201 + [["a", None]]), rng=rng, replicates=2)
    sizes = np.bincount(lots.lot[lots.lot >= 0])

    assert (len(sizes), set(sizes.tolist())) == (MOST, {2, 3})
    assert lots.lot[-1] == -1


def test_the_same_seed_gives_the_same_interval(rng):
    votes, _ = simulated(rng, messages=50, annotators=3, labels=3, right=0.8)
    one, other = (
        measure_overall(votes, Lots.deal(votes, rng=np.random.default_rng(5), replicates=100))
        for _ in range(2)
    )

    assert one == other


def test_lots_are_as_wide_as_single_messages(rng, monkeypatch):
    votes, _ = simulated(rng, messages=3_000, annotators=3, labels=3, right=0.8)

    def width():
        found = measure_overall(votes, Lots.deal(votes, rng=rng, replicates=2_000))
        return found.alpha.interval.high - found.alpha.interval.low

    dealt = width()
    monkeypatch.setattr(lots_module, "MOST", 3_000)

    assert dealt == pytest.approx(width(), rel=0.15)


def test_intervals_hold_the_figure_of_the_whole_about_as_often_as_they_say():
    """Nineteen of twenty; of 60 intervals at least 50 do with all but certainty."""
    rng = np.random.default_rng(8)
    population, _ = simulated(rng, messages=20_000, annotators=3, labels=4, right=(0.9, 0.8, 0.7))
    whole = measure_overall(population, Lots.deal(population, rng=rng, replicates=1)).alpha.value
    held = 0
    for _ in range(60):
        votes, _ = simulated(rng, messages=150, annotators=3, labels=4, right=(0.9, 0.8, 0.7))
        found = measure_overall(votes, Lots.deal(votes, rng=rng, replicates=200))
        held += whole in found.alpha.interval

    assert held >= 50
