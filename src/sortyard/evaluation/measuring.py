"""Measure a release on one dimension: from outcomes to figures with their uncertainty."""

from collections.abc import Mapping, Sequence

import numpy as np

from sortyard.domain.errors import NotEnoughData
from sortyard.domain.predictions import Route
from sortyard.evaluation.calibration import Calibration, calibration
from sortyard.evaluation.hierarchy import Distance, is_flat
from sortyard.evaluation.intervals import Interval, exact_interval, percentile_interval
from sortyard.evaluation.label_bounds import exact_bounds
from sortyard.evaluation.measures import ConfusedPair, Fates, LabelMeasures, Measures
from sortyard.evaluation.metrics import Counts, Floats
from sortyard.evaluation.outcomes import Outcomes, SingleOutcomes
from sortyard.evaluation.resampling import REPLICATES, resample
from sortyard.evaluation.slices import slice_columns
from sortyard.evaluation.trade import Trade, trade
from sortyard.evaluation.views import View, view_of


def measure(
    outcomes: Outcomes, *, rng: np.random.Generator, replicates: int = REPLICATES
) -> Measures:
    """
    Measure one dimension on messages that were used to choose nothing.

    For a `single` dimension accuracy, F1 and the confusions judge the forced choice, so that they
    compare with any other classifier; routes, calibration and slices judge the answer that was
    really given, in which a roll-up to a parent of the truth is right. For a `multi` dimension
    all judge the answered set, and accuracy is the share of messages whose set is exactly right.

    Raises `NotEnoughData` where there is no message.
    """
    if not len(outcomes):
        raise NotEnoughData(f"measure dimension {outcomes.dimension!r}", found=0, needed=1)
    view = view_of(outcomes)
    right = outcomes.right
    counts = view.patterns.counts()
    drawn = resample(view.patterns, rng=rng, replicates=replicates)
    reliable = calibration(outcomes.confidence, right, rng=rng)
    traded = trade(outcomes.confidence, right)
    fates = _fates(outcomes.routes, view.distances)
    decided = _decisions(fates, reliable, traded)
    given = {"answer_accuracy": float(right.mean()), "labels_without_rows": _unmeasured(outcomes)}
    auto = np.array([route is Route.AUTO for route in outcomes.routes])
    return Measures(
        dimension=outcomes.dimension,
        kind=view.kind,
        rows=len(outcomes),
        is_flat=is_flat(view.names),
        metrics={**view.figures, **given, **_averages(counts), **decided},
        intervals=_intervals(view, drawn, fates, rows=len(outcomes)),
        labels=_labels(view, counts, drawn),
        confusions=_confusions(view, counts),
        fates=fates,
        reliability=reliable.bins,
        trade=traded.points,
        slices=slice_columns(outcomes.metadata, right, auto),
        accuracy_at_depth=view.accuracy_at_depth,
    )


def _unmeasured(outcomes: Outcomes) -> float:
    """How many labels of the model no message of the test carries."""
    if isinstance(outcomes, SingleOutcomes):
        return float(len(set(outcomes.labels) - set(outcomes.truth)))
    return float((~outcomes.truth.any(axis=0)).sum())


def _averages(counts: Counts) -> dict[str, float]:
    return {
        "macro_f1": float(counts.macro_f1),
        "micro_f1": float(counts.micro_f1),
        "weighted_f1": float(counts.weighted_f1),
    }


def _decisions(fates: Fates, reliable: Calibration, traded: Trade) -> dict[str, float]:
    return {
        "ece": reliable.ece,
        "ece_noise": reliable.noise,
        "max_calibration_error": reliable.largest_gap,
        "auto_coverage": fates.auto / fates.rows,
        "auto_precision": fates.auto_right / fates.auto if fates.auto else np.nan,
        "confirm_share": fates.confirm / fates.rows,
        "review_share": fates.review / fates.rows,
        "aurc": traded.aurc,
    } | {f"coverage_at_{round(100 * at)}": share for at, share in traded.coverage_at.items()}


def _intervals(view: View, drawn: Counts, fates: Fates, *, rows: int) -> dict[str, Interval]:
    accuracy = exact_interval(round(view.figures["accuracy"] * rows), rows)
    found = {
        "accuracy": accuracy,
        "macro_f1": percentile_interval(drawn.macro_f1),
        "micro_f1": percentile_interval(drawn.micro_f1),
        "weighted_f1": percentile_interval(drawn.weighted_f1),
    }
    if "subset_accuracy" in view.figures:
        found["subset_accuracy"] = accuracy
    if fates.auto:
        found["auto_precision"] = exact_interval(fates.auto_right, fates.auto)
    return found


def _labels(view: View, counts: Counts, drawn: Counts) -> tuple[LabelMeasures, ...]:
    spread = {
        name: np.quantile(getattr(drawn, name), [0.025, 0.975], axis=0)
        for name in ("precision", "recall", "f1")
    }
    found = (_label(view.names[one], one, counts, spread) for one in range(len(view.names)))
    return tuple(sorted(found, key=lambda one: (-one.rows, one.label)))


def _label(name: str, one: int, counts: Counts, spread: Mapping[str, Floats]) -> LabelMeasures:
    rows, answers, hits = (
        int(number[one]) for number in (counts.truths, counts.answers, counts.hits)
    )
    between = {}
    for measure, (low, high) in spread.items():
        drawn = Interval(float(low[one]), float(high[one]))
        # Without a single error, or a single hit, a bootstrap has nothing to vary.
        exact = exact_bounds(measure, hits=hits, rows=rows, answers=answers)
        between[measure] = drawn if drawn.low < drawn.high else exact
    return LabelMeasures(
        label=name,
        rows=rows,
        answers=answers,
        hits=hits,
        precision=float(counts.precision[one]),
        recall=float(counts.recall[one]),
        f1=float(counts.f1[one]),
        precision_interval=between["precision"],
        recall_interval=between["recall"],
        f1_interval=between["f1"],
    )


def _confusions(view: View, counts: Counts) -> tuple[ConfusedPair, ...]:
    rows_of = dict(zip(view.names, counts.truths, strict=True))
    found = (
        ConfusedPair(
            truth=truth,
            answer=answer,
            rows=rows,
            of_truth=rows / float(rows_of[truth]) if rows_of.get(truth) else np.nan,
        )
        for (truth, answer), rows in view.confused.items()
    )
    return tuple(sorted(found, key=lambda one: (-one.rows, one.truth, one.answer)))


def _fates(routes: Sequence[Route], distances: Sequence[Distance]) -> Fates:
    auto = [far for route, far in zip(routes, distances, strict=True) if route is Route.AUTO]
    return Fates(
        auto_right=auto.count(Distance.RIGHT),
        auto_near=auto.count(Distance.SIBLING),
        auto_branch=auto.count(Distance.BRANCH),
        auto_far=auto.count(Distance.FAR),
        confirm=sum(route is Route.CONFIRM for route in routes),
        review=sum(route is Route.REVIEW for route in routes),
    )
