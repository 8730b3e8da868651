"""Answers in words, for a person at a terminal."""

from collections.abc import Iterator

from sortyard.cli.output import shortened, sureness, table
from sortyard.domain.messages import Message
from sortyard.domain.predictions import Answer, Choice, Failure

REASONS = {
    "empty": "nothing to read",
    "language": "in a language that it does not know",
    "novel": "unlike anything seen",
    "rolled-up": "sure of this level only",
    "always-review": "always reviewed",
    "no-evidence": "too few examples to promise",
    "below-minimum": "below the label's minimum",
    "rule": "by a rule",
    "vetoed": "the best label is vetoed",
    "overload": "too busy to read it well",
    "not-asked": "not asked of such a message",
}


def answer_lines(
    message: Message | Failure, result: Answer | Failure, *, several: bool
) -> Iterator[str]:
    """Show one answer, a line a dimension; with the text above it where there are several."""
    if several:
        words = message.whole if isinstance(message, Message) else "(not read)"
        yield shortened(f"{result.message_id}: {' '.join(words.split())}")
    indent = 2 if several else 0
    if isinstance(result, Failure):
        yield " " * indent + f"error[{result.code}]: {result.problem}"
        return
    yield table([_cells(choice) for choice in result.choices.values()], indent=indent)


def _cells(choice: Choice) -> tuple[str, ...]:
    labels = ", ".join(choice.labels) or "none"
    sure = sureness(choice.confidence)
    reason = REASONS.get(choice.reason, choice.reason.value) if choice.reason else ""
    if choice.rule is not None:
        reason += f" ({choice.rule})"
    return (choice.dimension, labels, sure, choice.route.value, reason)
