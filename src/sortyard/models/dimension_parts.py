"""What one dimension has learnt, as the parts that a release stores: words, numbers and arrays."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from numpy.typing import NDArray

from sortyard.domain.policy import DimensionPolicy
from sortyard.domain.taxonomy import Dimension, Kind
from sortyard.models.calibration_file import (
    calibrator_from_dict,
    calibrator_to_dict,
    independent_calibrator_from_dict,
)
from sortyard.models.dimension import DimensionModel
from sortyard.models.heads import Head
from sortyard.models.hierarchy import LabelTree
from sortyard.models.isotonic import Curve
from sortyard.models.line import Line
from sortyard.models.reranker import Reranking

Arrays: TypeAlias = dict[str, NDArray[Any]]


def policy_of(model: DimensionModel) -> dict[str, Any]:
    """Give the thresholds, routes and margins; what a dimension lacks is not named."""
    policy = {"labels": list(model.labels), "lead": model.lead, "policy": model.policy.to_dict()}
    reranking = model.reranking
    return policy if reranking is None else policy | {"reranking": reranking.to_dict()}


def calibration_of(model: DimensionModel) -> dict[str, Any]:
    """Give the readable numbers of its lines."""
    lines = {"student": model.student} | ({} if model.full is None else {"full": model.full})
    return {
        "whole": None if model.whole is None else model.whole.to_dict(),
        "ways": {name: dict(figures) for name, figures in model.ways.items()},
        "lines": {
            name: {"calibrator": calibrator_to_dict(line.calibrator)} | line.to_dict()
            for name, line in lines.items()
        },
    }


def arrays_of(model: DimensionModel, prefix: str) -> Arrays:
    """Name its arrays."""
    arrays = {f"{prefix}.cuts": model.cuts}
    arrays |= model.student.wording.arrays(f"{prefix}.wording")
    arrays |= model.student.arrays(f"{prefix}.student")
    if model.full is not None:
        arrays |= model.full.arrays(f"{prefix}.full")
    return arrays


def model_from_parts(
    dimension: Dimension,
    policy: Mapping[str, Any],
    calibration: Mapping[str, Any],
    arrays: Arrays,
    prefix: str,
) -> DimensionModel:
    """Rebuild a model from what the functions above gave."""
    wording = Head.from_arrays(arrays, f"{prefix}.wording")
    single = dimension.kind is Kind.SINGLE
    read = calibrator_from_dict if single else independent_calibrator_from_dict
    lines = {
        name: Line.from_parts(
            stored,
            arrays,
            f"{prefix}.{name}",
            labels=policy["labels"],
            wording=wording,
            calibrator=read(stored["calibrator"]),
        )
        for name, stored in calibration["lines"].items()
    }
    whole = calibration["whole"]
    return DimensionModel(
        dimension=dimension,
        tree=LabelTree.of(tuple(policy["labels"])),
        student=lines["student"],
        full=lines.get("full"),
        lead=float(policy["lead"]),
        cuts=arrays[f"{prefix}.cuts"],
        whole=None if whole is None else Curve.from_dict(whole),
        policy=DimensionPolicy.from_dict(policy["policy"]),
        ways=calibration.get("ways", {}),  # a release from before has none
        reranking=_reranking(dimension, policy),
    )


def _reranking(dimension: Dimension, policy: Mapping[str, Any]) -> Reranking | None:
    """Read how a dimension is reranked; the cards are what its labels say in the taxonomy."""
    stored = policy.get("reranking")
    if stored is None:
        return None
    cards = {node.path: node.card for node in dimension.nodes}
    return Reranking.from_dict(stored, [cards[label] for label in policy["labels"]])
