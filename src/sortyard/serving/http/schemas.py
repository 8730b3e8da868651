"""The JSON that goes in and out, as values that are checked and as OpenAPI describes them."""

from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr

from sortyard.models.decide import CANDIDATES
from sortyard.serving.intake import LONGEST_NAME, MOST_CANDIDATES

ID = r"^[^\x00-\x1f\x7f]+$"
MOST_METADATA = 64
MOST_DIMENSIONS = 100
LARGEST = 2**63 - 1  # what a database keeps as a whole number

Id: TypeAlias = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern=ID)]
Name: TypeAlias = Annotated[str, Field(max_length=LONGEST_NAME)]
Whole: TypeAlias = Annotated[StrictInt, Field(ge=-LARGEST, le=LARGEST)]
Value: TypeAlias = StrictStr | StrictBool | Whole | StrictFloat

MESSAGE = {
    "id": "t-4711",
    "subject": "Charged twice",
    "text": "My card was charged twice for this month.",
    "metadata": {"source": "email", "author": "c-1077"},
}
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
    "dimensions": {"team": CHOICE},
}
FAILURE = {
    "id": "t-4712",
    "release": "r0c0ffee123",
    "error": {
        "code": "invalid-message",
        "problem": "Message 't-4712' cannot be used: text: field required.",
    },
}


def _example(value: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [value]})


class Body(BaseModel):
    """What comes in: exactly what is asked for, and of the type that is asked for."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class MessageBody(Body):
    """One message. Without an id it gets one."""

    model_config = _example(MESSAGE)

    id: Id | None = None
    text: str
    subject: str | None = None
    metadata: Annotated[dict[str, Value], Field(max_length=MOST_METADATA)] = Field(
        default_factory=dict,
        description="Whatever else its source knew. `author` is whom the message is from.",
    )


class OptionsBody(Body):
    """What a request may choose."""

    dimensions: Annotated[list[Name], Field(max_length=MOST_DIMENSIONS)] | None = Field(
        default=None, description="The dimensions to answer; all of them where it is absent."
    )
    candidates: int = Field(
        default=CANDIDATES,
        ge=0,
        le=MOST_CANDIDATES,
        description="How many candidates to list at most.",
    )


class OneMessageOptions(OptionsBody):
    """What a request for one message may choose besides."""

    explanation: bool = Field(
        default=False, description="Whether to take the score of each answer apart."
    )


class ClassifyOne(MessageBody):
    """One message to classify."""

    model_config = _example(MESSAGE | {"options": {"candidates": 2}})

    options: OneMessageOptions = Field(default_factory=OneMessageOptions)


class ClassifyMany(Body):
    """
    Many messages to classify.

    One that cannot be used gets an error at its place among the results, and the others their
    answers. No two have the same id.
    """

    model_config = _example({"messages": [MESSAGE, {"text": "Where is my parcel?"}]})

    messages: list[Annotated[Any, Field(description="A message, as `MessageBody` says.")]]
    options: OptionsBody = Field(default_factory=OptionsBody)


class ExplainBody(MessageBody):
    """One message, and the label whose score is to be taken apart."""

    model_config = _example(MESSAGE | {"dimension": "team", "label": "billing/refunds"})

    dimension: Name | None = Field(
        default=None, description="The dimension; the first one where it is absent."
    )
    label: Name | None = Field(
        default=None, description="The label; the most probable one where it is absent."
    )


class PromoteBody(Body):
    """How to let a release answer."""

    model_config = _example({"force": False})

    force: bool = Field(default=False, description="Whether it may have failed its gates.")


class RollbackBody(PromoteBody):
    """Which release shall answer again."""

    model_config = _example({"release": "r0c0ffee123"})

    release: Name | None = Field(
        default=None, description="A release that answered before; the last one where it is absent."
    )


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


class Result(BaseModel):
    """The answer to one message, or why there is none."""

    model_config = _example(ANSWER)

    id: str
    release: str
    degraded: str | None = Field(
        default=None, description="What was left out because too much came in at once."
    )
    dimensions: dict[str, Choice] | None = None
    explanations: dict[str, Explanation | None] | None = None
    error: Error | None = None


class Results(BaseModel):
    """The results of a request, in the order of its messages, all by one release."""

    model_config = _example({"release": "r0c0ffee123", "results": [ANSWER, FAILURE]})

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


class Health(BaseModel):
    """That the process runs."""

    status: str


class Ready(BaseModel):
    """
    Whether messages are answered now.

    `current` tells whether they are by the release that shall answer. An absent store makes no
    answer wait, so `store` may be `away` while `ready` is true.
    """

    ready: bool
    release: str | None
    current: bool
    store: str | None


class ProblemFinding(BaseModel):
    """What is wrong with one part of the body; `pointer` is a JSON pointer to it."""

    pointer: str
    problem: str


class ProblemResult(BaseModel):
    """A problem, as RFC 9457 tells it."""

    model_config = _example(
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


class InferTensor(BaseModel):
    """One tensor, its elements in a row or nested as its shape says."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False)

    name: Name
    datatype: Name
    shape: Annotated[list[Whole], Field(max_length=8)]
    data: list[Any]


class InferOutput(BaseModel):
    """An output tensor that is wanted."""

    model_config = ConfigDict(strict=True)

    name: Name


class InferBody(BaseModel):
    """
    Tensors to answer: `text`, and if you like `subject`, `id` and `metadata`, all of type BYTES.

    Of the parameters, `dimensions` (with commas between them) and `candidates` are heeded.
    """

    model_config = ConfigDict(
        strict=True,
        allow_inf_nan=False,
        json_schema_extra={
            "examples": [
                {
                    "inputs": [
                        {
                            "name": "text",
                            "datatype": "BYTES",
                            "shape": [1],
                            "data": ["My card was charged twice."],
                        }
                    ]
                }
            ]
        },
    )

    id: Name | None = None
    parameters: dict[str, Any] | None = None
    inputs: list[InferTensor]
    outputs: Annotated[list[InferOutput], Field(max_length=1_000)] | None = None


class TensorResult(BaseModel):
    """One output tensor, an element a message. A confidence that is null is -1."""

    name: str
    datatype: str
    shape: list[int]
    data: list[str | float]


class InferResult(BaseModel):
    """The answers, laid out as tensors. The version is the release that gave them."""

    model_name: str
    model_version: str
    id: str | None = None
    outputs: list[TensorResult]


class ServerMetadata(BaseModel):
    """What server this is."""

    name: str
    version: str
    extensions: list[str]


class Live(BaseModel):
    """Whether the process runs."""

    live: bool


class ReadyV2(BaseModel):
    """Whether messages are answered now."""

    ready: bool


class ModelReady(BaseModel):
    """Whether the model answers now."""

    name: str
    ready: bool


class TensorMetadata(BaseModel):
    """A tensor as it is announced."""

    name: str
    datatype: str
    shape: list[int]


class ModelMetadata(BaseModel):
    """The tensors of the model."""

    name: str
    versions: list[str]
    platform: str
    inputs: list[TensorMetadata]
    outputs: list[TensorMetadata]
