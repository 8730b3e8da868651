"""Rules of the user's own: what they look for in a message, and what follows from it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sortyard.domain.errors import did_you_mean
from sortyard.domain.messages import Message, MetadataValue
from sortyard.domain.predictions import Choice
from sortyard.domain.taxonomy import Kind, Taxonomy, is_under


class RuleStage(StrEnum):
    """On which side of the models a rule stands."""

    BEFORE = "before"  # it knows the message
    AFTER = "after"  # it knows what the models said, too


class Act(StrEnum):
    """What a rule does to the dimensions that it names."""

    ANSWER = "answer"  # these labels, whatever the models say
    VETO = "veto"  # never these labels, nor any below them
    REVIEW = "review"  # a person decides first


class Part(StrEnum):
    """What of a message the patterns of a rule read."""

    WHOLE = "whole"
    SUBJECT = "subject"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The patterns that must all be there, of which one must be there, and that must not."""

    part: Part = Part.WHOLE
    every: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()

    @property
    def patterns(self) -> tuple[str, ...]:
        return (*self.every, *self.any_of, *self.none_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """What was answered: one of these labels, or one below them, and less sure than this."""

    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    confidence_below: float | None = None

    def __bool__(self) -> bool:
        return bool(self.labels) or self.confidence_below is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """
    What a message has to be like, and what follows from it.

    `labels` has the dimensions that the rule acts on, with the labels that it answers or vetoes; a
    review names no labels, and acts on every dimension where it names none. `where` holds the
    values, each as text, that the metadata may have. The examples are tests: the rule fits each of
    them, and none of its counterexamples.
    """

    name: str
    act: Act
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stage: RuleStage = RuleStage.BEFORE
    words: Words = field(default_factory=Words)
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    when: When = field(default_factory=When)
    about: str = ""
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()

    def problems(self) -> Iterator[str]:
        """Say everything that makes the rule meaningless, whatever the labels are."""
        if not self.name.strip() or not self.name.isprintable():
            yield "a rule has a name, on one line"
        if not (self.words.patterns or self.where or self.when):
            yield "it says nothing about the messages that it is for (`match`, `where` or `when`)"
        if not all(self.where.values()):
            yield "`where` names a field without a value"
        if not all(self.words.patterns):
            yield "an empty pattern is in every message"
        if self.when and self.stage is RuleStage.BEFORE:
            yield "`when` looks at an answer, which is there only at the stage `after`"
        if self.words.patterns and not self.examples:
            yield "it has no example, which is its test"
        if not self.words.patterns and (self.examples or self.counterexamples):
            yield "it has examples, and no pattern to try them on"
        if self.act is not Act.REVIEW and not self.labels:
            yield f"`{self.act.value}` names no label"
        if self.act is Act.VETO and not all(self.labels.values()):
            yield "`veto` names a dimension without a label"

    def misfits(self, taxonomy: Taxonomy) -> Iterator[str]:
        """Say everything that does not fit the company's labels."""
        for name, labels in (*self.labels.items(), *self.when.labels.items()):
            if name not in taxonomy.names:
                guess = did_you_mean([name], taxonomy.names)
                yield f"there is no dimension {name!r}. {guess}".strip()
                continue
            known = taxonomy[name].paths
            for label in labels:
                if label not in known:
                    guess = did_you_mean([label], known)
                    yield f"{name!r} has no label {label!r}. {guess}".strip()
        if self.act is Act.ANSWER:
            single = {one.name for one in taxonomy.dimensions if one.kind is Kind.SINGLE}
            for name, labels in self.labels.items():
                if name in single and len(labels) != 1:
                    yield f"{name!r} takes exactly one label, not {len(labels)}"

    def dimensions(self, choices: Iterable[str]) -> Iterable[str]:
        """Name the dimensions that the rule acts on, among those that are answered."""
        return self.labels or choices

    def fits_metadata(self, metadata: Mapping[str, MetadataValue]) -> bool:
        """Tell whether the metadata are as `where` says; a value that is absent fits nothing."""
        return all(
            name in metadata and _as_text(metadata[name]) in values
            for name, values in self.where.items()
        )

    def follows(self, choices: Mapping[str, Choice]) -> bool:
        """
        Tell whether the answer is as `when` says.

        The limit of confidence is held against the dimensions that `when` names, or else those
        that the rule acts on; one of them below it is enough, and no confidence is not below.
        """
        for name, labels in self.when.labels.items():
            if not any(is_under(label, labels) for label in choices[name].labels):
                return False
        limit = self.when.confidence_below
        if limit is None:
            return True
        asked = (choices[name].confidence for name in self.when.labels or self.dimensions(choices))
        return any(one is not None and one < limit for one in asked)

    def sample(self, words: str) -> Message:
        """Make a message of an example: these words where the rule reads, and what `where` says."""
        metadata = {name: values[0] for name, values in self.where.items() if values}
        if self.words.part is Part.SUBJECT:
            return Message(self.name, "", words, metadata)
        return Message(self.name, words, None, metadata)


def problems_among(rules: Iterable[Rule], taxonomy: Taxonomy | None = None) -> Iterator[str]:
    """Say everything that is wrong with some rules together, and with the labels they name."""
    given = tuple(rules)
    for name, count in Counter(rule.name for rule in given).items():
        if count > 1:
            yield f"{count} rules are called {name!r}"
    for rule in given:
        wrong = [*rule.problems(), *(rule.misfits(taxonomy) if taxonomy else ())]
        for problem in wrong:
            yield f"rule {rule.name!r}: {problem}"


def _as_text(value: MetadataValue) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
