"""The report for a terminal: plain text, at most 80 columns wide."""

from collections.abc import Iterator
from textwrap import wrap

from sortyard.domain.taxonomy import Kind
from sortyard.evaluation.figures import (
    chance,
    count,
    counted,
    milliseconds,
    percent,
    points,
    printable,
    shorten,
)
from sortyard.evaluation.gate_words import sentence, warning
from sortyard.evaluation.headlines import headlines
from sortyard.evaluation.measures import Measures
from sortyard.evaluation.plain_words import in_plain_words
from sortyard.evaluation.report import DimensionReport, Report

WIDTH = 80
WEAKEST = 5
PAIRS = 5
SLICES = 4
UNDECIDED = 3
HASH = 12  # characters that tell one from another
MEANT_FOR_TERMINAL = {
    "accuracy",
    "macro_f1",
    "subset_accuracy",
    "micro_f1",
    "samples_f1",
    "hamming_loss",
    "hierarchical_f1",
    "sibling_confusion",
    "recall_at_5",
    "auto_coverage",
    "auto_precision",
    "ece",
}


def as_text(report: Report) -> str:
    """Write a report for the terminal, the plain words first and the verdict last."""
    return "\n".join([*_head(report), *_dimensions(report), *_rest(report), *_gates(report), ""])


def _head(report: Report) -> Iterator[str]:
    yield _fit(f"Release {printable(report.release)}, recipe {printable(report.recipe)}")
    yield (
        f"learnt from {counted(report.training_rows, 'message')}, "
        f"measured on {counted(report.test_rows, 'other')}"
    )
    yield f"data {report.data_hash[:HASH]}, split {report.split_hash[:HASH]}"
    for note in report.notes:
        yield from _paragraph(f"Note: {note}", indent="  ")


def _dimensions(report: Report) -> Iterator[str]:
    for one in report.dimensions:
        yield ""
        yield _title(one.measures)
        yield from _paragraph(in_plain_words(one.measures), indent="  ")
        yield ""
        yield from _figures(one.measures, report.promised_precision)
        yield from _levels(one.measures)
        yield from _baseline(one)
        yield from _stages(one)
        yield from _ways(one)
        yield from _weakest(one.measures)
        yield from _confused(one.measures)
        yield from _slices(one.measures)
        yield from _robustness(one)


def _title(measures: Measures) -> str:
    labels = f"{counted(len(measures.labels), 'label')}, {counted(measures.rows, 'message')}"
    name = shorten(measures.dimension, WIDTH - len(labels) - 4)
    return f"{name} {'─' * (WIDTH - len(name) - len(labels) - 2)} {labels}"


def _figures(measures: Measures, promised: float) -> Iterator[str]:
    for one in headlines(measures):
        if one.figure.key in MEANT_FOR_TERMINAL:
            spread = f"  ({one.spread})" if one.spread else ""
            wanted = f"  promised {percent(promised)}" if one.figure.key == "auto_precision" else ""
            yield f"  {one.figure.name:<22}{one.value:>8}{spread}{wanted}"


def _levels(measures: Measures) -> Iterator[str]:
    """Say how often the path is right down to each level of the tree, the topmost first."""
    if measures.is_flat or not measures.accuracy_at_depth:
        return
    shares = "".join(f"{percent(one):>8}" for one in measures.accuracy_at_depth.values())
    yield _fit(f"  {'Level by level':<22}{shares}  the topmost first")


def _baseline(one: DimensionReport) -> Iterator[str]:
    if one.baseline is None:
        return
    found = one.baseline.comparison
    of_sets = one.measures.kind is Kind.MULTI  # else micro F1 is the accuracy
    micro = f"micro F1 {percent(found.micro_f1.one)}, " if of_sets else ""
    gain = f"{points(found.micro_f1.gain)} of micro F1, " if of_sets else ""
    yield from _paragraph(
        f"Beside it, {one.baseline.name} reaches {percent(found.accuracy.one)} "
        f"({micro}macro F1 {percent(found.macro_f1.one)}). The difference: "
        f"{points(found.accuracy.gain)} of accuracy ({chance(found.p_value)}), "
        f"{gain}{points(found.macro_f1.gain)} of macro F1.",
        indent="  ",
    )


