"""The agreement of annotators in words, on a terminal."""

from collections.abc import Iterator
from typing import Final

from sortyard.app.agreeing import Agreed, votes_in_words
from sortyard.cli.output import share, shortened, table, wrapped
from sortyard.data.decisions import written
from sortyard.domain.errors import number
from sortyard.domain.taxonomy import SEPARATOR, parent_of
from sortyard.evaluation.agreement.against_others import WANTED, AgainstOthers, Verdict
from sortyard.evaluation.agreement.figures import Coefficient
from sortyard.evaluation.agreement.label_pairs import LabelPair
from sortyard.evaluation.agreement.measuring import Agreement
from sortyard.evaluation.intervals import Interval

SHOWN: Final = 8  # lines of a kind, unless all are asked for
NAME: Final = 26  # columns of a name beside figures
VERDICTS: Final = {
    Verdict.FINE: "",
    Verdict.UNSURE: "too few votes to say",
    Verdict.LOW: f"below {WANTED:.0%}",
    Verdict.UNKNOWN: "nobody to compare with",
}


def in_words(agreed: Agreed, *, everything: bool) -> Iterator[str]:
    """Tell each dimension from the whole to its parts, and at the end what to do."""
    shown = None if everything else SHOWN
    for one in agreed.dimensions:
        yield wrapped(_heading(one))
        yield ""
        yield from _whole(one, agreed.gate)
        yield from _labels(one, shown)
        yield from _label_pairs(one, agreed.gate, shown)
        yield from _annotators(one, shown)
        yield from _work(one, shown)
        yield ""
    yield from _verdict(agreed)


def _heading(one: Agreement) -> str:
    votes = one.votes
    by = f"{number(len(votes), 'vote')} of {number(len(votes.annotators), 'annotator')}"
    labels = number(len(votes.labels), "label")
    said = [f"{votes.dimension}: {number(one.messages, 'message')}, {by} for {labels}"]
    if one.alone:
        said.append(f"{number(one.alone, 'message')} with one vote")
    if one.silent:
        said.append(f"{one.silent:,} have none")
    if one.decided:
        said.append(f"{one.decided:,} are decided")
    return "; ".join(said)


def _whole(one: Agreement, gate: float) -> Iterator[str]:
    rows = [
        ("Krippendorff's alpha", *_cells(one.alpha), _against(one.alpha, gate)),
        ("Fleiss' kappa", *_cells(one.fleiss), ""),
    ]
    if one.cohen.pairs:
        many = f"mean of {len(one.cohen.pairs):,} pairs" if len(one.cohen.pairs) > 1 else ""
        rows.append(("Cohen's kappa", _number(one.cohen.mean), _span(one), many))
    yield table(rows, header=("agreement", "", "95 % interval", ""), indent=2)
    if one.alpha.why:
        yield wrapped(f"not defined: {one.alpha.why}", indent=2)
    if one.cohen.pairs and len(one.cohen.pairs) > 1:
        least, most = one.cohen.pairs[0], one.cohen.pairs[-1]
        for word, pair in (("least", least), ("most", most)):
            names = f"{pair.one} and {pair.other}"
            yield wrapped(f"{word}: {names}, {_with_interval(pair.kappa)}", indent=4)
    if one.cohen.too_few:
        yield f"    pairs who shared too few messages for a kappa: {one.cohen.too_few:,}"


def _span(one: Agreement) -> str:
    """Give the interval of the only pair; of several, each has its own."""
    only = one.cohen.pairs[0].kappa.interval if len(one.cohen.pairs) == 1 else None
    return _interval(only)


def _against(alpha: Coefficient, gate: float) -> str:
    if alpha.value is None:
        return ""
    unsure = alpha.interval is not None and alpha.interval.low < gate <= alpha.interval.high
    side = "reaches" if alpha.value >= gate else "below"
    return f"{side} the gate{', may be chance' if unsure else ''}"


