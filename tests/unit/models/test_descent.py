"""A label tree as one classifier: chances add up, and a tree of one level is none."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from sortyard.domain.taxonomy import ancestors
from sortyard.models.bundle import open_bundle
from sortyard.models.cascade import Depth
from sortyard.models.classifier import Classifier
from sortyard.models.descent import Descent, Way
from sortyard.models.hierarchy import LabelTree
from tests.contracts.tiny_release import (
    HASH_ENGINES,
    RECIPE,
    tiny_dataset,
    train_tiny,
    write_tiny,
)

SEGMENTS = st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map("/".join)
LABELS = st.lists(SEGMENTS, min_size=1, max_size=8, unique=True)
TEXTS = list(tiny_dataset(30, seed=9).texts)


def numbers(shape: tuple[int, ...], least: float = -20.0) -> st.SearchStrategy[NDArray[np.float32]]:
    return arrays(np.float32, shape, elements=st.floats(least, 20.0, width=32))


@st.composite
def descents(draw: st.DrawFn) -> tuple[Descent, NDArray[np.float32]]:
    """Draw a tree whose choices are trusted differently, and scores for its nodes."""
    tree = Descent.of(draw(LABELS))
    scales = draw(numbers((len(tree.scales),), least=0.125))
    return tree.scaled(np.abs(scales)), draw(numbers((3, len(tree.columns))))


@settings(deadline=None)
@given(descents())
def test_the_chances_of_all_labels_sum_to_one(drawn: tuple[Descent, NDArray[np.float32]]) -> None:
    tree, scores = drawn
    np.testing.assert_allclose(np.exp(tree.log_chances(scores)).sum(axis=1), 1.0, atol=1e-4)


@settings(deadline=None)
@given(descents())
def test_a_top_node_is_as_likely_as_all_that_lies_below_it(
    drawn: tuple[Descent, NDArray[np.float32]],
) -> None:
    tree, scores = drawn
    top = slice(*tree.starts[:2])
    powers = np.exp((scores * tree.scales[0])[:, top].astype(np.float64))
    expected = powers / powers.sum(axis=1, keepdims=True)
    labels = LabelTree.of(tree.labels)
    sums = labels.node_chances(np.exp(tree.log_chances(scores)))
    for column, path in enumerate(tree.columns[top]):
        np.testing.assert_allclose(
            sums[:, labels.nodes.index(path)], expected[:, column], atol=1e-4
        )


@given(st.lists(st.sampled_from("abcdefgh"), min_size=1, unique=True), st.data())
def test_a_tree_of_one_level_is_one_choice_among_all_labels(
    labels: list[str], data: st.DataObject
) -> None:
    tree, scores = Descent.of(labels), data.draw(numbers((2, len(labels))))
    assert tree.columns == tuple(labels)
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    expected = powers / powers.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(np.exp(tree.log_chances(scores)), expected, atol=1e-5)
    np.testing.assert_array_equal(tree.label_scores(scores), scores)
    np.testing.assert_array_equal(tree.highest(scores), scores)


@settings(deadline=None)
@given(descents())
def test_renaming_labels_changes_nothing(drawn: tuple[Descent, NDArray[np.float32]]) -> None:
    tree, scores = drawn
    names = {"a": "zoo", "b": "a b", "c": "Ä"}
    renamed = ["/".join(names[part] for part in label.split("/")) for label in tree.labels]
    other = Descent.of(renamed, tree.scales)
    np.testing.assert_array_equal(other.log_chances(scores), tree.log_chances(scores))


@settings(deadline=None)
@given(descents(), st.floats(-10.0, 10.0))
def test_only_the_differences_between_siblings_count(
    drawn: tuple[Descent, NDArray[np.float32]], more: float
) -> None:
    tree, scores = drawn
    last = slice(*tree.starts[-2:])
    moved = scores.copy()
    moved[:, last] += np.float32(more)
    np.testing.assert_allclose(
        np.exp(tree.log_chances(moved)), np.exp(tree.log_chances(scores)), atol=1e-3
    )


@settings(deadline=None)
@given(descents())
def test_the_score_of_a_label_is_the_sum_of_its_shares(
    drawn: tuple[Descent, NDArray[np.float32]],
) -> None:
    tree, scores = drawn
    shares = np.stack([tree.share(label) for label in range(len(tree.labels))])
    np.testing.assert_allclose(tree.label_scores(scores), scores @ shares.T, rtol=1e-4, atol=1e-3)


@settings(deadline=None)
@given(LABELS, st.data())
def test_a_node_has_the_highest_score_of_what_lies_below_it(
    labels: list[str], data: st.DataObject
) -> None:
    tree, scores = Descent.of(labels), data.draw(numbers((2, len(labels))))
    found = tree.highest(scores)
    for place, column in enumerate(tree.columns):
        path = column.removesuffix("/")
        below = [
            number
            for number, label in enumerate(labels)
            if label == path or (path == column and path in ancestors(label))
        ]
        np.testing.assert_array_equal(found[:, place], scores[:, below].max(axis=1))


def test_a_label_above_others_is_a_choice_of_its_own() -> None:
    tree = Descent.of(["a", "a/b", "c"])
    assert tree.columns == ("a", "c", "a/", "a/b")
    assert tree.starts.tolist() == [0, 2, 4]


@pytest.fixture(scope="module")
def branched() -> Classifier:
    """A release whose tree is answered from the top."""
    return train_tiny(recipe=replace(RECIPE, tree=Way.PER_PARENT.value))


def test_an_explanation_adds_up_to_the_score_of_its_label(branched: Classifier) -> None:
    model = branched.model_of("topic")
    for label in (None, *model.labels):
        found = branched.explain(TEXTS[0], "topic", label=label)
        parts = found.constant + found.nearest + sum(one.contribution for one in found.terms)
        assert parts == pytest.approx(found.score, abs=1e-3)
        assert {path for one in found.look_alikes for path in one.labels} <= set(model.labels)


def test_a_release_with_a_tree_answers_the_same_from_its_folder(
    branched: Classifier, tmp_path: Path
) -> None:
    written = write_tiny(branched, tmp_path)
    opened = open_bundle(tmp_path, HASH_ENGINES)
    assert opened.model_of("topic").way is branched.model_of("topic").way
    assert opened.model_of("topic").ways == branched.model_of("topic").ways
    for depth in Depth:
        expected = written.at_depth(depth).judge(TEXTS)["topic"].probabilities
        found = opened.at_depth(depth).judge(TEXTS)["topic"].probabilities
        np.testing.assert_allclose(found, expected, atol=1e-5)
