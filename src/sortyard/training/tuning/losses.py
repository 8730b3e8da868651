"""
What tuning minimises, as pure functions on tensors.

Every loss is a mean over rows, (), and is 0 for a batch without rows.
"""

import torch
from torch import Tensor
from torch.nn import functional


def class_weights(supports: Tensor) -> Tensor:
    """
    Weigh every label by n / (classes * count), (labels,), so that all weigh alike together.

    A label without rows weighs nothing. King & Zeng, "Logistic Regression in Rare Events Data",
    2001; scikit-learn's `class_weight="balanced"`.
    """
    carried = supports > 0
    total = supports.sum() / carried.sum().clamp(min=1)
    return torch.where(carried, total / supports.clamp(min=1), torch.zeros_like(total))


def softmax_loss(
    scores: Tensor,
    truth: Tensor,
    *,
    smoothing: float = 0.0,
    focus: float = 0.0,
    weights: Tensor | None = None,
) -> Tensor:
    """
    Softmax cross-entropy of scores (rows, labels) against one label each, (rows,).

    `smoothing` spreads that share of the truth over all labels (Szegedy et al., "Rethinking the
    Inception Architecture", 2016). `focus` is the gamma of the focal loss (Lin et al., "Focal Loss
    for Dense Object Detection", 2017): rows that are nearly right weigh less. `weights` (labels,)
    weigh each row by its label; the mean is over the weights.
    """
    if not len(truth):
        return scores.sum() * 0.0
    logs = functional.log_softmax(scores, dim=-1)
    at_truth = logs.gather(1, truth.unsqueeze(1)).squeeze(1)
    losses = -(1.0 - smoothing) * at_truth - smoothing * logs.mean(dim=-1)
    if focus:
        losses = losses * (1.0 - at_truth.exp()).clamp(min=0.0) ** focus
    if weights is None:
        return losses.mean()
    of_rows = weights[truth]
    return (losses * of_rows).sum() / of_rows.sum().clamp(min=torch.finfo(losses.dtype).tiny)


def binary_weights(supports: Tensor, rows: int) -> Tensor:
    """
    Weigh presence and absence of every label by n / (classes * count), (2, labels).

    The first row is for rows that lack the label, the second for those that carry it.
    """
    counts = torch.stack([rows - supports, supports]).clamp(min=1)
    return rows / (2.0 * counts)


def binary_loss(
    scores: Tensor,
    truth: Tensor,
    *,
    smoothing: float = 0.0,
    focus: float = 0.0,
    weights: Tensor | None = None,
) -> Tensor:
    """
    Binary cross-entropy of scores (rows, labels) against 0 and 1, summed over labels.

    `smoothing`, `focus` and `weights` (2, labels) are as in `softmax_loss`; each label is a choice
    between two.
    """
    if not len(truth):
        return scores.sum() * 0.0
    truth = truth.to(scores.dtype)
    aimed = truth * (1.0 - smoothing) + 0.5 * smoothing
    losses = functional.binary_cross_entropy_with_logits(scores, aimed, reduction="none")
    if focus:
        chance = torch.sigmoid(scores)
        wrong = truth * (1.0 - chance) + (1.0 - truth) * chance
        losses = losses * wrong.clamp(min=torch.finfo(losses.dtype).tiny) ** focus
    if weights is not None:
        losses = losses * torch.where(truth > 0, weights[1], weights[0])
    return losses.sum(dim=1).mean()


def distillation_loss(scores: Tensor, believed: Tensor, *, exclusive: bool) -> Tensor:
    """
    Cross-entropy of scores (rows, labels) against the chances that a teacher gives, (rows, labels).

    With exclusive labels both are distributions over them, else each label is a choice between two;
    then it is summed over labels. That is the divergence from the teacher, but for the teacher's
    own entropy (Hinton et al., "Distilling the Knowledge in a Neural Network", 2015, at
    temperature 1, since the teacher's chances are calibrated).
    """
    if not len(believed):
        return scores.sum() * 0.0
    if exclusive:
        return -(believed * functional.log_softmax(scores, dim=-1)).sum(dim=1).mean()
    return (
        functional.binary_cross_entropy_with_logits(scores, believed, reduction="none")
        .sum(dim=1)
        .mean()
    )


def ranking_loss(  # noqa: PLR0913 -- what a loss of pairs has, by name
    queries: Tensor,
    keys: Tensor,
    positive: Tensor,
    excluded: Tensor,
    *,
    temperature: float,
    weights: Tensor | None = None,
) -> Tensor:
    """
    Multiple negatives ranking of queries (rows, width) against keys (keys, width).

    Every query shall be nearer to each of its `positive` keys (rows, keys) than to all that are
    neither positive nor `excluded`. What is positive is never a negative of the same query, so
    that rows of one label do not push each other apart. `weights` (rows, keys) make a negative
    count as several. A query without positives teaches nothing.

    Henderson et al., "Efficient Natural Language Response Suggestion", 2017, with several
    positives as in Khosla et al., "Supervised Contrastive Learning", 2020, but the positives kept
    out of each other's denominators, and hard negatives weighted as in Robinson et al.,
    "Contrastive Learning with Hard Negative Samples", 2021.
    """
    scores = queries @ keys.t() / temperature
    weighted = scores if weights is None else scores + weights.log()
    lowest = torch.finfo(scores.dtype).min / 2
    against = weighted.masked_fill(positive | excluded, lowest).logsumexp(dim=1, keepdim=True)
    losses = functional.softplus(against - scores)
    wanted = positive & ~excluded
    counts = wanted.sum(dim=1)
    means = losses.masked_fill(~wanted, 0.0).sum(dim=1) / counts.clamp(min=1)
    return means.sum() / (counts > 0).sum().clamp(min=1)
