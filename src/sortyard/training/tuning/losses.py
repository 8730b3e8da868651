"""
What tuning minimises, as pure functions on tensors.

Every loss is the mean over rows, (), and is nothing for a batch without rows.
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
