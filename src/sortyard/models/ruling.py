"""
What the rules that fit a message make of its answer.

First come the answers that need no model, then the vetoes, then the answers that look at the
models', and at the end what a person is asked to decide: so that a review is never overruled, and
looks at what would have been answered.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from sortyard.domain.policy import DimensionPolicy
from sortyard.domain.predictions import Choice, Reason, Route, Source
from sortyard.domain.rules import Act, Rule, RuleStage
from sortyard.domain.taxonomy import Kind, is_under
from sortyard.models.cascade import Judgement
from sortyard.models.decide import decide
from sortyard.models.dimension import DimensionModel

BY_DARING = (Route.REVIEW, Route.CONFIRM, Route.AUTO)

Choices: TypeAlias = Mapping[str, Choice]
Policies: TypeAlias = Mapping[str, DimensionPolicy]
Again: TypeAlias = Callable[[str, frozenset[str]], Choice]  # chooses without some labels


def overrule(
    choices: Choices, rules: Sequence[Rule], policies: Policies, again: Again
) -> dict[str, Choice]:
    """
    Apply the rules that fit a message to the choices that the models made of it.

    Of several answers to a dimension the first rule's stands. `again` makes the models choose once
    more, for a dimension of which some labels are vetoed.
    """
    ruled = dict(choices)
    ruled.update(_answered(ruled, rules, policies, RuleStage.BEFORE))
    ruled.update(_vetoed(ruled, rules, again))
    ruled.update(_answered(ruled, rules, policies, RuleStage.AFTER))
    ruled.update(_reviewed(ruled, rules))
    return ruled


def choose_without(
    model: DimensionModel,
    judgement: Judgement,
    row: int,
    labels: frozenset[str],
    *,
    candidates: int,
) -> Choice:
    """
    Choose for one judged text as if some labels, and those below them, could not be.

    What is left keeps its own probability. Where nothing is left, a person decides.
    """
    vetoed = np.array([is_under(label, labels) for label in model.labels])
    (choice,) = decide(
        model,
        Judgement(
            np.where(vetoed, np.float32(0.0), judgement.probabilities[row : row + 1]),
            judgement.novelty[row : row + 1],
            judgement.read[row : row + 1],
            judgement.reranked[row : row + 1],
        ),
        candidates=candidates,
    )
    choice = replace(
        _without_candidates(choice, labels),
        labels=tuple(label for label in choice.labels if not is_under(label, labels)),
        reason=Reason.VETOED,
    )
    if choice.labels or model.dimension.kind is Kind.MULTI:
        return choice
    return replace(choice, confidence=None, route=Route.REVIEW)


def _answered(
    choices: Choices, rules: Sequence[Rule], policies: Policies, stage: RuleStage
) -> dict[str, Choice]:
    answers: dict[str, Choice] = {}
    for rule in rules:
        if rule.act is Act.ANSWER and rule.stage is stage and rule.follows(choices):
            for name, labels in rule.labels.items():
                if choices[name].source is Source.MODEL and name not in answers:
                    answers[name] = _choice(rule, name, labels, policies[name])
    return answers


def _choice(rule: Rule, name: str, labels: tuple[str, ...], policy: DimensionPolicy) -> Choice:
    """Answer for a rule: nobody knows how often it is right, and the taxonomy still holds."""
    always = any(is_under(label, policy.always_review) for label in labels)
    return Choice(
        dimension=name,
        labels=labels,
        confidence=None,
        route=Route.REVIEW if always else Route.AUTO,
        reason=Reason.ALWAYS_REVIEW if always else Reason.RULE,
        source=Source.RULE,
        rule=rule.name,
    )


def _vetoed(choices: Choices, rules: Sequence[Rule], again: Again) -> Iterator[tuple[str, Choice]]:
    """Take vetoed labels out of what the models said; another rule's answer is none of theirs."""
    banned: dict[str, dict[str, str]] = {}
    for rule in rules:
        if rule.act is Act.VETO and rule.follows(choices):
            for name, labels in rule.labels.items():
                for label in labels:
                    banned.setdefault(name, {}).setdefault(label, rule.name)
    for name, by_label in banned.items():
        choice = choices[name]
        if choice.source is not Source.MODEL:
            continue
        speaking = [
            rule
            for label, rule in by_label.items()
            if any(is_under(answered, (label,)) for answered in choice.labels)
        ]
        every = frozenset(by_label)
        if speaking:
            other = again(name, every)
            route = min(choice.route, other.route, Route.CONFIRM, key=BY_DARING.index)
            yield name, replace(other, route=route, rule=speaking[0])
        else:
            yield name, _without_candidates(choice, every)


def _without_candidates(choice: Choice, labels: frozenset[str]) -> Choice:
    kept = tuple(one for one in choice.candidates if not is_under(one.label, labels))
    return replace(choice, candidates=kept)


def _reviewed(choices: Choices, rules: Sequence[Rule]) -> dict[str, Choice]:
    """Send to a person what a rule asks for, with the answer that there is."""
    asked: dict[str, Choice] = {}
    for rule in rules:
        if rule.act is Act.REVIEW and rule.follows(choices):
            for name in rule.dimensions(choices):
                if name not in asked:
                    asked[name] = replace(
                        choices[name], route=Route.REVIEW, reason=Reason.RULE, rule=rule.name
                    )
    return asked
