"""The health of an archive as JSON: figures, labels and ids, and no message."""

from dataclasses import asdict
from typing import Any

from sortyard.data.health.balance import Balance
from sortyard.data.health.copies import Contradictions
from sortyard.data.health.counts import FEW
from sortyard.data.health.doubts import swaps
from sortyard.data.health.health import DimensionHealth, Health
from sortyard.data.health.lengths import QUANTILES
from sortyard.data.health.outlook import Outlook
from sortyard.data.work_list import Suspicions


def facts_of(health: Health) -> dict[str, object]:
    """Give all that was found."""
    lengths = asdict(health.lengths)
    lengths["quantiles"] = dict(zip(map(str, QUANTILES), health.lengths.quantiles, strict=True))
    return {
        "source": health.source,
        "sha256": health.sha256,
        "rows": health.rows,
        "used": health.used,
        "unlabelled": health.unlabelled,
        "serious": health.is_serious,
        "findings": [asdict(one) for one in health.findings],
        "columns": list(health.guesses),
        "lengths": lengths,
        "languages": asdict(health.tongues),
        "personal_data": asdict(health.personal),
        "near_duplicates": {
            "clusters": health.copies.clusters,
            "rows": health.copies.clustered,
            "exact": health.copies.exact,
            "spare": health.copies.spare,
            "largest": [
                {"rows": len(one.places), "ids": _ids(health, one.places)}
                for one in health.copies.largest
            ],
        },
        "leakage": [asdict(one) for one in health.leakage],
        "dimensions": {one.name: _dimension(health, one) for one in health.dimensions},
    }


def _dimension(health: Health, one: DimensionHealth) -> dict[str, object]:
    return {
        "kind": one.kind.value,
        "answered": one.counts.answered,
        "unanswered": one.counts.unlabelled,
        "labels": [
            {"label": each.label, "rows": each.rows, "few": each.is_few}
            for each in one.counts.labels
        ],
        "few_is_below": FEW,
        "balance": _balance(one.balance),
        "spellings": asdict(one.spellings),
        "two_labels": _two_labels(health, one.contradictions),
        "label_errors": None if one.suspicions is None else _suspicions(one.suspicions),
        "history": _history(one),
        "reassignments": asdict(one.reassignments) if one.reassignments else None,
        "forecast": None if one.outlook is None else _forecast(one.outlook),
    }


def _balance(balance: Balance) -> dict[str, object]:
    return {
        **asdict(balance),
        "effective_labels": balance.effective_labels,
        "band": balance.band.value if balance.band else None,
        "asks": balance.asks,
    }


def _two_labels(health: Health, found: Contradictions) -> dict[str, object]:
    return {
        "exact": found.exact,
        "near": found.near,
        "rows": found.rows,
        "worst": [
            {
                "ids": _ids(health, one.places),
                "exact": one.exact,
                "labels": [{"labels": list(labels), "rows": rows} for labels, rows in one.labels],
            }
            for one in found.worst
        ],
    }


def _suspicions(found: Suspicions) -> dict[str, object]:
    return {
        "expected": found.expected,
        "judged": found.judged,
        "rows": found.rows,
        "judges": found.judges,
        "swaps": [asdict(one) for one in swaps(found)],
        "found": [
            {
                "id": one.id,
                "given": list(one.given),
                "likely": list(one.likely),
                "chance_given": one.chance_given,
                "chance_likely": one.chance_likely,
                "doubt": one.doubt,
            }
            for one in found.found
        ],
    }


def _forecast(outlook: Outlook) -> dict[str, object]:
    return {
        **asdict(outlook),
        "verdict": outlook.verdict.value,
        "means": outlook.verdict.meaning,
    }


def _history(one: DimensionHealth) -> dict[str, Any] | None:
    return None if one.history is None else asdict(one.history)


def _ids(health: Health, places: tuple[int, ...]) -> list[str]:
    return [health.ids[at] for at in places]
