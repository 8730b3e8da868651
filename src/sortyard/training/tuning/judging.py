"""How well the heads do on rows that were set aside."""

from collections.abc import Iterable, Iterator, Sequence

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

CUTS = np.arange(1, 10) / 10  # probabilities from which on to answer
ROWS_AT_ONCE = 1_024  # bounds the memory: so many rows by labels


def judge(
    network: Network,
    heads: Sequence[TunedHead],
    tokens: TokenTable,
    subjects: Sequence[Subject],
) -> float | None:
    """Give the mean macro F1 of the dimensions that have rows here, or None without any."""
    found = [
        macro_f1(_scored(network, head, tokens, subject), subject.truth)
        for head, subject in zip(heads, subjects, strict=True)
        if len(subject.rows)
    ]
    return float(np.mean(found)) if found else None


def macro_f1(scored: Iterable[tuple[NDArray[np.float32], Truth]], truth: Truth) -> float:
    """
    Measure scores (some rows, labels) beside the truth of those rows, part by part.

    In a `multi` dimension at the best of nine cuts, the same for all labels: while heads are young
    their probabilities lie low, and a fixed cut would say nothing.
    """
    cuts = 1 if truth.kind is Kind.SINGLE else len(CUTS)
    hits, answers = np.zeros((cuts, truth.count)), np.zeros((cuts, truth.count))
    for scores, of_rows in scored:
        if truth.kind is Kind.SINGLE:
            given = scores.argmax(axis=1)
            right = given[given == of_rows.single]
            hits[0] += np.bincount(right, minlength=truth.count)
            answers[0] += np.bincount(given, minlength=truth.count)
            continue
        for number, cut in enumerate(np.log(CUTS / (1.0 - CUTS))):
            answered = scores >= cut
            hits[number] += (answered & of_rows.matrix).sum(axis=0)
            answers[number] += answered.sum(axis=0)
    truths = np.broadcast_to(truth.supports().astype(np.float64), hits.shape)
    return float(Counts(hits=hits, answers=answers, truths=truths).macro_f1.max())


def _scored(
    network: Network, head: TunedHead, tokens: TokenTable, subject: Subject
) -> Iterator[tuple[NDArray[np.float32], Truth]]:
    for start in range(0, len(subject.rows), ROWS_AT_ONCE):
        part = np.arange(start, min(start + ROWS_AT_ONCE, len(subject.rows)))
        vectors = network.read(tokens, subject.rows[part])
        with torch.inference_mode():
            scores = head.scores(torch.from_numpy(vectors).to(network.device))
        yield scores.cpu().numpy(), subject.truth.take(part)
