"""When the machine may answer alone, when a team takes a look, and when a person decides first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self

from sortyard.domain.errors import InvalidSettings
from sortyard.domain.predictions import Candidate, Reason, Route
from sortyard.domain.taxonomy import Dimension, ancestors

SOURCE = "policy.json"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """
    The confidence from which an answer is routed `auto`, and from which `confirm`.

    No `auto` threshold means that nothing was proven: the machine never answers alone.
    """

    auto: float | None
    confirm: float

    def __post_init__(self) -> None:
        problems = [
            f"{name} lies between 0 and 1, not {value}"
            for name, value in (("auto", self.auto), ("confirm", self.confirm))
            if value is not None and not 0.0 <= value <= 1.0  # also refuses NaN
        ]
        if self.auto is not None and self.confirm > self.auto:
            problems.append(f"confirm ({self.confirm}) is at most auto ({self.auto})")
        if problems:
            raise InvalidSettings(SOURCE, problems)


class Basis(StrEnum):
    """On whose rows a label's auto threshold stands."""

    OWN = "own"  # the label's own held-out rows prove the target
    SHARED = "shared"  # those of all labels that cannot prove it alone, together
    BELOW_TARGET = "below-target"  # its own rows are clearly worse than the target: no threshold
    UNSEEN = "unseen"  # it was never answered on held-out rows: no threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """
    What the held-out rows said about the answers at or above a threshold.

    `promised` is the precision that they prove with the stated assurance.
    """

    basis: Basis
    target: float
    rows: int = 0
    right: int = 0
    promised: float = 0.0


@dataclass(frozen=True, slots=True)
class Routing:
    """Who acts on an answer, and why where its confidence alone does not say."""

    route: Route
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionPolicy:
    """
    How the answers of one dimension are routed.

    `thresholds` holds the labels that have their own; every other label takes `fallback`.
    `roll_up` holds the confidence from which a parent is answered in place of an unsure leaf.
    `minimum_confidences` and `always_review` say what the taxonomy says, and hold for everything
    below a label too. An answer with novelty at or above `novelty_limit` goes to a person; where
    the dimension is `unproven`, every answer does: no message has shown how often it is right.
    """

    dimension: str
    target_precision: float
    fallback: Thresholds
    thresholds: Mapping[str, Thresholds] = field(default_factory=dict)
    roll_up: Mapping[str, float] = field(default_factory=dict)
    novelty_limit: float | None = None
    minimum_confidence: float | None = None
    minimum_confidences: Mapping[str, float] = field(default_factory=dict)
    always_review: frozenset[str] = frozenset()
    unproven: bool = False
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    shared_evidence: Evidence | None = None

    @classmethod
    def of(  # noqa: PLR0913 -- every part of the value, by name
        cls,
        dimension: Dimension,
        *,
        target_precision: float,
        fallback: Thresholds,
        thresholds: Mapping[str, Thresholds] | None = None,
        roll_up: Mapping[str, float] | None = None,
        novelty_limit: float | None = None,
        unproven: bool = False,
        evidence: Mapping[str, Evidence] | None = None,
        shared_evidence: Evidence | None = None,
    ) -> Self:
        """Join what was learnt with what the taxonomy demands."""
        nodes = dimension.nodes
        return cls(
            dimension=dimension.name,
            target_precision=target_precision,
            fallback=fallback,
            thresholds=dict(thresholds or {}),
            roll_up=dict(roll_up or {}),
            novelty_limit=novelty_limit,
            unproven=unproven,
            minimum_confidence=dimension.minimum_confidence,
            minimum_confidences={
                node.path: node.label.minimum_confidence
                for node in nodes
                if node.label.minimum_confidence is not None
            },
            always_review=frozenset(node.path for node in nodes if node.label.always_review),
            evidence=dict(evidence or {}),
            shared_evidence=shared_evidence,
        )

    def to_dict(self) -> dict[str, object]:
        """Give plain JSON values; `from_dict` reads them back."""
        return {
            "dimension": self.dimension,
            "target_precision": self.target_precision,
            "fallback": asdict(self.fallback),
            "thresholds": {path: asdict(one) for path, one in self.thresholds.items()},
            "roll_up": dict(self.roll_up),
            "novelty_limit": self.novelty_limit,
            "minimum_confidence": self.minimum_confidence,
            "minimum_confidences": dict(self.minimum_confidences),
            "always_review": sorted(self.always_review),
            "unproven": self.unproven,
            "evidence": {path: asdict(one) for path, one in self.evidence.items()},
            "shared_evidence": asdict(self.shared_evidence) if self.shared_evidence else None,
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Read a policy back; raises `InvalidSettings` for anything that is not one."""
        shared = stored.get("shared_evidence")
        try:
            return cls(
                **{
                    **stored,
                    "fallback": Thresholds(**stored["fallback"]),
                    "thresholds": {k: Thresholds(**v) for k, v in stored["thresholds"].items()},
                    "always_review": frozenset(stored["always_review"]),
                    "evidence": {k: _evidence(v) for k, v in stored["evidence"].items()},
                    "shared_evidence": None if shared is None else _evidence(shared),
                }
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise InvalidSettings(SOURCE, [f"it is not a policy ({error!r})"]) from None

    def thresholds_of(self, label: str) -> Thresholds:
        """Look up a label's own thresholds, or the dimension's."""
        return self.thresholds.get(label, self.fallback)

    def minimum_of(self, label: str) -> float:
        """Find the least confidence that the taxonomy asks for: the label's, or what is above."""
        for path in (label, *ancestors(label)) if self.minimum_confidences else ():
            if path in self.minimum_confidences:
                return self.minimum_confidences[path]
        return self.minimum_confidence or 0.0

    def route(self, label: str, confidence: float, novelty: float | None = None) -> Routing:
        """Decide who acts on one label; the answer of a `single` dimension."""
        answer = Candidate(label, confidence)
        return self._forbidden((answer,), novelty) or _by_confidence(
            self.thresholds_of(label), confidence
        )

    def route_rolled_up(
        self, label: str, confidence: float, novelty: float | None = None
    ) -> Routing:
        """
        Decide who acts on a parent that was answered because its leaf was unsure.

        It is `auto` from its `roll_up` threshold on, and confirmed like any label below that.
        """
        forbidden = self._forbidden((Candidate(label, confidence),), novelty)
        if forbidden:
            return forbidden
        sure = label in self.roll_up and confidence >= self.roll_up[label]
        own = Thresholds(None, self.thresholds_of(label).confirm)
        route = Route.AUTO if sure else _by_confidence(own, confidence).route
        return Routing(route, Reason.ROLLED_UP)

    def route_set(
        self, labels: Sequence[Candidate], confidence: float, novelty: float | None = None
    ) -> Routing:
        """
        Decide who acts on a set of labels; the answer of a `multi` dimension.

        `confidence` is the chance that the whole set is right, and the dimension's thresholds are
        held against it; the taxonomy's minimum against the confidence of each label.
        """
        return self._forbidden(labels, novelty) or _by_confidence(self.fallback, confidence)

    def _forbidden(self, labels: Iterable[Candidate], novelty: float | None) -> Routing | None:
        """Send to a person what no confidence can excuse."""
        answers = tuple(labels)
        if self.always_review:
            for answer in answers:
                if not self.always_review.isdisjoint((answer.label, *ancestors(answer.label))):
                    return Routing(Route.REVIEW, Reason.ALWAYS_REVIEW)
        if self.unproven:
            return Routing(Route.REVIEW, Reason.NO_EVIDENCE)
        limit = self.novelty_limit
        if limit is not None and novelty is not None and novelty >= limit:
            return Routing(Route.REVIEW, Reason.NOVEL)
        if any(not answer.confidence >= self.minimum_of(answer.label) for answer in answers):
            return Routing(Route.REVIEW, Reason.BELOW_MINIMUM)
        return None


def _by_confidence(thresholds: Thresholds, confidence: float) -> Routing:
    confirmed = Route.CONFIRM if confidence >= thresholds.confirm else Route.REVIEW
    if thresholds.auto is None:
        return Routing(confirmed, Reason.NO_EVIDENCE)
    return Routing(Route.AUTO if confidence >= thresholds.auto else confirmed)


def _evidence(stored: Mapping[str, Any]) -> Evidence:
    return Evidence(**{**stored, "basis": Basis(stored["basis"])})
