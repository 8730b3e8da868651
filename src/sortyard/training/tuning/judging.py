"""How well the heads do on rows that were set aside."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from sortyard.domain.taxonomy import Kind
from sortyard.evaluation.metrics import Counts
from sortyard.training.truth import Truth
from sortyard.training.tuning.course import Subject
from sortyard.training.tuning.heads import TunedHead
from sortyard.training.tuning.network import Network
from sortyard.training.tuning.tokens import TokenTable

CUTS = tuple(tenth / 10 for tenth in range(1, 10))  # probabilities from which on to answer
ROWS_AT_ONCE = 2_048  # bounds the memory: rows by labels


def judge(
    network: Network,
    heads: Sequence[TunedHead],
    tokens: TokenTable,
    subjects: Sequence[Subject],
) -> float | None:
    """Give the mean macro F1 of the dimensions that have rows here, or None without any."""
    found = [
        _macro_f1(network, head, tokens, subject)
        for head, subject in zip(heads, subjects, strict=True)
        if len(subject.rows)
    ]
    return float(np.mean(found)) if found else None


def _macro_f1(network: Network, head: TunedHead, tokens: TokenTable, subject: Subject) -> float:
    vectors = network.read(tokens, subject.rows)
    with torch.inference_mode():
        parts = [
            head.scores(torch.from_numpy(vectors[start : start + ROWS_AT_ONCE]).to(network.device))
            for start in range(0, len(vectors), ROWS_AT_ONCE)
        ]
        scores = torch.cat(parts).cpu().numpy()
    return macro_f1(scores, subject.truth)


def macro_f1(scores: NDArray[np.float32], truth: Truth) -> float:
    """
    Measure scores (rows, labels).

    In a `multi` dimension at the best of nine cuts, the same for all labels: while heads are young
    their probabilities lie low, and a fixed cut would say nothing.
    """
    if truth.kind is Kind.SINGLE:
        answers = scores.argmax(axis=1)
        count = truth.count
        hits = np.bincount(answers[answers == truth.single], minlength=count)
        answered = np.bincount(answers, minlength=count)
        return float(_counts(hits, answered, truth).macro_f1)
    of_cuts = []
    for cut in CUTS:
        given = scores >= np.log(cut / (1.0 - cut))
        hits = (given & truth.matrix).sum(axis=0)
        of_cuts.append(float(_counts(hits, given.sum(axis=0), truth).macro_f1))
    return max(of_cuts)


def _counts(hits: NDArray[np.intp], answers: NDArray[np.intp], truth: Truth) -> Counts:
    return Counts(
        hits=hits.astype(np.float64),
        answers=answers.astype(np.float64),
        truths=truth.supports().astype(np.float64),
    )
