"""The head of the wording view: a linear support vector machine for every label."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.svm import LinearSVC

from sortyard.domain.taxonomy import Kind
from sortyard.models.heads import Head
from sortyard.training.truth import Truth

TOLERANCE = 0.1  # liblinear's own default; a finer one costs time and moves no answer
STEPS = 2_000
ABSENT = -1.0  # the score of a label that has no row: the far side of the margin


def fit_wording_head(grams: sparse.csr_matrix, truth: Truth, *, strength: float, seed: int) -> Head:
    """
    Fit one-vs-rest support vector machines (liblinear: Fan et al. 2008) on (rows, grams).

    A label that no row carries scores `ABSENT`, one that every row carries its opposite.
    """
    machine = LinearSVC(C=strength, tol=TOLERANCE, dual=True, max_iter=STEPS, random_state=seed)
    head = Head(
        np.zeros((grams.shape[1], truth.count), dtype=np.float32),
        np.full(truth.count, ABSENT, dtype=np.float32),
    )
    fit = _fit_single if truth.kind is Kind.SINGLE else _fit_multi
    with without_doubts():
        fit(grams, truth, head, machine)
    return head


@contextmanager
def without_doubts() -> Iterator[None]:
    """Keep to ourselves what scikit-learn doubts and nobody can act on."""
    with warnings.catch_warnings():
        # Few rows a label is what an archive is like; and a last digit moves no answer.
        warnings.filterwarnings("ignore", "The number of unique classes", UserWarning)
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield


def _fit_single(grams: sparse.csr_matrix, truth: Truth, head: Head, machine: LinearSVC) -> None:
    present = np.unique(truth.held)
    if len(present) < 2:  # noqa: PLR2004 -- one label needs no machine
        head.biases[present] = -ABSENT
        return
    machine.fit(grams, truth.held)
    if len(present) == 2:  # noqa: PLR2004 -- the library gives one line for two labels
        head.weights[:, present] = np.stack([-machine.coef_[0], machine.coef_[0]], axis=1)
        head.biases[present] = np.array([-machine.intercept_[0], machine.intercept_[0]])
    else:
        head.weights[:, present] = machine.coef_.T
        head.biases[present] = machine.intercept_


def _fit_multi(grams: sparse.csr_matrix, truth: Truth, head: Head, machine: LinearSVC) -> None:
    for label in range(truth.count):
        held = truth.held[:, label]
        if held.all() or not held.any():
            head.biases[label] = -ABSENT if held.any() else ABSENT
            continue
        machine.fit(grams, held)
        head.weights[:, label] = machine.coef_[0]
        head.biases[label] = machine.intercept_[0]
