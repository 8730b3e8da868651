"""Hold a measured release against its gates, and say which fail and by how much."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from math import isnan, nan

from sortyard.domain.errors import InvalidSettings
from sortyard.domain.taxonomy import Kind
from sortyard.evaluation.gate_results import TELLS_APART, GateReport, GateResult, ThinTest, Verdict
from sortyard.evaluation.gates import Gates, LabelGates
from sortyard.evaluation.label_bounds import exact_bounds
from sortyard.evaluation.latency import Latency
from sortyard.evaluation.measures import LabelMeasures, Measures


def check(
    gates: Gates, measured: Sequence[Measures], *, latency: Latency | None = None
) -> GateReport:
    """
    Judge a release.

    Raises `InvalidSettings` where the gates name a dimension or label that it does not have, since
    a misspelt floor would otherwise pass for ever.
    """
    _refuse_strangers(gates, measured)
    found: list[GateResult] = []
    for one in measured:
        found += _averages(gates, one)
        found += _per_class(gates, one)
        found += _label_floors(gates, one)
        found += _calibration(gates, one)
        found += _slice_gaps(gates, one)
    thin = tuple(one for each in measured for one in _thin(each))
    return GateReport(findings=(*found, *_speed(gates, latency)), thin=thin)


def _thin(one: Measures) -> Iterator[ThinTest]:
    """Warn of a dimension whose accuracy could be almost anything, for want of messages."""
    interval = one.intervals["accuracy"]
    if interval.high - interval.low > TELLS_APART:
        yield ThinTest(
            dimension=one.dimension,
            rows=one.rows,
            accuracy=one.metrics["accuracy"],
            interval=interval,
        )


def _averages(gates: Gates, one: Measures) -> Iterator[GateResult]:
    # An exact match of whole sets is a harsher thing than what people call accuracy.
    accuracy = "accuracy" if one.kind is Kind.SINGLE else "micro_f1"
    judged = (
        ("min_macro_f1", "macro_f1", one.rows),
        ("min_accuracy", accuracy, one.rows),
        ("min_auto_precision", "auto_precision", one.fates.auto),
    )
    for gate, measure, rows in judged:
        limit = gates.limit(gate, one.dimension)
        if limit is None:
            continue
        value = one.metrics[measure]
        interval = one.intervals.get(measure)
        best = interval.high if interval else 1.0
        yield GateResult(
            gate=gate,
            measure=measure,
            limit=limit,
            measured=value,
            verdict=_floor(value, limit, best, enough=rows >= gates.min_rows),
            dimension=one.dimension,
            rows=rows,
            best_case=best,
            interval=interval if interval and interval.low < interval.high else None,
        )


def _per_class(gates: Gates, one: Measures) -> Iterator[GateResult]:
    """Name every label below the floor, or the weakest one where all pass."""
    limit = gates.limit("min_per_class_f1", one.dimension)
    if limit is None:
        return
    own = gates.floors(one.dimension)
    judged = [label for label in one.labels if own.get(label.label, LabelGates()).min_f1 is None]
    found = [_label("min_per_class_f1", limit, label, one, gates) for label in judged]
    trouble = [result for result in found if result.verdict is not Verdict.PASSED]
    passed = [result for result in found if result.verdict is Verdict.PASSED]
    yield from sorted(trouble, key=lambda result: (result.verdict, -result.short_by))
    if passed and not any(result.verdict is Verdict.FAILED for result in trouble):
        yield min(passed, key=lambda result: result.measured)


def _label_floors(gates: Gates, one: Measures) -> Iterator[GateResult]:
    labels = {label.label: label for label in one.labels}
    for name, floors in gates.floors(one.dimension).items():
        for gate in ("min_precision", "min_recall", "min_f1"):
            limit = getattr(floors, gate)
            if limit is not None:
                yield _label(gate, limit, labels[name], one, gates)


def _label(
    gate: str, limit: float, label: LabelMeasures, one: Measures, gates: Gates
) -> GateResult:
    measure = gate.rpartition("_")[-1]
    value = getattr(label, measure)
    rows = label.answers if measure == "precision" else label.rows
    bounds = exact_bounds(measure, hits=label.hits, rows=label.rows, answers=label.answers)
    return GateResult(
        gate=gate,
        measure=measure,
        limit=limit,
        measured=value,
        verdict=_floor(value, limit, bounds.high, enough=rows >= gates.min_rows),
        dimension=one.dimension,
        label=label.label,
        rows=rows,
        best_case=bounds.high,
        interval=bounds,
    )


def _calibration(gates: Gates, one: Measures) -> Iterator[GateResult]:
    limit = gates.limit("max_ece", one.dimension)
    if limit is None:
        return
    ece, noise = one.metrics["ece"], one.metrics["ece_noise"]
    verdict = Verdict.PASSED if ece <= limit else Verdict.FAILED
    if isnan(ece) or (verdict is Verdict.FAILED and ece <= noise):
        verdict = Verdict.UNDECIDED  # a perfect forecaster could show this gap on so few rows
    yield GateResult(
        gate="max_ece",
        measure="ece",
        limit=limit,
        measured=ece,
        verdict=verdict,
        dimension=one.dimension,
        rows=one.rows,
    )


def _slice_gaps(gates: Gates, one: Measures) -> Iterator[GateResult]:
    """A gap fails when it is over the ceiling and cannot be chance."""
    limit = gates.limit("max_slice_gap", one.dimension)
    if limit is None:
        return
    for column in one.slices:
        verdict = Verdict.PASSED if column.gap <= limit else Verdict.FAILED
        if verdict is Verdict.FAILED and column.gap_interval.low <= 0.0:
            verdict = Verdict.UNDECIDED
        worst, best = column.slices[0], column.slices[-1]
        yield GateResult(
            gate="max_slice_gap",
            measure="slice_gap",
            limit=limit,
            measured=column.gap,
            verdict=verdict,
            dimension=one.dimension,
            rows=worst.rows,
            best_case=column.gap_interval.low,
            interval=column.gap_interval,
            detail=f"{column.column}: {worst.value} against {best.value}",
        )


def _speed(gates: Gates, latency: Latency | None) -> Iterator[GateResult]:
    judged = (("max_latency_p95_ms", "p95_ms"), ("min_messages_per_second", "messages_per_second"))
    for gate, measure in judged:
        limit = getattr(gates, gate)
        if limit is None:
            continue
        value = getattr(latency, measure, nan)
        wrong = value > limit if gate.startswith("max") else value < limit
        decided = Verdict.FAILED if wrong else Verdict.PASSED
        yield GateResult(
            gate=gate,
            measure=measure,
            limit=limit,
            measured=value,
            verdict=Verdict.UNDECIDED if isnan(value) else decided,
            rows=latency.messages if latency else None,
            detail="" if latency else "not measured",
        )


def _floor(value: float, limit: float, best: float, *, enough: bool) -> Verdict:
    if isnan(value):
        return Verdict.UNDECIDED
    if value >= limit:
        return Verdict.PASSED
    return Verdict.FAILED if enough or best < limit else Verdict.UNDECIDED


def _refuse_strangers(gates: Gates, measured: Sequence[Measures]) -> None:
    known = {one.dimension: {label.label for label in one.labels} for one in measured}
    problems = [
        f"there is no dimension {name!r}{_perhaps(name, known)}"
        for name in gates.dimensions
        if name not in known
    ]
    problems += [
        f"dimension {name!r} has no label {label!r}{_perhaps(label, known[name])}"
        for name in gates.dimensions
        if name in known
        for label in gates.floors(name)
        if label not in known[name]
    ]
    if problems:
        raise InvalidSettings("The gates file", problems)


def _perhaps(word: str, known: Iterable[str]) -> str:
    guesses = get_close_matches(word, list(known), n=1)
    return f" (perhaps {guesses[0]!r})" if guesses else ""
