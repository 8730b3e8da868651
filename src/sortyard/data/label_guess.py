"""Guess which columns hold the labels, and say why; nobody is served by a wrong guess here."""

from collections.abc import Sequence
from typing import Final

from sortyard.data.label_columns import nested
from sortyard.data.profiles import Profile, words_of
from sortyard.data.roles import Guess, Role, words
from sortyard.data.tables import Table

LABELS: Final = words(
    "label category class intent topic queue team department emotion tag target product sentiment"
)
PERHAPS: Final = words(
    "type group kind service priority urgency severity status domain skill area reason issue folder"
)

FORMER: Final = words("previous prev prior old original orig former initial before")

_SHORT: Final = 60  # characters of the values of a column that is not named as labels
_NAME: Final = 120  # characters of those of one that is; some are lists in words
_ROWS_PER_LABEL: Final = 5  # that a column has at least, to be taken for labels by its shape
_MOST_DIMENSIONS: Final = 3  # more are not taken unasked
_MOSTLY: Final = 0.5
_SMALL: Final = 50  # rows; in so few, labels need not recur


def guess_labels(table: Table, profiles: Sequence[Profile]) -> tuple[Guess, ...]:
    """
    Find the label columns, one guess a dimension; empty where it is not clear.

    In this order: columns that are strictly nested (every intent in one domain) and named as
    labels are one hierarchy; one column named as labels is it; up to three of them, named with
    different nouns, are a dimension each; else the only column of short values that recur. What
    a label was before, as in `previous_team`, is no label beside others.
    """
    every = [one for one in profiles if _looks_like_labels(one)]
    found = [one for one in every if not _is_former(one)] or every
    named = [one for one in found if one.is_named(LABELS)]
    chain = _chain(table, named or [], [one for one in found if one.is_named(LABELS | PERHAPS)])
    if len(chain) > 1:
        why = "named as labels, and each value lies under one value of the column before"
        return (Guess(Role.LABEL, tuple(one.column for one in chain), 0.85, why),)
    if len(named) == 1:
        sure = 0.95 if len(found) == 1 else 0.85
        return (Guess(Role.LABEL, (named[0].column,), sure, "values that recur, and named so"),)
    if named:
        nouns = {one.noun for one in named}
        if len(nouns) < len(named) or len(named) > _MOST_DIMENSIONS:
            return ()
        why = "one of a few that are named as labels"
        return tuple(Guess(Role.LABEL, (one.column,), 0.7, why) for one in named)
    choice = [one for one in found if one.is_named(PERHAPS)] or [
        one for one in found if one.numbers < _MOSTLY
    ]
    if len(choice) != 1:
        return ()
    return (Guess(Role.LABEL, (choice[0].column,), 0.75, "the only short values that recur"),)


def _is_former(one: Profile) -> bool:
    """Tell whether a column is named as what was changed; `original` alone may be anything."""
    names = words_of(one.column)
    return len(names) > 1 and not FORMER.isdisjoint(names)


def _looks_like_labels(one: Profile) -> bool:
    if one.filled < _MOSTLY or one.times > _MOSTLY > one.numbers:
        return False
    if one.is_named(LABELS) and one.chars <= _NAME:
        return one.rows < _SMALL or one.distinct_share <= _MOSTLY
    return one.chars <= _SHORT and 2 <= one.distinct <= one.rows * one.filled / _ROWS_PER_LABEL  # noqa: PLR2004 -- one value tells nothing


def _chain(
    table: Table, named: Sequence[Profile], perhaps: Sequence[Profile]
) -> tuple[Profile, ...]:
    """
    Put all columns that are named as labels into one order from coarse to fine, if they nest.

    Others whose names perhaps say so may stand above them, as a domain does above an intent.
    """
    if not named or any(one.lists for one in perhaps):
        return ()
    finest = max(named, key=lambda one: one.distinct)
    if finest.rows < _ROWS_PER_LABEL * finest.distinct:
        return ()
    chain: tuple[Profile, ...] = (finest,)
    for one in sorted(perhaps, key=lambda one: -one.distinct):
        if 2 <= one.distinct < chain[0].distinct and nested(  # noqa: PLR2004 -- one value is no level
            [table[one.column], table[chain[0].column]]
        ):
            chain = (one, *chain)
    return chain if set(named) <= set(chain) else ()
