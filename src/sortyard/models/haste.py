"""
Answers of the student alone, given because there is no time for the encoder.

Only what the encoder would have read is any worse for it, so only that is marked: what the student
is sure of has the same answer as ever.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.predictions import Choice, Degradation, Reason, Route
from sortyard.models.cascade import Depth, Judgement
from sortyard.models.dimension import DimensionModel
from sortyard.models.line import Judged


def missed(model: DimensionModel, judgement: Judgement, depth: Depth) -> NDArray[np.bool_]:
    """Tell which texts the encoder would have read at a depth for this dimension's sake."""
    if model.full is None or depth is Depth.STATIC:
        return np.zeros(len(judgement.read), dtype=np.bool_)
    if depth is Depth.FULL:
        return np.ones(len(judgement.read), dtype=np.bool_)
    return model.goes_on(Judged(judgement.probabilities, judgement.novelty))


def with_a_wider_review(choices: Sequence[Choice], unsure: NDArray[np.bool_]) -> list[Choice]:
    """Send to a person what the student is unsure of and the machine would have done alone."""
    return [
        replace(choice, route=Route.REVIEW, reason=Reason.OVERLOAD)
        if doubt and choice.route is Route.AUTO
        else choice
        for choice, doubt in zip(choices, unsure, strict=True)
    ]


def marks(
    unsure: Sequence[NDArray[np.bool_]], degradation: Degradation
) -> list[Degradation | None]:
    """Say of every text what was left out for it; nothing where no dimension is unsure."""
    return [degradation if any(row) else None for row in np.transpose(unsure)]
