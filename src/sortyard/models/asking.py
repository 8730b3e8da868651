"""Which questions are asked of a message: some only where another one has a certain answer."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.predictions import Choice, Reason, Route, Source
from sortyard.domain.taxonomy import Condition, Kind, Taxonomy, in_turn
from sortyard.models.dimension import DimensionModel

UNREAD = (Reason.EMPTY, Reason.LANGUAGE)  # no model has looked at such a message

Choices: TypeAlias = Mapping[str, Choice]
Overrule: TypeAlias = Callable[[Choices], Choices]


def not_asked(dimension: str) -> Choice:
    """Leave a question open that does not arise: no label, and nobody has anything to do."""
    return Choice(
        dimension=dimension, labels=(), confidence=None, route=Route.AUTO, reason=Reason.NOT_ASKED
    )


def asked(taxonomy: Taxonomy, choices: Choices, overrule: Overrule) -> Choices:
    """
    Take back the answers to questions that do not arise, once rules have had their say.

    A rule sees no answer to a question that is not asked; what a rule itself answers stands.
    """
    ruled = overrule(choices)
    if not any(one.when for one in taxonomy.dimensions):
        return ruled
    silent = {
        name: choice
        for name, choice in _arising(taxonomy, ruled).items()
        if choice.reason is Reason.NOT_ASKED
    }
    return _arising(taxonomy, overrule({**choices, **silent})) if silent else ruled


def rows_asked_of(
    models: Sequence[DimensionModel], tables: Sequence[NDArray[np.float32]]
) -> list[NDArray[np.bool_]]:
    """
    Tell for every dimension which texts it is asked of, (texts,) each.

    `tables` has the probabilities (texts, labels) of every model. The answers are the best label,
    or those above their cuts: no rule has spoken yet.
    """
    found = {
        model.dimension.name: (model, table) for model, table in zip(models, tables, strict=True)
    }
    rows = {name: np.ones(len(table), dtype=np.bool_) for name, (_, table) in found.items()}
    if any(model.dimension.when for model in models):
        for dimension in in_turn(model.dimension for model in models):
            for condition in dimension.when:
                held = _holds(condition, *found[condition.dimension])
                rows[dimension.name] &= held & rows[condition.dimension]
    return list(rows.values())


def _arising(taxonomy: Taxonomy, choices: Choices) -> dict[str, Choice]:
    """Go through the questions in turn: on one that does not arise, no other one can rest."""
    settled: dict[str, Choice] = {}
    answers: dict[str, tuple[str, ...]] = {}
    for dimension in in_turn(taxonomy.dimensions):
        choice = choices[dimension.name]
        stands = choice.source is Source.RULE or choice.reason in UNREAD
        if not stands and not dimension.is_asked(answers):
            choice = not_asked(dimension.name)
        settled[dimension.name] = choice
        answers[dimension.name] = choice.labels
    return {name: settled[name] for name in choices}


def _holds(
    condition: Condition, model: DimensionModel, table: NDArray[np.float32]
) -> NDArray[np.bool_]:
    """Tell for which texts the answer of a model is as it has to be, (texts,)."""
    if model.dimension.kind is Kind.MULTI:
        held = table >= model.cuts
    else:
        held = np.zeros(table.shape, dtype=np.bool_)
        held[np.arange(len(table)), table.argmax(axis=1)] = True
    given = np.flatnonzero(held.any(axis=0))
    fitting = [place for place in given if condition.holds([model.labels[place]])]
    return np.asarray(held[:, fitting].any(axis=1))