def _stages(one: DimensionReport) -> Iterator[str]:
    if not one.stages:
        return
    yield ""
    yield f"  {'What each part reaches':<50}{'accuracy':>10}{'macro F1':>10}"
    for part in one.stages:
        yield (
            f"  {shorten(part.stage, 49):<50}{percent(part.accuracy):>10}"
            f"{percent(part.macro_f1):>10}"
        )


def _ways(one: DimensionReport) -> Iterator[str]:
    if not one.ways:
        return
    yield ""
    yield (
        f"  {'The tree, on held-out messages':<32}{'accuracy':>9}{'top':>8}{'hier. F1':>10}"
        f"{'siblings':>10}{'log loss':>9}"
    )
    for found in one.ways:
        name = f"{found.way} (chosen)" if found.chosen else found.way
        yield (
            f"  {name:<32}{percent(found.accuracy):>9}{percent(found.top_accuracy):>8}"
            f"{percent(found.hierarchical_f1):>10}{percent(found.sibling_confusion):>10}"
            f"{found.log_loss:>9.3f}"
        )


def _weakest(measures: Measures) -> Iterator[str]:
    weakest = sorted((one for one in measures.labels if one.rows), key=lambda one: one.f1)
    yield ""
    yield f"  {'Weakest labels':<50}{'F1':>8}{'precision':>11}{'recall':>8}"[:WIDTH]
    for one in weakest[:WEAKEST]:
        yield (
            f"  {shorten(one.label, 49):<50}"
            f"{percent(one.f1):>8}{percent(one.precision):>11}{percent(one.recall):>8}"
        )


def _confused(measures: Measures) -> Iterator[str]:
    if not measures.confusions:
        return
    yield ""
    yield f"  {'Most confused':<35} {'answered as':<35}{'rows':>6}"
    for one in measures.confusions[:PAIRS]:
        yield f"  {shorten(one.truth, 34):<35} {shorten(one.answer, 34):<35}{count(one.rows):>6}"


def _slices(measures: Measures) -> Iterator[str]:
    if not measures.slices:
        return
    yield ""
    yield f"  {'Slices':<20} {'worst':<18}{'right':>8}  {'best':<18}{'right':>8}"
    for column in sorted(measures.slices, key=lambda one: -one.gap)[:SLICES]:
        worst, best = column.slices[0], column.slices[-1]
        yield (
            f"  {shorten(column.column, 19):<20} "
            f"{shorten(worst.value, 17):<18}{percent(worst.accuracy):>8}  "
            f"{shorten(best.value, 17):<18}{percent(best.accuracy):>8}"
        )


def _robustness(one: DimensionReport) -> Iterator[str]:
    if not one.robustness:
        return
    yield ""
    yield f"  {'Disturbed texts':<34}{'accuracy':>10}{'lost':>16}{'changed':>10}"
    for found in one.robustness:
        yield (
            f"  {shorten(found.disturbance, 33):<34}{percent(found.accuracy_after):>10}"
            f"{points(-found.drop):>16}{percent(found.changed):>10}"
        )


def _rest(report: Report) -> Iterator[str]:
    if report.latency is None:
        return
    speed = report.latency
    yield ""
    yield (
        f"Speed: one message {milliseconds(speed.p50_ms)} (95th percentile "
        f"{milliseconds(speed.p95_ms)}), {count(speed.messages_per_second)} a second in a batch"
    )


def _gates(report: Report) -> Iterator[str]:
    yield ""
    found = report.gates
    if not report.dimensions:
        yield "No gate was asked, since nothing was measured."
    elif found.passed:
        yield f"PASSED {_held(len(found.passes), len(found.undecided))}."
    else:
        yield f"FAILED {count(len(found.failures))} of {count(len(found.findings))} gate findings:"
    for one in found.failures:
        yield from _paragraph(f"✗ {sentence(one)}", indent="  ")
    for one in found.undecided[:UNDECIDED]:
        yield from _paragraph(f"? {sentence(one)}", indent="  ")
    rest = len(found.undecided) - UNDECIDED
    if rest > 0:
        yield f"  ? and {count(rest)} more with too few rows to say."
    for thin in found.thin:
        yield from _paragraph(f"! {warning(thin)}", indent="  ")


def _held(passes: int, undecided: int) -> str:
    if not undecided:
        return f"all gates ({count(passes)} held)"
    return f"as no gate failed ({count(passes)} held, {count(undecided)} undecided)"


def _paragraph(text: str, *, indent: str) -> list[str]:
    return wrap(
        printable(text),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )


def _fit(line: str) -> str:
    return shorten(line, WIDTH)
