"""
Which labels are siblings, where a tree says so and where none does.

A tree says it: siblings have one parent. A flat dimension says nothing, yet some of its labels are
much nearer to each other than the rest. There the stand-ins of a label are the few whose cards have
most words in common with its own. Words are no model, so that releases compare whatever they were
made with; but they change with a label's name, so that this is no figure of a report, only of a
comparison of releases of one taxonomy.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.taxonomy import are_siblings
from sortyard.evaluation.metrics import Confusion

NEAREST = 5  # as many as are offered to a person who decides
WORDS = re.compile(r"\w+")


def siblings_in_tree(paths: Sequence[str]) -> NDArray[np.bool_]:
    """Tell of every two labels whether they have the same parent, (labels, labels)."""
    found = [[are_siblings(one, other) for other in paths] for one in paths]
    return np.array(found, dtype=np.bool_).reshape(len(paths), len(paths))


def siblings_by_words(cards: Sequence[str], *, nearest: int = NEAREST) -> NDArray[np.bool_]:
    """
    Tell which labels stand in for the siblings of each, (labels, labels); not always both ways.

    They are the `nearest` by the cosine of their cards' words, weighted by how few cards have them
    (TF-IDF); all that are as near as the last of them belong, so that the order of labels cannot
    matter. A card that shares no word with another has none.
    """
    count = len(cards)
    cosines = _cosines(cards)
    np.fill_diagonal(cosines, 0.0)
    most = min(nearest, count - 1)
    if most < 1:
        return np.zeros((count, count), dtype=np.bool_)
    least = np.partition(cosines, -most, axis=1)[:, -most, None]
    near: NDArray[np.bool_] = (cosines > 0.0) & (cosines >= least)
    return near


def sibling_confusion(
    confusion: Confusion, labels: Sequence[str], siblings: NDArray[np.bool_]
) -> float:
    """
    Measure the share of all answers that name a sibling of the truth; NaN without any answer.

    `siblings` (labels, labels) has the truth in its rows. A label that is not among `labels` has
    none.
    """
    place = {label: number for number, label in enumerate(labels)}
    total = taken = 0
    for truth, answer, rows in zip(confusion.truth, confusion.answer, confusion.rows, strict=True):
        one, other = place.get(confusion.names[truth]), place.get(confusion.names[answer])
        total += int(rows)
        if one is not None and other is not None and siblings[one, other]:
            taken += int(rows)
    return taken / total if total else np.nan


def _cosines(cards: Sequence[str]) -> NDArray[np.float64]:
    """Compare the sets of words of all cards, weighted by log((1 + cards) / (1 + with it)) + 1."""
    sets = [set(WORDS.findall(card.lower())) for card in cards]
    column = {word: place for place, word in enumerate(sorted(set().union(*sets)))}
    table = np.zeros((len(cards), len(column)))
    for row, words in enumerate(sets):
        table[row, [column[word] for word in words]] = 1.0
    table *= np.log((1.0 + len(cards)) / (1.0 + table.sum(axis=0))) + 1.0
    lengths = np.linalg.norm(table, axis=1, keepdims=True)
    table /= np.where(lengths > 0.0, lengths, 1.0)
    cosines: NDArray[np.float64] = np.round(table @ table.T, 9)  # so that equals stay equal
    return cosines
