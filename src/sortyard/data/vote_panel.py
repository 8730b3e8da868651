"""Find the columns of a file in which several annotators have one column each."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from sortyard.data.cells import as_text, is_empty
from sortyard.data.label_guess import LABELS
from sortyard.data.profiles import Profile
from sortyard.data.roles import IDS, Role, words
from sortyard.data.tables import Table
from sortyard.domain.errors import UndecidedColumns

SETTLED: Final = words("truth gold consensus final majority adjudicated correct")

_MARKS: Final = " _-.:"  # between the words of a name
_PIECES = re.compile(rf"[{re.escape(_MARKS)}]+|[^{re.escape(_MARKS)}]+")
_SHORT: Final = 64  # characters
_VARIED: Final = 0.5  # distinct values per row, from which a column holds no labels
_SMALL: Final = 50  # rows; in so few, labels need not recur
_ALIKE: Final = 0.5  # of the values of the poorer column are in the other, too


@dataclass(frozen=True, slots=True)
class Panel:
    """The columns of the annotators, and others that hold the same values."""

    annotators: tuple[str, ...]
    others: tuple[str, ...]


def guess_panel(table: Table, profiles: Sequence[Profile]) -> Panel:
    """
    Find the columns that hold the same few values, and those of them that are no annotators.

    Of such columns the ones whose names begin or end alike, as in `anna_label` and `ben_label`,
    are the annotators; where no two do, all are but those that are named as labels or as a settled
    answer. Raises UndecidedColumns.
    """
    values = {
        one.column: {as_text(cell).strip() for cell in table[one.column] if not is_empty(cell)}
        for one in profiles
        if _may_be_votes(one)
    }
    families = [one for one in _families(values) if len(one) > 1]
    size = max(map(len, families), default=0)
    largest = [one for one in families if len(one) == size]
    if len(largest) != 1:
        raise UndecidedColumns(Role.ANNOTATOR, table.columns, table.source)
    family = largest[0]
    by_name = {one.column: one for one in profiles}
    affixes = Counter(
        place for name in family for place in _affixes(by_name[name]) if place[1] not in SETTLED
    )
    affix, count = max(affixes.items(), key=lambda one: one[1], default=(None, 0))
    if count > 1 and 2 * count >= len(family):
        people = [name for name in family if affix in _affixes(by_name[name])]
    else:
        people = [name for name in family if not by_name[name].is_named(SETTLED | LABELS)]
    if len(people) < 2:  # noqa: PLR2004 -- nobody to agree with
        raise UndecidedColumns(Role.ANNOTATOR, table.columns, table.source)
    return Panel(tuple(people), tuple(name for name in family if name not in people))


def names_of(columns: Sequence[str]) -> tuple[str, ...]:
    """
    Name the annotators by their columns, without what all these have in common.

    `anna_label` and `ben_label` are `anna` and `ben`; but `rater_1` stays, for `1` is no name.
    """
    heads = _common([_PIECES.findall(name) for name in columns])
    tails = _common([_PIECES.findall(name)[::-1] for name in columns])
    own = [
        "".join(pieces[heads : len(pieces) - tails]).strip(_MARKS)
        for pieces in map(_PIECES.findall, columns)
    ]
    are_names = len(set(own)) == len(columns) and all(any(map(str.isalpha, one)) for one in own)
    return tuple(own) if are_names else tuple(columns)


def _common(rows: Sequence[Sequence[str]]) -> int:
    """Count the pieces with which all rows begin."""
    return sum(1 for _ in takewhile(lambda column: len(set(column)) == 1, zip(*rows, strict=False)))


def _may_be_votes(one: Profile) -> bool:
    if not one.distinct or one.chars > _SHORT:
        return False
    return one.distinct_share <= _VARIED or (one.rows < _SMALL and one.noun not in IDS)


def _families(values: dict[str, set[str]]) -> list[list[str]]:
    """Put columns together, one after the other, whose values are mostly those of the others."""
    families: list[tuple[set[str], list[str]]] = []
    for name, own in sorted(values.items(), key=lambda one: -len(one[1])):
        for known, members in families:
            if len(own & known) >= _ALIKE * min(len(own), len(known)):
                known.update(own)
                members.append(name)
                break
        else:
            families.append((set(own), [name]))
    order = {name: at for at, name in enumerate(values)}
    return [sorted(members, key=order.__getitem__) for _, members in families]


def _affixes(one: Profile) -> Collection[tuple[int, str]]:
    """Give the first and the last word of a column's name, with its place."""
    return {(0, one.name[0]), (-1, one.name[-1])} if one.name else set()
