"""Choose messages that are not all alike."""

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans

Vectors = NDArray[np.float32]  # (texts, width), of length one

STEPS = 15  # of k-means; later ones move few centres
NEAR = 20  # neighbours that say how typical a text is
CENTRAL = 2_000  # rows of a cluster that are compared with each other: 16 MB


def spread(
    vectors: Vectors, weights: NDArray[np.float32], count: int, *, rng: np.random.Generator
) -> NDArray[np.intp]:
    """
    Choose `count` rows that are worth much and lie apart, (count,).

    One is taken of each cluster, the nearest to its centre, which lies where the weights are
    (Zhdanov, "Diverse mini-batch Active Learning", 2019). Where clusters are fewer, the rest are
    those that weigh most.
    """
    if count >= len(vectors):
        return np.arange(len(vectors))
    clusters = _clusters(vectors, count, rng, weights=weights)
    chosen = [
        members[int((vectors[members] @ (weights[members] @ vectors[members])).argmax())]
        for members in _members(clusters)
    ]
    rest = np.setdiff1d(np.argsort(-weights, kind="stable"), chosen, assume_unique=True)
    return np.array([*chosen, *rest[: count - len(chosen)]], dtype=np.intp)


def typical(
    vectors: Vectors, known: Vectors, count: int, *, rng: np.random.Generator
) -> NDArray[np.intp]:
    """
    Choose `count` rows that stand for many, and not for what is `known` already, (count,).

    All are dealt into as many clusters as there will be labelled texts; of the largest in which
    nothing is known, the most typical row is taken, the one that is nearest to its neighbours
    (Hacohen, Dekel & Weinshall, "Active Learning on a Budget", 2022).
    """
    if count >= len(vectors):
        return np.arange(len(vectors))
    every = np.concatenate([vectors, known])
    most = min(count + len(known), len(vectors))
    clusters = _clusters(every, most, rng)
    covered = np.bincount(clusters[len(vectors) :], minlength=most)
    members = {int(clusters[one[0]]): one for one in _members(clusters[: len(vectors)])}
    order = sorted(members, key=lambda one: (covered[one], -len(members[one]), one))
    chosen = [members[one][_most_typical(vectors[members[one]])] for one in order[:count]]
    rest = np.setdiff1d(np.arange(len(vectors)), chosen)
    more = rng.choice(rest, count - len(chosen), replace=False)
    return np.array([*chosen, *more], dtype=np.intp)


def _clusters(
    vectors: Vectors,
    count: int,
    rng: np.random.Generator,
    *,
    weights: NDArray[np.float32] | None = None,
) -> NDArray[np.intp]:
    means = KMeans(count, n_init=1, max_iter=STEPS, random_state=int(rng.integers(1 << 31)))
    found: NDArray[np.intp] = means.fit(vectors, sample_weight=weights).labels_.astype(np.intp)
    return found


def _members(clusters: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """List the rows of every cluster that has any, in the order of clusters."""
    order = np.argsort(clusters, kind="stable")
    starts = np.flatnonzero(np.diff(clusters[order])) + 1
    return [part for part in np.split(order, starts) if len(part)]


def _most_typical(vectors: Vectors) -> int:
    central = np.argsort(-(vectors @ vectors.mean(axis=0)), kind="stable")[:CENTRAL]
    alike = vectors[central] @ vectors[central].T
    nearest = np.sort(alike, axis=1)[:, -NEAR:]
    return int(central[nearest.mean(axis=1).argmax()])
