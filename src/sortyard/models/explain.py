"""Take the score of a label apart: no approximation, the parts add up to the score."""

from collections import defaultdict

import numpy as np

from sortyard.domain.explanations import LookAlike, Term
from sortyard.models.encoders import Encoder
from sortyard.models.line import Line, Seen
from sortyard.models.neighbours import Neighbours, Reference
from sortyard.models.wording import Wording


def meaning_terms(line: Line, encoder: Encoder, text: str, label: int) -> tuple[list[Term], float]:
    """Give what each token adds through the sentence vector, and the head's constant."""
    taken = encoder.token_terms(text)
    weight = line.weights.meaning
    parts = taken.vectors @ line.meaning.weights[:, label] * weight
    terms = [
        Term(token, "meaning", float(part)) for token, part in zip(taken.tokens, parts, strict=True)
    ]
    return terms, float(line.meaning.biases[label]) * weight


def wording_terms(line: Line, wording: Wording, seen: Seen, label: int) -> tuple[list[Term], float]:
    """Give what each n-gram adds, and the head's constant."""
    weight = line.weights.wording
    row = seen.wording[[0]]
    parts = row.data * line.wording.weights[row.indices, label] * weight
    terms = [
        Term(wording.grams[gram], "wording", float(part))
        for gram, part in zip(row.indices, parts, strict=True)
    ]
    return terms, float(line.wording.biases[label]) * weight


def look_alikes(
    reference: Reference, neighbours: Neighbours, labels: tuple[str, ...], seen: Seen, count: int
) -> tuple[LookAlike, ...]:
    """Find the examples that are nearest to the text, nearest first."""
    similarities = seen.similarities
    if similarities is None:
        return ()
    near = similarities[:, 0]
    best = np.argsort(-near, kind="stable")[:count]
    return tuple(
        LookAlike(
            reference.ids[one],
            tuple(labels[column] for column in neighbours.labels_of(int(one))),
            float(near[one]),
            reference.texts[one],
        )
        for one in best
    )


def largest_first(terms: list[Term]) -> tuple[Term, ...]:
    """Join equal terms, and order them by the size of what they add."""
    sums: defaultdict[tuple[str, str], float] = defaultdict(float)
    for term in terms:
        sums[term.view, term.text] += term.contribution
    joined = [Term(text, view, total) for (view, text), total in sums.items()]
    return tuple(sorted(joined, key=lambda term: -abs(term.contribution)))
