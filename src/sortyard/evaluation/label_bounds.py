"""Exact bounds for one label's precision, recall and F1, however few its rows."""

from sortyard.evaluation.intervals import Interval, exact_interval


def exact_bounds(measure: str, *, hits: int, rows: int, answers: int) -> Interval:
    """
    Enclose a label's `precision`, `recall` or `f1` with 95 % confidence.

    A bootstrap cannot do this for a handful of rows: two misses of two give 0 to 0. F1 is treated
    as the share J of hits among the messages that have the label or were given it, through
    F1 = 2 J / (1 + J), which makes it a binomial share as well.
    """
    if measure == "precision":
        return exact_interval(hits, answers)
    if measure == "recall":
        return exact_interval(hits, rows)
    shared = exact_interval(hits, rows + answers - hits)
    return Interval(*(2.0 * one / (1.0 + one) for one in (shared.low, shared.high)))
