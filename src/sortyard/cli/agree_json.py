"""The agreement of annotators as JSON."""

from dataclasses import asdict

from sortyard.app.agreeing import Agreed
from sortyard.evaluation.agreement.against_others import AgainstOthers
from sortyard.evaluation.agreement.annotator_pairs import AnnotatorPair
from sortyard.evaluation.agreement.figures import Coefficient
from sortyard.evaluation.agreement.label_pairs import LabelPair
from sortyard.evaluation.agreement.measuring import Agreement
from sortyard.evaluation.agreement.work import Divided
from sortyard.evaluation.intervals import Interval


def facts_of(agreed: Agreed) -> dict[str, object]:
    """Give all that was measured; a figure that is not defined is null, and says why."""
    return {
        "passed": agreed.passed,
        "gate": agreed.gate,
        "seed": agreed.seed,
        "dimensions": {
            one.votes.dimension: {"passed": one.passes(agreed.gate), **_dimension(one, agreed.gate)}
            for one in agreed.dimensions
        },
        "remarks": list(agreed.remarks),
    }


def _dimension(one: Agreement, gate: float) -> dict[str, object]:
    return {
        "kind": one.votes.kind.value,
        "messages": one.messages,
        "votes": len(one.votes),
        "one_vote": one.alone,
        "no_vote": one.silent,
        "decided": one.decided,
        "alpha": _figure(one.alpha),
        "fleiss_kappa": _figure(one.fleiss),
        "cohen_kappa": {
            "mean": one.cohen.mean,
            "too_few": one.cohen.too_few,
            "pairs": [_annotator_pair(each) for each in one.cohen.pairs],
        },
        "labels": [
            {"label": each.label, "votes": each.votes, **_figure(each.alpha)} for each in one.labels
        ],
        "label_pairs": [_label_pair(each, gate) for each in one.label_pairs],
        "annotators": [
            {**_annotator(each), "reliability": one.consensus.reliability[each.annotator]}
            for each in one.annotators
        ],
        "work": [_divided(each) for each in one.work],
    }


def _annotator_pair(one: AnnotatorPair) -> dict[str, object]:
    return {"one": one.one, "other": one.other, "messages": one.messages, **_figure(one.kappa)}


def _label_pair(one: LabelPair, gate: float) -> dict[str, object]:
    return {
        "one": one.one,
        "other": one.other,
        "siblings": one.are_siblings,
        "messages": one.messages,
        "share": one.share,
        "needs_decision": one.needs_decision(gate),
        **_figure(one.alpha),
    }


def _figure(figure: Coefficient) -> dict[str, object]:
    return {"value": figure.value, "interval": _ends(figure.interval), "why": figure.why or None}


def _ends(interval: Interval | None) -> dict[str, float] | None:
    return None if interval is None else asdict(interval)


def _annotator(one: AgainstOthers) -> dict[str, object]:
    return {
        "annotator": one.annotator,
        "votes": one.votes,
        "compared": one.compared,
        "same": one.same,
        "share": one.share,
        "interval": _ends(one.interval),
        "verdict": one.verdict.value,
    }


def _divided(one: Divided) -> dict[str, object]:
    return {
        "id": one.message,
        "votes": [{"answer": list(answer), "votes": count} for answer, count in one.votes],
        "consensus": None if one.consensus is None else list(one.consensus),
        "support": one.support,
    }
