"""The nearest example of every label, against looking at all of them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sortyard.models.neighbours import FAR, NONE, Neighbours, Reference

LAW = settings(deadline=None)  # a busy machine breaks no law

LABELS = 4
CARRIED = st.lists(st.sets(st.integers(0, LABELS - 1)).map(sorted), max_size=8)


@LAW
@given(CARRIED, st.integers(0, 3), st.data())
def test_the_nearest_is_that_of_brute_force(
    carried: list[list[int]], texts: int, data: st.DataObject
) -> None:
    near = data.draw(
        arrays(np.float32, (len(carried), texts), elements=st.floats(-1.0, 1.0, width=32))
    )
    found = Neighbours.of(carried, LABELS).scores(near)
    expected = np.full((texts, LABELS), FAR)
    for example, labels in enumerate(carried):
        for label in labels:
            expected[:, label] = np.maximum(expected[:, label], near[example])
    np.testing.assert_array_equal(found, expected)


@LAW
@given(CARRIED)
def test_an_example_keeps_its_labels(carried: list[list[int]]) -> None:
    index = Neighbours.of(carried, LABELS)
    found = [list(index.labels_of(example)) for example in range(len(carried))]
    assert found == carried


def test_a_label_without_examples_is_far() -> None:
    scores = Neighbours.of([[0]], 2).scores(np.ones((1, 1), dtype=np.float32))
    np.testing.assert_array_equal(scores, [[1.0, FAR]])


def test_a_text_is_nearest_to_itself(rng: np.random.Generator) -> None:
    vectors = rng.standard_normal((6, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    reference = Reference(vectors, tuple("abcdef"), ("",) * 6)
    np.testing.assert_array_equal(reference.similarities(vectors).argmax(axis=0), np.arange(6))


def test_the_nearest_example_of_a_label_is_found() -> None:
    neighbours = Neighbours.of([[0], [0], [1], []], 3)
    similarities = np.array([[0.1, 0.9], [0.5, 0.2], [FAR, 0.3], [1.0, 1.0]], dtype=np.float32)
    labels = np.array([[0, 1, 2], [3, 1, 0]])

    assert neighbours.nearest(similarities, labels).tolist() == [[1, NONE, NONE], [NONE, 2, 0]]
