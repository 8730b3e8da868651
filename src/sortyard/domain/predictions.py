"""What a release answers about one message, and who should act on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from sortyard.domain.errors import InvalidPrediction, UnknownDimension
from sortyard.domain.languages import Foreign


class Route(StrEnum):
    """Who acts: the machine, the predicted team with a flag, or a person first."""

    AUTO = "auto"
    CONFIRM = "confirm"
    REVIEW = "review"


class Reason(StrEnum):
    """Why an answer is not simply the best label on its own confidence."""

    EMPTY = "empty"  # nothing was left to read after preparation
    LANGUAGE = "language"  # surely in one that the models were not taught
    NOVEL = "novel"  # unlike anything seen
    ROLLED_UP = "rolled-up"  # the leaf is unsure, its parent is sure
    ALWAYS_REVIEW = "always-review"  # the taxonomy says so
    NO_EVIDENCE = "no-evidence"  # too few held-out rows to promise a precision
    BELOW_MINIMUM = "below-minimum"  # under the taxonomy's minimum confidence
    RULE = "rule"  # a rule of the user's own answered, or asked for a person
    VETOED = "vetoed"  # a rule forbade the best label, and this one is the next
    OVERLOAD = "overload"  # too busy to read it well, so a person looks
    NOT_ASKED = "not-asked"  # another dimension's answer makes this one's no question


class Stage(StrEnum):
    """Which part of the line gave the answer."""

    STATIC = "static"
    ENCODER = "encoder"
    RERANKER = "reranker"


class Source(StrEnum):
    """Who gave an answer: what was learnt, or a rule of the user's own."""

    MODEL = "model"
    RULE = "rule"


class Degradation(StrEnum):
    """What was left out of the line because too much came in at once."""

    NO_ENCODER = "no-encoder"  # the student alone answered
    WIDER_REVIEW = "wider-review"  # and what it was unsure of went to a person


@dataclass(frozen=True, slots=True)
class Candidate:
    """A label and its calibrated probability."""

    label: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """
    The answer to one dimension.

    `labels` has one entry for a `single` dimension and any number for a `multi` one. `confidence`
    is the calibrated probability that the answer is right as a whole; it is None, with a `reason`,
    where no model stands behind the answer, or none that was ever held against a message: the
    numbers of the candidates then give no more than their order. `novelty` lies between 0
    (familiar) and 1. `rule` names the rule that answered, vetoed or asked for a person.
    """

    dimension: str
    labels: tuple[str, ...]
    confidence: float | None
    route: Route
    candidates: tuple[Candidate, ...] = ()
    reason: Reason | None = None
    novelty: float | None = None
    stage: Stage | None = None
    source: Source = Source.MODEL
    rule: str | None = None

    def __post_init__(self) -> None:
        if self.confidence is None:
            if self.reason is None:
                raise InvalidPrediction(self.dimension, "no confidence and no reason")
        elif not 0.0 <= self.confidence <= 1.0:  # also refuses NaN
            raise InvalidPrediction(self.dimension, f"{self.confidence} is not a probability")
        for candidate in self.candidates:
            if not 0.0 <= candidate.confidence <= 1.0:
                raise InvalidPrediction(self.dimension, f"{candidate} is not a probability")
        for first, second in pairwise(self.candidates):
            if first.confidence < second.confidence:
                raise InvalidPrediction(self.dimension, f"{second} comes after {first}")

    @property
    def label(self) -> str | None:
        """The one label; for a `multi` dimension the first; None when there is none."""
        return self.labels[0] if self.labels else None

    @property
    def margin(self) -> float:
        """The lead of the best candidate over the next one."""
        first, second, *_ = (*(one.confidence for one in self.candidates), 0.0, 0.0)
        return first - second


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """
    What one release says about one message, a choice per dimension.

    `foreign` is set where the message is surely in a language that the release was not taught.
    """

    message_id: str
    release: str
    choices: Mapping[str, Choice]
    degraded: Degradation | None = None
    foreign: Foreign | None = None

    def __getitem__(self, dimension: str) -> Choice:
        try:
            return self.choices[dimension]
        except KeyError:
            raise UnknownDimension(dimension, self.choices) from None


@dataclass(frozen=True, slots=True)
class Failure:
    """A message that could not be answered, in a batch whose others were."""

    message_id: str
    code: str
    problem: str
