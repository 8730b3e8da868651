"""One message on its way through the desk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias, TypeVar

from sortyard.domain.errors import CannotKeep
from sortyard.domain.messages import Message
from sortyard.domain.predictions import Answer, Failure
from sortyard.models.classifier import Classifier
from sortyard.serving.observing import INTERNAL

Result: TypeAlias = Answer | Failure
Given = TypeVar("Given")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One message to be answered, by the release that was active when it came in."""

    message: Message
    classifier: Classifier
    candidates: int
    front: str
    received: datetime
    since: float  # the same moment, on the clock that never jumps


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a message, and whether its answer was known already."""

    result: Result
    cached: bool = False


def fault(message: Message) -> Failure:
    """Say that a message has no answer, and that the fault is ours."""
    return Failure(message.id, INTERNAL, "It could not be answered, and the fault is ours.")


def each_alone(
    work: Callable[[Sequence[Given]], Sequence[Made]],
    given: Sequence[Given],
    failed: Callable[[Given], Made],
) -> list[Made]:
    """
    Work on everything together; where that fails, by halves, so that what fails, fails alone.

    Only CannotKeep is raised: it is nothing that one message could be blamed for.
    """
    try:
        return list(work(given))
    except CannotKeep:
        raise
    except Exception:  # noqa: BLE001 -- whatever it is, it must not stop the others
        if len(given) <= 1:
            return [failed(one) for one in given]
        middle = len(given) // 2
        return [
            *each_alone(work, given[:middle], failed),
            *each_alone(work, given[middle:], failed),
        ]


def limited_to(dimensions: Sequence[str], result: Result) -> Result:
    """Leave out of an answer the dimensions that nobody asked for."""
    if not isinstance(result, Answer) or len(dimensions) == len(result.choices):
        return result
    return replace(result, choices={name: result.choices[name] for name in dimensions})
