"""What is gained and what is risked by answering without a person."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.predictions import Route
from sortyard.evaluation.calibration import share_ties
from sortyard.evaluation.outcomes import Confidences

TARGETS = (0.90, 0.95, 0.98, 0.99)
MOST_POINTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TradePoint:
    """If only the surest share of messages were answered: what share of those would be wrong."""

    coverage: float
    risk: float
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """
    The risk-coverage curve, and the area under it (AURC) [Geifman et al. 2019].

    `coverage_at` maps a precision to the largest share of messages that reaches it on these rows.
    """

    points: tuple[TradePoint, ...]
    aurc: float
    coverage_at: dict[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteShares:
    """Who acts, as shares of all messages, and how often the automatic answers are right."""

    auto: int
    confirm: int
    review: int
    auto_right: int

    @property
    def rows(self) -> int:
        return self.auto + self.confirm + self.review


def trade(
    confidence: Confidences, right: NDArray[np.bool_], targets: Sequence[float] = TARGETS
) -> Trade:
    """Trace risk against coverage; rows without a confidence are the least sure."""
    if not len(right):
        return Trade(points=(), aurc=np.nan, coverage_at=dict.fromkeys(targets, np.nan))
    order = np.argsort(-np.nan_to_num(confidence, nan=-1.0))
    sure = np.nan_to_num(confidence, nan=-1.0)[order]
    wrong = share_ties(sure, (~right[order]).astype(np.float64))
    answered = np.arange(1, len(sure) + 1)
    risk = np.cumsum(wrong) / answered
    ends = np.append(np.diff(sure) != 0, True) & (sure >= 0)  # a threshold cannot split ties
    reached = {
        target: float((answered * (ends & (risk <= 1.0 - target + 1e-12))).max() / len(sure))
        for target in targets
    }
    return Trade(
        points=_thin(answered[ends] / len(sure), risk[ends], sure[ends]),
        aurc=float(risk.mean()),
        coverage_at=reached,
    )


def route_shares(routes: Sequence[Route], right: NDArray[np.bool_]) -> RouteShares:
    """Count who acts."""
    count = Counter(routes)
    auto = np.array([route is Route.AUTO for route in routes], dtype=bool)
    return RouteShares(
        auto=count[Route.AUTO],
        confirm=count[Route.CONFIRM],
        review=count[Route.REVIEW],
        auto_right=int((auto & right).sum()),
    )


def _thin(
    coverage: NDArray[np.float64], risk: NDArray[np.float64], sure: Confidences
) -> tuple[TradePoint, ...]:
    """Keep enough points to draw the curve, always the first and the last."""
    kept = np.unique(np.linspace(0, len(coverage) - 1, MOST_POINTS).astype(int))
    return tuple(
        TradePoint(
            coverage=float(coverage[one]), risk=float(risk[one]), confidence=float(sure[one])
        )
        for one in kept[kept < len(coverage)]
        if len(coverage)
    )
