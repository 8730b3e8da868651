"""The model card: what a release can and cannot do, measured, in Markdown."""

import re
from dataclasses import dataclass
from typing import Self

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from sortyard.evaluation import figures
from sortyard.evaluation.gate_words import sentence, warning
from sortyard.evaluation.measures import ConfusedPair, LabelMeasures, Measures
from sortyard.evaluation.plain_words import in_plain_words
from sortyard.evaluation.report import DimensionReport, Report
from sortyard.evaluation.robustness import Robustness
from sortyard.evaluation.slices import SliceColumn
from sortyard.evaluation.views import NONE

CAREFUL = 5
PAIRS = 5
WEAK = 0.8  # the F1 below which a label is named as one to be careful with
MARKED = re.compile(r"([\\`*_\[\]<>|#~])")


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionCard:
    """What the card says of one dimension."""

    report: DimensionReport
    measures: Measures
    words: str
    weak: tuple[LabelMeasures, ...]
    unmeasured: tuple[LabelMeasures, ...]
    confused: tuple[ConfusedPair, ...]
    uneven: tuple[SliceColumn, ...]
    disturbed: tuple[Robustness, ...]

    @classmethod
    def of(cls, report: DimensionReport) -> Self:
        """Pick what a reader has to know."""
        found = report.measures
        weak = sorted(
            (one for one in found.labels if one.rows and one.f1 < WEAK), key=lambda one: one.f1
        )
        return cls(
            report=report,
            measures=found,
            words=in_plain_words(found),
            weak=tuple(weak),
            unmeasured=tuple(one for one in found.labels if not one.rows),
            confused=found.confusions[:PAIRS],
            uneven=tuple(one for one in found.slices if one.gap_interval.low > 0.0),
            disturbed=tuple(one for one in report.robustness if one.drop > 0.0),
        )


def as_card(report: Report) -> str:
    """Write the card. Names are escaped, so that no label can change the page."""
    template = _environment().get_template("CARD.md")
    cards = [DimensionCard.of(one) for one in report.dimensions]
    return template.render(report=report, cards=cards, careful=CAREFUL, weak=WEAK)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("sortyard.evaluation"),
        autoescape=select_autoescape(["html"]),  # Markdown is escaped by `finalize`
        finalize=_in_markdown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= figures.FILTERS
    environment.filters |= {"mistake": _mistake, "sentence": sentence, "warning": warning}
    return environment


def _mistake(pair: ConfusedPair) -> str:
    if pair.truth == NONE:
        return f"{pair.answer} given without need"
    if pair.answer == NONE:
        return f"{pair.truth} missed"
    return f"{pair.truth} answered as {pair.answer}"


def _in_markdown(value: object) -> object:
    """Escape what Markdown would read as a mark, on one line."""
    if not isinstance(value, str):
        return value
    return MARKED.sub(r"\\\1", figures.printable(value)).replace("&", "&amp;")
