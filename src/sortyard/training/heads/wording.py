"""The head of the wording view: a linear support vector machine for every label."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.svm import LinearSVC

from sortyard.domain.taxonomy import Kind
from sortyard.models.heads import Head
from sortyard.training.truth import Truth

TOLERANCE = 0.1  # liblinear's own default; a finer one costs time and moves no answer
STEPS = 2_000
ABSENT = -1.0  # the score of a label that has no row: the far side of the margin


def fit_wording_head(  # noqa: PLR0913 -- what a fit rests on, by name
    grams: sparse.csr_matrix,
    truth: Truth,
    *,
    strength: float,
    seed: int,
    counts: NDArray[np.floating] | None = None,
    balanced: bool = False,
) -> Head:
    """
    Fit one-vs-rest support vector machines (liblinear: Fan et al. 2008) on (rows, grams).

    A label that no row carries scores `ABSENT`, one that every row carries its opposite. `counts`
    (rows,) is how much each row of a `single` dimension counts; without it, all count 1. With
    `balanced` a row counts the more, the fewer carry its label.
    """
    machine = LinearSVC(
        C=strength,
        tol=TOLERANCE,
        dual=True,
        max_iter=STEPS,
        random_state=seed,
        class_weight="balanced" if balanced else None,
    )
    head = Head(
        np.zeros((grams.shape[1], truth.count), dtype=np.float32),
        np.full(truth.count, ABSENT, dtype=np.float32),
    )
    with without_doubts():
        if truth.kind is Kind.SINGLE:
            _fit_single(grams, truth, head, machine, counts)
        else:
            _fit_multi(grams, truth, head, machine)
    return head


@contextmanager
def without_doubts() -> Iterator[None]:
    """Keep to ourselves what scikit-learn doubts and nobody can act on."""
    with warnings.catch_warnings():
        # Few rows a label is what an archive is like; and a last digit moves no answer.
        warnings.filterwarnings("ignore", "The number of unique classes", UserWarning)
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield


def _fit_single(
    grams: sparse.csr_matrix,
    truth: Truth,
    head: Head,
    machine: LinearSVC,
    counts: NDArray[np.floating] | None,
) -> None:
    present = np.unique(truth.held)
    if len(present) < 2:  # noqa: PLR2004 -- one label needs no machine
        head.biases[present] = -ABSENT
        return
    machine.fit(grams, truth.held, sample_weight=counts)
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
