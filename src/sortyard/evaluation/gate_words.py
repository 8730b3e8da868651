"""What a gate found, in one sentence."""

from math import isnan

from sortyard.evaluation.figures import between, count, counted, decimal, milliseconds, percent
from sortyard.evaluation.gate_results import GateResult, ThinTest, Verdict

NAMES = {
    "macro_f1": "macro F1",
    "micro_f1": "micro F1",
    "f1": "F1",
    "auto_precision": "precision of automatic answers",
    "ece": "calibration error",
    "slice_gap": "gap between slices",
    "p95_ms": "95th percentile of the latency",
    "messages_per_second": "messages a second",
}
FORMATS = {"ece": decimal, "p95_ms": milliseconds, "messages_per_second": count}


def sentence(finding: GateResult) -> str:
    """Say what was measured against which limit, and by how much it misses."""
    write = FORMATS.get(finding.measure, percent)
    name = NAMES.get(finding.measure, finding.measure)
    subject = f"{finding.subject}, {finding.detail}" if finding.detail else finding.subject
    if isnan(finding.measured):
        return f"{subject}: {name} cannot be measured here."
    if finding.rows == 0:
        return f"{subject}: no test message has this label, so its {name} is not known."
    limit = f"{'at most' if finding.gate.startswith('max') else 'at least'} {write(finding.limit)}"
    said = f"{subject}: {name} is {write(finding.measured)}; the gate asks for {limit}"
    rows = _rests_on(finding)
    if finding.verdict is Verdict.PASSED:
        return f"{said}{rows}."
    if finding.verdict is Verdict.UNDECIDED:
        return f"{said}; too few rows to say{rows}."
    return f"{said}: {_by(finding)} {_off(finding)}{rows}."


def warning(thin: ThinTest) -> str:
    """Say that the gates of a dimension rest on too few messages, and what to do."""
    return (
        f"{thin.dimension}: only {counted(thin.rows, 'test message')}. The accuracy of "
        f"{percent(thin.accuracy)} may be anything from {between(thin.interval)}: the gates "
        "cannot tell 0.70 from 0.90. Test on a few hundred messages before you rely on them."
    )


def _rests_on(finding: GateResult) -> str:
    """Write on how many messages a figure rests, and where the true one lies."""
    parts = []
    if finding.rows is not None and (finding.label or (finding.interval and not finding.detail)):
        parts.append(counted(finding.rows, "message"))
    if finding.interval:
        parts.append(between(finding.interval))
    return f" ({', '.join(parts)})" if parts else ""


def _by(finding: GateResult) -> str:
    if finding.measure in FORMATS:
        return FORMATS[finding.measure](finding.short_by)
    return f"{100.0 * finding.short_by:.1f} points"


def _off(finding: GateResult) -> str:
    return "too much" if finding.gate.startswith("max") else "short"
