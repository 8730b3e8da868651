"""The JSON that comes in, as values that are checked and as OpenAPI describes them."""

from typing import Annotated, Any, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
)

from sortyard.models.decide import CANDIDATES
from sortyard.serving.intake import LONGEST_NAME, MOST_CANDIDATES

ID = r"^[^\x00-\x1f\x7f]+$"
MOST_METADATA = 64
MOST_DIMENSIONS = 100
LARGEST = 2**63 - 1  # what a database keeps as a whole number


def _without_fraction(value: object) -> object:
    """Take 5.0 for 5, as JSON does."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Id: TypeAlias = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern=ID)]
Name: TypeAlias = Annotated[str, Field(max_length=LONGEST_NAME)]
Whole: TypeAlias = Annotated[StrictInt, Field(ge=-LARGEST, le=LARGEST)]
Count: TypeAlias = Annotated[StrictInt, BeforeValidator(_without_fraction)]
Value: TypeAlias = StrictStr | StrictBool | Whole | StrictFloat

MESSAGE = {
    "id": "t-4711",
    "subject": "Charged twice",
    "text": "My card was charged twice for this month.",
    "metadata": {"source": "email", "author": "c-1077"},
}


def example(value: dict[str, Any]) -> ConfigDict:
    """Show what a value looks like."""
    return ConfigDict(json_schema_extra={"examples": [value]})


class Body(BaseModel):
    """What comes in: exactly what is asked for, and of the type that is asked for."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class MessageBody(Body):
    """One message. Without an id it gets one."""

    model_config = example(MESSAGE)

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
    candidates: Count = Field(
        default=CANDIDATES,
        ge=0,
        le=MOST_CANDIDATES,
        description="How many candidates to list at most.",
    )
    explanation: bool = Field(
        default=False,
        description="Whether to take the score of each answer apart; at most 50 messages then.",
    )


class ClassifyOne(MessageBody):
    """One message to classify."""

    model_config = example(MESSAGE | {"options": {"candidates": 2}})

    options: OptionsBody = Field(default_factory=OptionsBody)


class ClassifyMany(Body):
    """
    Many messages to classify.

    One that cannot be used gets an error at its place among the results, and the others their
    answers. No two have the same id.
    """

    model_config = example(
        {
            "messages": [MESSAGE, {"text": "Where is my parcel?"}],
            "options": {"explanation": True},
        }
    )

    messages: list[Annotated[Any, Field(description="A message, as `MessageBody` says.")]]
    options: OptionsBody = Field(default_factory=OptionsBody)


class ExplainBody(MessageBody):
    """One message, and the label whose score is to be taken apart."""

    model_config = example(MESSAGE | {"dimension": "team", "label": "billing/refunds"})

    dimension: Name | None = Field(
        default=None, description="The dimension; the first one where it is absent."
    )
    label: Name | None = Field(
        default=None, description="The label; the most probable one where it is absent."
    )


class PromoteBody(Body):
    """How to let a release answer."""

    model_config = example({"force": False})

    force: bool = Field(default=False, description="Whether it may have failed its gates.")


class RollbackBody(PromoteBody):
    """Which release shall answer again."""

    model_config = example({"release": "r0c0ffee123"})

    release: Name | None = Field(
        default=None, description="A release that answered before; the last one where it is absent."
    )
