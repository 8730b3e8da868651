"""A tree of labels holds every label once, and shares what they begin with."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sortyard.training.tuning.causal.trie import NOBODY, Trie, tries_of

END = 0
words = st.lists(st.integers(1, 4), min_size=1, max_size=6).map(lambda one: (*one, END))
labels = st.lists(words, min_size=1, max_size=12, unique=True)


def spelled(trie: Trie) -> list[tuple[int, ...]]:
    """Read the labels off the edges."""
    tokens = [*trie.edge_tokens.tolist(), NOBODY]
    return [tuple(tokens[edge] for edge in way if tokens[edge] != NOBODY) for way in trie.ways]


@given(labels, st.integers(1, 12))
def test_every_label_is_in_one_tree(sequences: Sequence[tuple[int, ...]], most: int) -> None:
    tries = tries_of(sequences, most=most)
    places = np.concatenate([trie.labels for trie in tries])
    found = [sequence for trie in tries for sequence in spelled(trie)]

    assert sorted(places) == list(range(len(sequences)))
    assert [sequences[place] for place in places] == found


@given(labels, st.integers(1, 12))
def test_no_tree_is_larger_than_asked_unless_by_a_single_label(
    sequences: Sequence[tuple[int, ...]], most: int
) -> None:
    for trie in tries_of(sequences, most=most):
        assert len(trie.tokens) <= most or len(trie.labels) == 1


@given(labels)
def test_a_beginning_that_is_shared_is_one_node(sequences: Sequence[tuple[int, ...]]) -> None:
    (trie,) = tries_of(sequences, most=10_000)
    beginnings = {sequence[:end] for sequence in sequences for end in range(len(sequence))}

    assert len(trie.tokens) == len(beginnings)


@given(labels)
def test_a_node_sees_the_way_to_it_and_nothing_else(sequences: Sequence[tuple[int, ...]]) -> None:
    (trie,) = tries_of(sequences, most=10_000)
    for node, parent in enumerate(trie.parents):
        seen = set(np.flatnonzero(trie.family[node]))
        above = set() if parent == NOBODY else set(np.flatnonzero(trie.family[parent]))
        assert seen == above | {node}
        assert trie.depths[node] == len(seen) - 1


def test_what_edges_have_is_added_up_along_each_way() -> None:
    (trie,) = tries_of([(1, 2, END), (1, END)])
    edges = np.arange(len(trie.edge_tokens), dtype=np.float32)[None]
    held = dict(zip(zip(trie.edge_nodes, trie.edge_tokens, strict=True), edges[0], strict=True))

    sums = dict(zip(trie.labels.tolist(), trie.sums(edges)[0].tolist(), strict=True))
    assert sums == {
        0: held[0, 1] + held[1, 2] + held[2, END],
        1: held[0, 1] + held[1, END],
    }
