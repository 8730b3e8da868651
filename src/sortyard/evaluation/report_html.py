"""The report as one HTML page that needs nothing else: no script, no font, no network."""

from dataclasses import dataclass
from typing import Self

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from sortyard.domain.taxonomy import SEPARATOR, Kind
from sortyard.evaluation import figures
from sortyard.evaluation.gate_words import sentence, warning
from sortyard.evaluation.headlines import Shown, headlines
from sortyard.evaluation.heat import HeatMap, heat_map
from sortyard.evaluation.measures import Fates, LabelMeasures, Measures
from sortyard.evaluation.plain_words import in_plain_words, scaled
from sortyard.evaluation.plots.hundred import hundred
from sortyard.evaluation.plots.reliability import reliability
from sortyard.evaluation.plots.risk_coverage import risk_coverage
from sortyard.evaluation.plots.spans import span
from sortyard.evaluation.report import DimensionReport, Report

FIRST = {"accuracy", "subset_accuracy", "macro_f1", "auto_coverage", "auto_precision", "ece"}
WEAKEST = 12
PAIRS = 8
SPAN_STEPS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionPage:
    """What the template shows of one dimension, with its drawings."""

    report: DimensionReport
    measures: Measures
    anchor: str
    words: str
    fates: Fates
    headlines: tuple[Shown, ...]
    more: tuple[Shown, ...]
    hundred: Markup
    reliability: Markup | None
    risk_coverage: Markup | None
    weakest: tuple[LabelMeasures, ...]
    labels: tuple[LabelMeasures, ...]
    unmeasured: tuple[str, ...]
    heat: HeatMap | None
    floor: float | None
    lowest_slice: float

    @classmethod
    def of(
        cls, report: DimensionReport, *, anchor: str, promised: float, floor: float | None
    ) -> Self:
        """Draw everything once."""
        found = report.measures
        shown = headlines(found)
        tested = tuple(one for one in found.labels if one.rows)
        weakest = sorted(tested, key=lambda one: (one.f1, -one.rows, one.label))
        lowest = min(
            (one.interval.low for column in found.slices for one in column.slices), default=0
        )
        return cls(
            report=report,
            measures=found,
            anchor=anchor,
            words=in_plain_words(found),
            fates=scaled(found.fates),
            headlines=tuple(one for one in shown if one.figure.key in FIRST),
            more=tuple(one for one in shown if one.figure.key not in FIRST),
            hundred=hundred(found.fates),
            reliability=reliability(found.reliability) if found.reliability else None,
            risk_coverage=_risk_coverage(found, promised),
            weakest=tuple(weakest[:WEAKEST]),
            labels=tested,
            unmeasured=tuple(one.label for one in found.labels if not one.rows),
            heat=heat_map(found) if found.kind is Kind.SINGLE else None,
            floor=floor,
            lowest_slice=int(lowest * SPAN_STEPS) / SPAN_STEPS,
        )


def as_html(report: Report) -> str:
    """Write a report as one page, light and dark, for the screen and for paper."""
    pages = [
        DimensionPage.of(
            one,
            anchor=f"dimension-{at}",
            promised=report.promised_precision,
            floor=_floor(report, one.name),
        )
        for at, one in enumerate(report.dimensions, start=1)
    ]
    return environment().get_template("report.html").render(report=report, pages=pages, pairs=PAIRS)


def environment() -> Environment:
    """Give what fills in the templates of pages: names that others wrote are escaped."""
    made = Environment(
        loader=PackageLoader("sortyard.evaluation"),
        autoescape=True,  # names of labels, columns and values are somebody else's words
        finalize=_printable,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= figures.FILTERS
    made.filters |= {"sentence": sentence, "warning": warning, "label": _label}
    made.globals["span"] = span
    return made


def _floor(report: Report, dimension: str) -> float | None:
    """Find the floor that the labels of a dimension were held to, if any."""
    limits = (
        one.limit
        for one in report.gates.findings
        if one.gate == "min_per_class_f1" and one.dimension == dimension
    )
    return next(limits, None)


def _risk_coverage(found: Measures, promised: float) -> Markup | None:
    if not found.trade:
        return None
    fates = found.fates
    return risk_coverage(
        found.trade,
        coverage=fates.auto / fates.rows,
        risk=fates.auto_wrong / fates.auto if fates.auto else None,
        promised=1.0 - promised,
    )


def _label(path: str) -> Markup:
    """Write a path with its parents in the background, so that the label's own name stands out."""
    above, separator, name = figures.printable(path).rpartition(SEPARATOR)
    parents = Markup('<span class="above">{}</span>').format(_breakable(above + separator))
    return Markup('<span class="label">{}{}</span>').format(parents, _breakable(name))


def _breakable(name: str) -> Markup:
    """Let a long name break after its joints rather than anywhere."""
    return escape(name).replace("/", Markup("/<wbr>")).replace("_", Markup("_<wbr>"))


def _printable(value: object) -> object:
    """Keep control characters out of the page; markup of our own is left as it is."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return figures.printable(value)
    return value
