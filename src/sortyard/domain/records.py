"""What is kept of an answered message."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from sortyard.domain.languages import Foreign
from sortyard.domain.messages import NOTHING, MetadataValue
from sortyard.domain.predictions import (
    Answer,
    Candidate,
    Choice,
    Degradation,
    Reason,
    Route,
    Source,
    Stage,
)


class TextForm(StrEnum):
    """How the words of a message are kept, as the workspace chose."""

    PLAIN = "plain"
    ENCRYPTED = "encrypted"
    REDACTED = "redacted"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptText:
    """The words of a message as they are kept: readable, sealed, redacted, or not at all."""

    form: TextForm
    subject: str | None = None
    text: str | None = None
    metadata: Mapping[str, MetadataValue] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """
    One answer with what is kept of its message.

    A message has one record a release: the first one stands. `received` is in UTC; `milliseconds`
    passed from then to the answer, on a clock that never jumps. `author` is whom the message is
    from, in the form in which it is kept. `origin` names the front that took it in.
    """

    answer: Answer
    kept: KeptText
    received: datetime
    milliseconds: float
    author: str | None = None
    origin: str = "python"

    def __post_init__(self) -> None:
        if self.received.tzinfo is None:
            raise ValueError("the time of a record has a zone")

    @property
    def message_id(self) -> str:
        return self.answer.message_id

    @property
    def release(self) -> str:
        return self.answer.release

    def to_dict(self) -> dict[str, Any]:
        """Give plain JSON values; `from_dict` reads them back."""
        return {
            "message": self.message_id,
            "release": self.release,
            "received": self.received.isoformat(),
            "milliseconds": self.milliseconds,
            "author": self.author,
            "origin": self.origin,
            "degraded": self.answer.degraded,
            "foreign": asdict(self.answer.foreign) if self.answer.foreign else None,
            "kept": {
                "form": self.kept.form.value,
                "subject": self.kept.subject,
                "text": self.kept.text,
                "metadata": dict(self.kept.metadata),
            },
            "choices": {name: choice_to_dict(one) for name, one in self.answer.choices.items()},
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Read a record back; KeyError, TypeError or ValueError for anything that is not one."""
        kept, degraded = stored["kept"], stored["degraded"]
        foreign = stored.get("foreign")  # earlier records have none
        return cls(
            answer=Answer(
                message_id=stored["message"],
                release=stored["release"],
                choices={
                    name: choice_from_dict(name, one) for name, one in stored["choices"].items()
                },
                degraded=None if degraded is None else Degradation(degraded),
                foreign=None if foreign is None else Foreign(**foreign),
            ),
            kept=KeptText(**(kept | {"form": TextForm(kept["form"])})),
            received=datetime.fromisoformat(stored["received"]),
            milliseconds=stored["milliseconds"],
            author=stored["author"],
            origin=stored["origin"],
        )


def choice_to_dict(choice: Choice) -> dict[str, Any]:
    """Give a choice as plain JSON values, without the name of its dimension."""
    return {
        "labels": list(choice.labels),
        "confidence": choice.confidence,
        "route": choice.route.value,
        "candidates": [[one.label, one.confidence] for one in choice.candidates],
        "reason": choice.reason,
        "novelty": choice.novelty,
        "stage": choice.stage,
        "source": choice.source.value,
        "rule": choice.rule,
    }


def choice_from_dict(dimension: str, stored: Mapping[str, Any]) -> Choice:
    """Read a choice back."""
    reason, stage = stored["reason"], stored["stage"]
    return Choice(
        dimension=dimension,
        labels=tuple(stored["labels"]),
        confidence=stored["confidence"],
        route=Route(stored["route"]),
        candidates=tuple(Candidate(*one) for one in stored["candidates"]),
        reason=None if reason is None else Reason(reason),
        novelty=stored["novelty"],
        stage=None if stage is None else Stage(stage),
        source=Source(stored["source"]),
        rule=stored["rule"],
    )
