"""What the option `explanation` adds to answers: the score of each, taken apart."""

from collections.abc import Sequence

from sortyard.domain.errors import Overloaded, SortyardError, TooLarge, UnknownLabels
from sortyard.domain.facts import Facts, facts_of_explanation
from sortyard.domain.messages import Message
from sortyard.domain.predictions import Answer, Choice, Source
from sortyard.serving.http.parts import Parts
from sortyard.serving.http.problems import Problem, Refused, problem_of
from sortyard.serving.http.visit import Visit
from sortyard.serving.intake import Given

MOST_EXPLAINED = 50  # messages: each takes as long as a dozen answers
TOO_LARGE = 413
NOT_NOW = "It could not be explained, and the fault is ours. The answer stands."


def check_explained(messages: Sequence[Given]) -> None:
    """Raise Refused for more messages than one request may have explained."""
    if len(messages) > MOST_EXPLAINED:
        problem = Problem(
            status=TOO_LARGE,
            code=TooLarge.code,
            detail=f"{len(messages):,} messages are too many to explain at once.",
            remedy=f"Send at most {MOST_EXPLAINED} at once, or ask without `explanation`.",
        )
        raise Refused(problem)


async def explanations(parts: Parts, visit: Visit, message: Message, answer: Answer) -> Facts:
    """
    Give the members that an explained answer has more: `explanations`, one for each dimension.

    Where they fail they are null, and `explanation_error` says why: the answer has been kept, and
    is given in any case.
    """
    try:
        found = {
            name: await _explanation(parts, message, choice, answer.release)
            for name, choice in answer.choices.items()
        }
    except SortyardError as error:
        told = problem_of(error).detail or NOT_NOW
        return _without({"code": error.code, "problem": told})
    except Exception as error:  # noqa: BLE001 -- whatever it is, it must not stop the others
        parts.log.fault(error, request=visit.request)
        return _without({"code": problem_of(error).code, "problem": NOT_NOW})
    return {"explanations": found}


def is_too_much(told: Facts) -> bool:
    """Tell whether there was no room for an explanation, as there will be none for the next one."""
    error = told.get("explanation_error")
    return isinstance(error, dict) and error["code"] == Overloaded.code


async def _explanation(
    parts: Parts, message: Message, choice: Choice, release: str
) -> Facts | None:
    """
    Explain a label, or the most probable one below it where it is a parent of others.

    What a rule said needs no explanation but the rule's name, and is None.
    """
    if choice.source is not Source.MODEL or choice.label is None:
        return None
    try:
        found = await parts.desk.explain(message, choice.dimension, label=choice.label)
    except UnknownLabels:
        found = await parts.desk.explain(message, choice.dimension)
    # Between the answer and its explanation another release may have begun to answer.
    return facts_of_explanation(found) if found.release == release else None


def _without(error: Facts) -> Facts:
    return {"explanations": None, "explanation_error": error}
