"""The shape of rules.yaml, checked at the edge and turned into domain values and back."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from sortyard.data.taxonomy_yaml import Place
from sortyard.data.yaml_schema import Entry, OneOrMore
from sortyard.domain.rules import Act, Part, Rule, RuleStage, When, Words

FORMAT = 1
EVERY = "all"  # in `review`: every dimension
LIMIT = "confidence_below"  # in `when`: no dimension


def _with_a_limit(said: dict[str, list[str]]) -> dict[str, list[str]]:
    if LIMIT in said and not _is_probability(said[LIMIT]):
        raise ValueError(f"`{LIMIT}` is one number between 0 and 1")
    return said


def _is_probability(said: list[str]) -> bool:
    try:
        (value,) = map(float, said)
    except ValueError:
        return False
    return 0.0 <= value <= 1.0


class RuleEntry(Entry):
    """One rule; the fields stand in the order in which they are written."""

    name: str
    about: str = ""
    stage: RuleStage | None = None
    match: str | None = None
    every: list[str] = Field(default=[], alias="all")
    any_of: list[str] = Field(default=[], alias="any")
    none_of: list[str] = Field(default=[], alias="none")
    part: Part = Field(default=Part.WHOLE, alias="in")
    where: dict[str, OneOrMore] = Field(default={})
    when: Annotated[dict[str, OneOrMore], AfterValidator(_with_a_limit)] = Field(default={})
    answer: dict[str, OneOrMore] | None = None
    veto: dict[str, OneOrMore] | None = None
    review: Annotated[OneOrMore, Field(min_length=1)] | None = None
    examples: list[str] = Field(default=[])
    counterexamples: list[str] = Field(default=[])

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if sum(one is not None for one in (self.answer, self.veto, self.review)) != 1:
            raise ValueError("a rule has one of `answer`, `veto` and `review`")
        problems = [*self.rule().problems()]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def rule(self) -> Rule:
        """Give the rule; without a stage, it is the first at which all that it asks is known."""
        act, labels = self._act()
        limit = self.when.get(LIMIT)
        return Rule(
            name=self.name,
            about=self.about,
            act=act,
            labels=_tuples(labels),
            stage=self.stage or (RuleStage.AFTER if self.when else RuleStage.BEFORE),
            words=Words(
                part=self.part,
                every=tuple(self.every if self.match is None else (self.match, *self.every)),
                any_of=tuple(self.any_of),
                none_of=tuple(self.none_of),
            ),
            where=_tuples(self.where),
            when=When(
                labels={name: paths for name, paths in _tuples(self.when).items() if name != LIMIT},
                confidence_below=None if limit is None else float(limit[0]),
            ),
            examples=tuple(self.examples),
            counterexamples=tuple(self.counterexamples),
        )

    def _act(self) -> tuple[Act, dict[str, list[str]]]:
        if self.answer is not None:
            return Act.ANSWER, self.answer
        if self.veto is not None:
            return Act.VETO, self.veto
        named = self.review or [EVERY]
        return Act.REVIEW, {} if EVERY in named else {name: [] for name in named}


class RulesEntry(Entry):
    """The whole file."""

    format: int = FORMAT
    rules: list[RuleEntry] = Field(default=[])


def content_of(rule: Rule) -> dict[str, Any]:
    """Hold what a file says of a rule, without what is left at its default."""
    words, when = rule.words, rule.when
    single = len(words.every) == 1
    said = {
        "name": rule.name,
        "about": rule.about,
        "stage": rule.stage.value,
        "match": words.every[0] if single else None,
        "all": [] if single else list(words.every),
        "any": list(words.any_of),
        "none": list(words.none_of),
        "in": None if words.part is Part.WHOLE else words.part.value,
        "where": _lists(rule.where),
        "when": _lists(when.labels)
        | ({} if when.confidence_below is None else {LIMIT: when.confidence_below}),
        rule.act.value: _said_of_labels(rule),
        "examples": list(rule.examples),
        "counterexamples": list(rule.counterexamples),
    }
    return {key: value for key, value in said.items() if value not in (None, "", [], {})}


def known_keys(place: Place) -> tuple[str, ...]:
    """List the keys that the file may have beside the one at this place."""
    entry: type[Entry] = RulesEntry if len(place) == 1 else RuleEntry
    return tuple(one.alias or name for name, one in entry.model_fields.items())


def _said_of_labels(rule: Rule) -> dict[str, list[str]] | list[str]:
    if rule.act is Act.REVIEW:
        return list(rule.labels) or [EVERY]
    return _lists(rule.labels)


def _tuples(named: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(values) for name, values in named.items()}


def _lists(named: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    return {name: list(values) for name, values in named.items()}
