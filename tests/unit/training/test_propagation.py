"""Beliefs spread to near texts, and to nobody else."""

import numpy as np
import pytest

from sortyard.training.propagation import Graph

EVEN = np.array([0.5, 0.5])


def chains(rng: np.random.Generator, *, length: int = 40) -> np.ndarray:
    """Two arcs of a circle that do not meet, (2 * length, 3)."""
    steps = np.linspace(0.0, 2.0, length)
    first = np.stack([np.cos(steps), np.sin(steps), np.full(length, 0.6)], axis=1)
    second = np.stack([np.cos(steps), np.sin(steps), np.full(length, -0.6)], axis=1)
    both = np.concatenate([first, second]) + rng.normal(0.0, 0.01, (2 * length, 3))
    return both.astype(np.float32)


def beginnings(rows: int, *told: tuple[int, int]) -> np.ndarray:
    first = np.zeros((rows, 2), dtype=np.float32)
    for row, label in told:
        first[row, label] = 1.0
    return first


def test_what_one_end_of_a_chain_is_told_reaches_the_other(rng: np.random.Generator) -> None:
    vectors = chains(rng)
    found = Graph.of(vectors).spread(beginnings(80, (0, 0), (40, 1)), EVEN)
    assert found.argmax(axis=1).tolist() == [0] * 40 + [1] * 40


def test_beliefs_of_a_text_sum_to_one(rng: np.random.Generator) -> None:
    found = Graph.of(chains(rng)).spread(beginnings(80, (0, 0), (40, 1)), EVEN)
    assert found.sum(axis=1) == pytest.approx(np.ones(80), abs=1e-5)


def test_what_nothing_reaches_believes_in_all_labels_alike(rng: np.random.Generator) -> None:
    found = Graph.of(chains(rng)).spread(beginnings(80), EVEN)
    assert np.unique(found).tolist() == [0.5]


def test_the_order_of_the_texts_decides_nothing(rng: np.random.Generator) -> None:
    vectors, first = chains(rng), beginnings(80, (0, 0), (40, 1))
    order = rng.permutation(80)
    found = Graph.of(vectors).spread(first, EVEN)
    turned = Graph.of(vectors[order]).spread(first[order], EVEN)
    assert turned == pytest.approx(found[order], abs=1e-3)


def test_a_frequent_label_is_believed_in_more(rng: np.random.Generator) -> None:
    first = beginnings(80, (0, 0), (79, 1))
    graph = Graph.of(chains(rng))
    rare = graph.spread(first, np.array([0.1, 0.9]))
    frequent = graph.spread(first, np.array([0.9, 0.1]))
    assert (frequent[:, 0] >= rare[:, 0]).all()


@pytest.mark.parametrize("texts", [1, 2, 5])
def test_few_texts_have_a_graph_too(texts: int, rng: np.random.Generator) -> None:
    vectors = rng.normal(size=(texts, 4)).astype(np.float32)
    found = Graph.of(vectors).spread(beginnings(texts, (0, 1)), EVEN)
    assert found[0].argmax() == 1