def _labels(one: Agreement, shown: int | None) -> Iterator[str]:
    ranked = sorted(
        one.labels, key=lambda each: (each.alpha.value is None, each.alpha.value or 0.0)
    )
    rows = [(_cut(each.label), *_cells(each.alpha), f"{each.votes:,}") for each in ranked[:shown]]
    yield ""
    yield table(rows, header=("label", "alpha", "95 % interval", "votes"), indent=2)
    yield from _more(len(ranked), shown)
    for each in ranked[:shown]:
        if each.alpha.why:
            yield wrapped(f"{each.label}: {each.alpha.why}", indent=4)


def _label_pairs(one: Agreement, gate: float, shown: int | None) -> Iterator[str]:
    pairs = one.label_pairs
    if not pairs:
        return
    rows = [
        (
            share(each.share, digits=0),
            f"{each.messages:,}",
            *_cells(each.alpha),
            "decide" if each.needs_decision(gate) else "",
            _both(each),
        )
        for each in pairs[:shown]
    ]
    header = ("splits", "on", "alpha", "95 % interval", "", "labels taken for each other")
    yield ""
    yield from map(shortened, table(rows, header=header, indent=2).splitlines())
    yield from _more(len(pairs), shown)


def _both(pair: LabelPair) -> str:
    """Name two labels, and what they have in common only once."""
    parent = parent_of(pair.one)
    if parent is None or not pair.are_siblings:
        return f"{pair.one}, {pair.other}"
    one, other = (label.removeprefix(parent + SEPARATOR) for label in (pair.one, pair.other))
    return f"{parent}: {one}, {other}"


def _annotators(one: Agreement, shown: int | None) -> Iterator[str]:
    rows = [
        (
            _cut(each.annotator),
            f"{each.votes:,}",
            share(each.share),
            _percentages(each),
            VERDICTS[each.verdict],
        )
        for each in one.annotators[:shown]
    ]
    yield ""
    yield table(rows, header=("annotator", "votes", "as most", "95 % interval", ""), indent=2)
    yield from _more(len(one.annotators), shown)


def _work(one: Agreement, shown: int | None) -> Iterator[str]:
    yield ""
    if not one.work:
        yield "  nothing is left to decide"
        return
    yield f"  {number(len(one.work), 'message')} to decide, the least sure first"
    for each in one.work[:shown]:
        consensus = written(each.consensus) or "undecided"
        yield shortened(f"  {each.message}: {votes_in_words(each)}; by weight {consensus}")
    yield from _more(len(one.work), shown)


def _verdict(agreed: Agreed) -> Iterator[str]:
    failing = [one.votes.dimension for one in agreed.dimensions if not one.passes(agreed.gate)]
    if not failing:
        yield f"Agreement reaches the gate of {agreed.gate:g}."
        return
    names = ", ".join(failing)
    yield wrapped(f"Agreement on {names} does not reach the gate of {agreed.gate:g}.")
    yield wrapped(
        "fix: say in the definitions where the labels end that are taken for each other, decide "
        "the messages of `--export FILE`, and let people label again.",
        indent=2,
    )


def _more(count: int, shown: int | None) -> Iterator[str]:
    if shown is not None and count > shown:
        yield f"    and {count - shown:,} more; `--all` shows them"


def _cells(figure: Coefficient) -> tuple[str, str]:
    return _number(figure.value), _interval(figure.interval)


def _with_interval(figure: Coefficient) -> str:
    value = _number(figure.value)
    return f"{value} ({_interval(figure.interval)})" if figure.interval else value


def _number(value: float | None) -> str:
    return "-" if value is None else f"{round(value, 3) + 0.0:.3f}"  # no zero has a sign


def _interval(interval: Interval | None) -> str:
    return "-" if interval is None else f"{interval.low:.3f} to {interval.high:.3f}"


def _percentages(one: AgainstOthers) -> str:
    interval = one.interval
    if interval is None:
        return "-"
    return f"{100 * interval.low:.1f} to {100 * interval.high:.1f} %"


def _cut(name: str) -> str:
    """Shorten a name; of a path the end says more."""
    if len(name) <= NAME:
        return name
    return f"…{name[1 - NAME :]}" if SEPARATOR in name else f"{name[: NAME - 1]}…"
