"""From the cells of a label column to label paths."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Self

from sortyard.data.cells import Cell, as_text, is_empty
from sortyard.domain.taxonomy import SEPARATOR, Kind

STAND_IN: Final = "-"  # for a slash that is part of a name
_SURE_SEPARATORS: Final = (";", "|")
_COMMA: Final = ","
_SLASH = re.compile(rf"\s*{SEPARATOR}\s*")
_PROSE = re.compile(r"(?:or|and|etc)\b", re.IGNORECASE)
_SHARED_PIECES: Final = 0.8  # of the pieces of split cells also occur in other cells
_PATH_CELLS: Final = 0.3  # of the distinct cells hold a slash, in a column that is built of paths
_SHARED_HEADS: Final = 0.5  # of those begin like another one


@dataclass(frozen=True, slots=True)
class CellStyle:
    """
    How the cells of a label column are written.

    `separator` parts several labels in one cell, None where lists do or there is one label a cell;
    `has_paths` says that a slash parts the levels of a hierarchy, and is not part of a name.
    """

    kind: Kind = Kind.SINGLE
    separator: str | None = None
    has_paths: bool = False

    @classmethod
    def of(cls, cells: Iterable[Cell], known: Collection[str] = ()) -> Self:
        """
        Infer the style; `known` are the label paths of a taxonomy, where there is one.

        Several labels: a list with other than one entry, or a separator whose pieces mostly occur
        in other cells too. Paths: see `built_of_paths`, or a slash in a known path.
        """
        distinct: dict[str, None] = {}
        lists = False
        for cell in cells:
            if isinstance(cell, tuple):
                lists = lists or len(cell) != 1
                distinct.update(dict.fromkeys(as_name(one) for one in cell))
            elif not is_empty(cell):
                distinct[as_name(as_text(cell))] = None
        names = [name for name in distinct if name not in known]
        separator = None if lists else _separator(names, {*distinct, *known})
        pieces = {as_name(one) for name in names for one in _split(name, separator)}
        return cls(
            kind=Kind.MULTI if lists or separator else Kind.SINGLE,
            separator=separator,
            has_paths=any(SEPARATOR in path for path in known) if known else built_of_paths(pieces),
        )

    def names(self, cell: Cell) -> tuple[str, ...]:
        """Take a cell apart into the names of labels, each once, as they are written."""
        if isinstance(cell, tuple):
            pieces: Sequence[str] = cell
        else:
            pieces = () if is_empty(cell) else _split(as_text(cell), self.separator)
        return tuple(dict.fromkeys(name for piece in pieces if (name := as_name(piece))))

    def path(self, name: str) -> str:
        """Make a name the path of a label."""
        if SEPARATOR not in name:
            return name
        if self.has_paths:
            levels = [level for level in _SLASH.split(name) if level]
            return SEPARATOR.join(levels) or STAND_IN
        return without_slash(name)


def as_name(words: str) -> str:
    """Write a label's name with single spaces."""
    return " ".join(words.split())


def without_slash(name: str) -> str:
    """Put a hyphen where a slash is part of a name: `I-O error`, `Tax - VAT`."""
    return _SLASH.sub(lambda found: found[0].replace(SEPARATOR, STAND_IN), name)


def built_of_paths(names: Collection[str]) -> bool:
    """
    Tell whether slashes in these names part the levels of a hierarchy.

    They do where three in ten names have one, none stands beside a space or another slash, and
    half of these names begin like another one. So `billing/refunds` beside `billing/invoices` is
    a path, and `Taking/threatening an illegal action` is a name.
    """
    slashed = [name for name in names if SEPARATOR in name]
    if not slashed or len(slashed) < _PATH_CELLS * len(names):
        return False
    if any(level != level.strip() or not level for name in slashed for level in name.split("/")):
        return False
    heads = Counter(name.partition(SEPARATOR)[0] for name in names)
    shared = sum(heads[name.partition(SEPARATOR)[0]] > 1 for name in slashed)
    return shared >= _SHARED_HEADS * len(slashed)


def _split(name: str, separator: str | None) -> list[str]:
    return [name] if separator is None else name.split(separator)


def _separator(names: Sequence[str], known: Collection[str]) -> str | None:
    for separator in (*_SURE_SEPARATORS, _COMMA):
        if _parts(names, separator, known):
            return separator
    return None


def _parts(names: Sequence[str], separator: str, known: Collection[str]) -> bool:
    """Tell whether a separator parts labels: most pieces are labels elsewhere too."""
    split = [name for name in names if separator in name]
    if not split:
        return False
    within: dict[str, set[str]] = defaultdict(set)
    for name in split:
        for piece in name.split(separator):
            within[as_name(piece)].add(name)
    within.pop("", None)
    if separator == _COMMA and any(_PROSE.match(piece) for piece in within):
        return False
    shared = sum(piece in known or len(names) > 1 for piece, names in within.items())
    return shared >= _SHARED_PIECES * len(within) > 0
