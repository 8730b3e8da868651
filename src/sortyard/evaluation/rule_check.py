"""Rules, tried on the examples that they carry, and on messages."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from sortyard.domain.messages import Message
from sortyard.domain.rules import Act, Rule
from sortyard.models.rules import Rulebook
from sortyard.text.preparation import Preparation


class Slip(StrEnum):
    """How a rule failed one of its own tests."""

    MISSED = "missed"  # an example that it does not fit
    CAUGHT = "caught"  # a counterexample that it fits


@dataclass(frozen=True, slots=True)
class FailedExample:
    """One example of a rule, counted from 1, that came out wrong."""

    slip: Slip
    number: int
    text: str

    def __str__(self) -> str:
        """Say it without the words of the example, which may be a customer's."""
        if self.slip is Slip.MISSED:
            return f"it does not fit its example {self.number}"
        return f"it fits its counterexample {self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTrial:
    """
    How one rule did.

    `fits` counts the messages, of those that it was tried on, that the rule's words and metadata
    fit. `behind` names the rules before it that give another answer to the same dimension, with
    the number of messages and own examples that they take from it.
    """

    rule: Rule
    failures: tuple[FailedExample, ...]
    fits: int
    behind: tuple[tuple[str, int], ...]

    @property
    def passed(self) -> bool:
        return not self.failures


def try_rules(
    rulebook: Rulebook, preparation: Preparation, messages: Iterable[Message] = ()
) -> tuple[RuleTrial, ...]:
    """
    Try every rule on its own examples, and count what all of them fit among some messages.

    What a rule asks of the answer is left open: it is tried by its words and metadata alone.
    """
    rules = rulebook.rules
    fits: Counter[int] = Counter()
    behind: list[Counter[str]] = [Counter() for _ in rules]
    for sample in (rule.sample(text) for rule in rules for text in rule.examples):
        for place, before in _overlaps(rules, _fitting(rulebook, preparation, sample)):
            behind[place][before] += 1
    for message in messages:
        fitting = _fitting(rulebook, preparation, message)
        fits.update(fitting)
        for place, before in _overlaps(rules, fitting):
            behind[place][before] += 1
    return tuple(
        RuleTrial(
            rule=rule,
            failures=tuple(_failures(rulebook, preparation, place)),
            fits=fits[place],
            behind=tuple(behind[place].most_common()),
        )
        for place, rule in enumerate(rules)
    )


def failed_examples(rulebook: Rulebook, preparation: Preparation) -> tuple[str, ...]:
    """Say which rules fail their own examples, without the words of these."""
    return tuple(
        f"rule {trial.rule.name!r}: {failure}"
        for trial in try_rules(rulebook, preparation)
        for failure in trial.failures
    )


def _fitting(rulebook: Rulebook, preparation: Preparation, message: Message) -> tuple[int, ...]:
    return rulebook.fitting(message, preparation.prepare(message), preparation)


def _failures(rulebook: Rulebook, preparation: Preparation, place: int) -> Iterator[FailedExample]:
    rule = rulebook.rules[place]
    tests = ((Slip.MISSED, rule.examples), (Slip.CAUGHT, rule.counterexamples))
    for slip, texts in tests:
        for number, text in enumerate(texts, start=1):
            fits = place in _fitting(rulebook, preparation, rule.sample(text))
            if fits is (slip is Slip.CAUGHT):
                yield FailedExample(slip, number, text)


def _overlaps(rules: Sequence[Rule], fitting: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Pair the rules that fit one message with those before them whose answer stands instead."""
    for first, second in combinations(fitting, 2):
        before, after = rules[first], rules[second]
        if before.act is after.act is Act.ANSWER and before.stage is after.stage:
            shared = before.labels.keys() & after.labels.keys()
            if any(before.labels[name] != after.labels[name] for name in shared):
                yield second, before.name
