"""The JSON that goes out, as OpenAPI describes it."""

from typing import Any

from pydantic import BaseModel, Field

from sortyard.serving.http.bodies import example

CHOICE = {
    "label": "billing/refunds",
    "confidence": 0.97,
    "route": "auto",
    "reason": None,
    "candidates": [
        {"label": "billing/refunds", "confidence": 0.97},
        {"label": "billing/invoices", "confidence": 0.02},
    ],
    "novelty": 0.08,
    "stage": "static",
    "source": "model",
    "rule": None,
}
ANSWER = {
    "id": "t-4711",
    "release": "r0c0ffee123",
    "degraded": None,
    "language": None,
    "translated": False,
    "dimensions": {"team": CHOICE},
}
EXPLANATION = {
    "id": "t-4711",
    "release": "r0c0ffee123",
    "dimension": "team",
    "label": "billing/refunds",
    "score": 2.125,
    "constant": -0.5,
    "nearest": 0.0,
    "terms": [
        {"text": "charged twice", "view": "wording", "contribution": 1.75},
        {"text": "card", "view": "meaning", "contribution": 0.875},
    ],
    "look_alikes": [
        {
            "id": "t-1203",
            "labels": ["billing/refunds"],
            "similarity": 0.91,
            "text": "I paid twice for one order.",
        }
    ],
    "reranked": False,
}
EXPLAINED = ANSWER | {"explanations": {"team": EXPLANATION}}
FAILURE = {
    "id": "t-4712",
    "release": "r0c0ffee123",
    "error": {
        "code": "invalid-message",
        "problem": "Message 't-4712' cannot be used: text: field required.",
    },
}


class Candidate(BaseModel):
    """A label and its calibrated probability."""

    label: str
    confidence: float


class Choice(BaseModel):
    """The answer to one dimension: `label` where it has exactly one, else `labels`."""

    label: str | None = None
    labels: list[str] | None = None
    confidence: float | None
    route: str
    reason: str | None
    candidates: list[Candidate]
    novelty: float | None
    stage: str | None
    source: str
    rule: str | None


class Error(BaseModel):
    """Why one message has no answer."""

    code: str
    problem: str


class Term(BaseModel):
    """What one piece of the text adds to the score."""

    text: str
    view: str
    contribution: float


class LookAlike(BaseModel):
    """A labelled example that is near the message."""

    id: str
    labels: list[str]
    similarity: float
    text: str


class Explanation(BaseModel):
    """
    The score of one label, taken apart.

    It is exactly the sum of `constant`, `nearest` and the contributions of all terms.
    """

    id: str
    release: str
    dimension: str
    label: str
    score: float
    constant: float
    nearest: float
    terms: list[Term]
    look_alikes: list[LookAlike]
    reranked: bool = Field(
        description="Whether a cross-encoder then decided between the best labels; "
        "that is no part of the score."
    )


class Result(BaseModel):
    """The answer to one message, or why there is none."""

    model_config = example(ANSWER)

    id: str
    release: str
    degraded: str | None = Field(
        default=None, description="What was left out because too much came in at once."
    )
    language: str | None = Field(
        default=None,
        description="The language of a message that is surely in none that the release was taught.",
    )
    translated: bool = Field(
        default=False, description="Whether its translation was read, as the workspace chose."
    )
    dimensions: dict[str, Choice] | None = None
    explanations: dict[str, Explanation | None] | None = Field(
        default=None, description="By dimension, where they were asked for; null for a rule's."
    )
    explanation_error: Error | None = Field(
        default=None, description="Why there are no explanations; the answer stands."
    )
    error: Error | None = None


class Results(BaseModel):
    """The results of a request, in the order of its messages, all by one release."""

    model_config = example({"release": "r0c0ffee123", "results": [EXPLAINED, FAILURE]})

    release: str
    results: list[Result]


class ExplainResult(BaseModel):
    """The explanation, or null for a text of which preparation leaves nothing."""

    id: str
    release: str | None
    explanation: Explanation | None


class TaxonomyResult(BaseModel):
    """The taxonomy of the release that answers."""

    release: str
    version: int
    hash: str
    dimensions: list[dict[str, Any]]


class ReleaseResult(BaseModel):
    """What is known about a release."""

    id: str
    created: str
    recipe: str
    parents: list[str]
    passed: bool
    failures: list[str]
    figures: dict[str, dict[str, float | None]]
    answering: bool


class ReleasesResult(BaseModel):
    """Every release, the newest first; `problem` is set where the one that shall answer cannot."""

    answering: str | None
    problem: str | None
    releases: list[ReleaseResult]


class TurnResult(BaseModel):
    """The release that answers from now on: every process has turned to it within a second."""

    at: str
    release: str
    before: str | None
    forced: bool


class ProblemFinding(BaseModel):
    """What is wrong with one part of the body; `pointer` is a JSON pointer to it."""

    pointer: str
    problem: str


class ProblemResult(BaseModel):
    """A problem, as RFC 9457 tells it."""

    model_config = example(
        {
            "type": "urn:sortyard:problem:rate-limited",
            "title": "Rate limited",
            "status": 429,
            "code": "rate-limited",
            "detail": "This key may ask 600 times a minute.",
            "remedy": "Ask again in 3 s, or raise the limit of the key.",
            "request": "5f0c6d3b9a8e4f7d8c1b2a3948576655",
        }
    )

    type: str
    title: str
    status: int
    code: str
    detail: str | None = None
    remedy: str | None = None
    request: str
    errors: list[ProblemFinding] | None = None
