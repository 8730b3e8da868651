"""The simplest thing that could work: TF-IDF and a linear support vector machine."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from sortyard.domain.taxonomy import Kind
from sortyard.training.heads.wording import without_doubts
from sortyard.training.truth import Truth

NAME = "TF-IDF + linear SVM"
WORDS = r"(?u)\b\w+\b"
Paths: TypeAlias = tuple[str, ...]


def baseline_answers(
    texts: Sequence[str], truth: Truth, labels: Sequence[str], test: Sequence[str], *, seed: int
) -> list[Paths]:
    """
    Fit scikit-learn's own parts as a textbook would, and answer the test texts.

    Words and pairs of words, damped counts, one-vs-rest with C = 1. In a `multi` dimension a label
    is answered where its machine says so.
    """
    vectoriser = TfidfVectorizer(
        ngram_range=(1, 2), sublinear_tf=True, token_pattern=WORDS, dtype=np.float32
    )
    try:
        known = sparse.csr_matrix(vectoriser.fit_transform(texts))
    except ValueError:  # no text has a single word
        return [(labels[0],) if truth.kind is Kind.SINGLE else ()] * len(test)
    asked = sparse.csr_matrix(vectoriser.transform(test))
    if truth.kind is Kind.SINGLE:
        found = _predicted(known, truth.single, asked, seed)
        return [(labels[int(label)],) for label in found]
    columns = [_predicted(known, column, asked, seed) for column in truth.matrix.T]
    held = np.stack(columns, axis=1)
    return [tuple(labels[int(label)] for label in np.flatnonzero(row)) for row in held]


def _predicted(
    known: sparse.csr_matrix, truth: NDArray[np.generic], asked: sparse.csr_matrix, seed: int
) -> NDArray[np.generic]:
    present = np.unique(truth)
    if len(present) == 1:
        return np.repeat(present, np.shape(asked)[0])
    with without_doubts():
        machine = LinearSVC(random_state=seed).fit(known, truth)
    answers: NDArray[np.generic] = machine.predict(asked)
    return answers
