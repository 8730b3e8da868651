"""The labels as sequences of tokens that share their beginnings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

MOST_NODES = 256  # that a model reads at once; bounds the memory of its scores over the vocabulary
NOBODY = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Trie:
    """
    A tree of tokens in which every label is a way from the root to the end mark.

    Node 0 is the root: the last token of the prompt, whatever it is. Every other node is a token
    that something follows, after its parent; end marks are followed by nothing, and are no nodes.
    An edge is a token that may follow a node. `ways` (labels, longest) lists the edges of each
    label; the number behind the last edge stands for none.
    """

    labels: NDArray[np.intp]  # which of all labels these are, (labels,)
    tokens: NDArray[np.int64]  # (nodes,); that of the root is never looked at
    parents: NDArray[np.intp]  # (nodes,), NOBODY for the root
    edge_nodes: NDArray[np.intp]  # (edges,)
    edge_tokens: NDArray[np.int64]  # (edges,)
    ways: NDArray[np.intp]  # (labels, longest)

    @classmethod
    def of(cls, labels: Sequence[int], sequences: Sequence[tuple[int, ...]]) -> Self:
        """Grow the tree of some labels; each sequence ends with the end mark, all differ."""
        nodes: dict[tuple[int, ...], int] = {(): 0}
        edges: dict[tuple[int, ...], int] = {}
        for sequence in sequences:
            for end in range(1, len(sequence) + 1):
                edges.setdefault(sequence[:end], len(edges))
                if end < len(sequence):
                    nodes.setdefault(sequence[:end], len(nodes))
        longest = max(map(len, sequences))
        ways = np.full((len(sequences), longest), len(edges), dtype=np.intp)
        for row, sequence in enumerate(sequences):
            ways[row, : len(sequence)] = [
                edges[sequence[:end]] for end in range(1, len(sequence) + 1)
            ]
        return cls(
            labels=np.asarray(labels, dtype=np.intp),
            tokens=np.array([path[-1] if path else 0 for path in nodes], dtype=np.int64),
            parents=np.array(
                [nodes[path[:-1]] if path else NOBODY for path in nodes], dtype=np.intp
            ),
            edge_nodes=np.array([nodes[path[:-1]] for path in edges], dtype=np.intp),
            edge_tokens=np.array([path[-1] for path in edges], dtype=np.int64),
            ways=ways,
        )

    @property
    def depths(self) -> NDArray[np.intp]:
        """How far each node is from the root, (nodes,)."""
        return np.asarray(self.family.sum(axis=1) - 1, dtype=np.intp)

    @property
    def family(self) -> NDArray[np.bool_]:
        """Tell which nodes lie on the way to each node, itself among them, (nodes, nodes)."""
        family = np.eye(len(self.tokens), dtype=np.bool_)
        for node, parent in enumerate(self.parents):  # parents come before their children
            if parent != NOBODY:
                family[node] |= family[parent]
        return family

    def sums(self, edges: NDArray[np.floating]) -> NDArray[np.floating]:
        """Add up what the edges of each label have, (texts, edges) to (texts, labels)."""
        padded = np.concatenate([edges, np.zeros((len(edges), 1), dtype=edges.dtype)], axis=1)
        summed: NDArray[np.floating] = padded[:, self.ways].sum(axis=2)
        return summed


def tries_of(sequences: Sequence[tuple[int, ...]], *, most: int = MOST_NODES) -> list[Trie]:
    """
    Share the labels out to trees of at most `most` nodes, those that begin alike together.

    A label that has more nodes than that by itself is a tree of its own.
    """
    return [Trie.of(part, [sequences[place] for place in part]) for part in _parts(sequences, most)]


def _parts(sequences: Sequence[tuple[int, ...]], most: int) -> Iterator[list[int]]:
    part: list[int] = []
    nodes: set[tuple[int, ...]] = {()}
    for place in sorted(range(len(sequences)), key=lambda one: sequences[one]):
        own = {sequences[place][:end] for end in range(1, len(sequences[place]))}
        if part and len(nodes | own) > most:
            yield part
            part, nodes = [], {()}
        part.append(place)
        nodes |= own
    if part:
        yield part
