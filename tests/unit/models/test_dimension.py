"""How far an answer is from being another one, and which answers a student leaves to others."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sortyard.domain.taxonomy import Kind
from sortyard.models.classifier import Classifier
from sortyard.models.dimension import STRANGE, lead_of, set_scores
from sortyard.models.line import Judged

FEW = settings(max_examples=40, deadline=None)  # a busy machine breaks no law
CHANCE = st.floats(0.0, 1.0, width=32)
TABLE = arrays(np.float32, (3, 4), elements=CHANCE)
CUTS = arrays(np.float32, 4, elements=CHANCE)


@FEW
@given(TABLE, CUTS)
def test_a_single_lead_is_that_of_the_best_over_the_next(
    table: np.ndarray, cuts: np.ndarray
) -> None:
    best = np.sort(table, axis=1)
    np.testing.assert_array_equal(lead_of(table, cuts, Kind.SINGLE), best[:, -1] - best[:, -2])


@FEW
@given(TABLE, CUTS)
def test_a_multi_lead_is_the_distance_to_the_nearest_cut(
    table: np.ndarray, cuts: np.ndarray
) -> None:
    expected = np.abs(table - cuts).min(axis=1)
    np.testing.assert_array_equal(lead_of(table, cuts, Kind.MULTI), expected)


@FEW
@given(TABLE, CUTS, st.permutations(range(4)), st.sampled_from(Kind))
def test_the_order_of_labels_makes_no_lead(
    table: np.ndarray, cuts: np.ndarray, order: list[int], kind: Kind
) -> None:
    found = lead_of(table[:, order], cuts[order], kind)
    np.testing.assert_array_equal(found, lead_of(table, cuts, kind))


def test_one_label_alone_leads_by_everything() -> None:
    table = np.ones((2, 1), dtype=np.float32)
    np.testing.assert_array_equal(lead_of(table, table[0] * 0.5, Kind.SINGLE), [1.0, 1.0])


@FEW
@given(TABLE, CUTS)
def test_the_score_of_a_set_is_a_chance_in_logarithms(table: np.ndarray, cuts: np.ndarray) -> None:
    parts = np.where(table >= cuts, table, 1 - table).astype(np.float64)
    found = np.exp(set_scores(table, cuts))
    assert ((found >= 0.0) & (found <= 1.0)).all()
    np.testing.assert_allclose(found, parts.prod(axis=1), rtol=1e-4, atol=1e-8)


def test_a_small_lead_and_a_strange_text_go_on(trained: Classifier) -> None:
    model = replace(trained.models[0], lead=0.3)
    table = np.array([[0.6, 0.4, 0, 0], [0.9, 0.1, 0, 0], [0.9, 0.1, 0, 0]], dtype=np.float32)
    novelty = np.array([0.0, STRANGE, 1.0])
    np.testing.assert_array_equal(model.goes_on(Judged(table, novelty)), [True, False, True])
