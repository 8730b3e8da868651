"""Which columns of a file hold votes: one row a vote, or one column an annotator."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sortyard.data.cells import as_text
from sortyard.data.label_cells import CellStyle
from sortyard.data.label_columns import LabelColumns, parse_spec, styled
from sortyard.data.label_guess import guess_labels
from sortyard.data.profiles import Profile
from sortyard.data.roles import (
    IDS,
    NUMBERED,
    Guess,
    Role,
    guess_id,
    guess_subject,
    guess_text,
    words,
)
from sortyard.data.tables import Table
from sortyard.data.vote_panel import guess_panel
from sortyard.domain.errors import InvalidUsage, UndecidedColumns

PEOPLE: Final = words("annotator rater labeller labeler coder worker judge voter assessor grader")
PERHAPS_PEOPLE: Final = words("reviewer expert user model agent")
ITEMS: Final = words("item task unit document doc sample")
DIMENSION: Final = "label"  # of a wide file, where nothing else is said

_SHORT: Final = 64  # characters
_RECURRING: Final = 0.9  # distinct values per row, at most, of a column that names messages
_KEY: Final = 0.95  # of the rows differ in message and annotator
_VARIED: Final = 0.5  # distinct annotators per row, at most
_SMALL: Final = 50  # rows; in so few, nobody need recur
_PHRASE: Final = 1.5  # words; more are a text


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteColumns:
    """
    What the columns of a file of votes are for.

    A long file has a row a vote: the one column of `annotators` says who voted, and `labels` has an
    entry for each dimension. A wide file has a row a message, and a column for each annotator; its
    one dimension has no column of its own. `left_out` are columns that look like votes as well.
    """

    annotators: tuple[str, ...]
    labels: tuple[LabelColumns, ...]
    id: str | None = None
    text: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    guesses: tuple[Guess, ...] = ()

    @property
    def is_wide(self) -> bool:
        return len(self.annotators) > 1


def infer_vote_columns(
    table: Table,
    *,
    annotators: Sequence[str] = (),
    labels: Sequence[str] = (),
    id_column: str | None = None,
    text: Sequence[str] = (),
) -> VoteColumns:
    """
    Tell what the columns are for; what is named is taken, the rest is guessed.

    One annotator column makes a long file, two or more a wide one; in a wide file `labels` names
    the dimension. Raises UnknownColumn, UndecidedColumns and InvalidUsage.
    """
    asked = tuple(dict.fromkeys(annotators))
    table.require(*asked, *text, *((id_column,) if id_column else ()))
    roles = _Roles(table, {*asked, *text, id_column})
    who = asked or roles.voters()
    if len(who) == 1:
        return roles.long(who, labels, id_column, tuple(text))
    return roles.wide(who, labels, id_column, tuple(text))


class _Roles:
    """Gives one role after the other; a column that has one is not looked at again."""

    def __init__(self, table: Table, taken: set[str | None]) -> None:
        self._table = table
        self._left = {one: Profile.of(one, table[one]) for one in table.columns if one not in taken}
        self._made: list[Guess] = []

    def voters(self) -> tuple[str, ...]:
        """Find the one column that says who voted, where there is one."""
        recurring = [
            one
            for one in self._left.values()
            if one.chars <= _SHORT and not one.lists and one.distinct > 0
            if one.distinct_share <= _VARIED or one.rows < _SMALL
        ]
        for names in (PEOPLE, PERHAPS_PEOPLE):
            found = [one.column for one in recurring if one.is_named(names)]
            if len(found) == 1:
                why = "named so, and its values recur"
                return self._take(Guess(Role.ANNOTATOR, tuple(found), 0.9, why))
            if found:
                return ()
        return ()

    def long(
        self,
        who: tuple[str, ...],
        labels: Sequence[str],
        id_column: str | None,
        text: tuple[str, ...],
    ) -> VoteColumns:
        wanted = tuple(parse_spec(spec, self._table) for spec in labels)
        for column in (column for one in wanted for column in one.columns):
            self._left.pop(column, None)
        identity = id_column or self._recurring_id(who[0])
        text = text or self._text()
        if identity is None and not text:
            raise UndecidedColumns(Role.ID, self._table.columns, self._table.source)
        return VoteColumns(
            annotators=who,
            labels=wanted or self._labels(),
            id=identity,
            text=text,
            guesses=tuple(self._made),
        )

    def wide(
        self,
        who: tuple[str, ...],
        labels: Sequence[str],
        id_column: str | None,
        text: tuple[str, ...],
    ) -> VoteColumns:
        if len(labels) > 1:
            raise InvalidUsage(
                "A file with a column for each annotator has one dimension, but several are named.",
                "Name the annotators with `--annotator`, and the dimension with one `--label`.",
            )
        text = text or self._text()
        identity = id_column or next(iter(self._take(guess_id(self._profiles))), None)
        others: tuple[str, ...] = ()
        if not who:
            panel = guess_panel(self._table, self._profiles)
            who, others = panel.annotators, panel.others
            why = "columns that hold the same few values"
            self._take(Guess(Role.ANNOTATOR, who, 0.8, why))
        style = CellStyle.of(cell for name in who for cell in self._table[name])
        name = labels[0] if labels else DIMENSION
        return VoteColumns(
            annotators=who,
            labels=(LabelColumns(dimension=name, columns=(name,), style=style),),
            id=identity,
            text=text,
            left_out=others,
            guesses=tuple(self._made),
        )

    def _text(self) -> tuple[str, ...]:
        bodies = self._take(guess_text(self._profiles))
        return (*self._take(guess_subject(self._profiles)), *bodies) if bodies else ()

    def _recurring_id(self, who: str) -> str | None:
        """Find the column that names the messages, each of which several people have seen."""
        people = [as_text(cell).strip() for cell in self._table[who]]
        for one in self._profiles:
            if not _names_messages(one):
                continue
            ids = [as_text(cell).strip() for cell in self._table[one.column]]
            recurs = len(set(ids)) <= _RECURRING * len(ids) or len(set(people)) == 1
            if recurs and len(set(zip(ids, people, strict=True))) >= _KEY * len(ids):
                why = "named so, and recurs with every annotator"
                self._take(Guess(Role.ID, (one.column,), 0.9, why))
                return one.column
        return None

    def _labels(self) -> tuple[LabelColumns, ...]:
        guesses = guess_labels(self._table, self._profiles)
        if not guesses:
            raise UndecidedColumns(Role.LABEL, self._table.columns, self._table.source)
        for guess in guesses:
            self._take(guess)
        return tuple(styled(one.columns[0], one.columns, self._table) for one in guesses)

    @property
    def _profiles(self) -> tuple[Profile, ...]:
        return tuple(self._left.values())

    def _take(self, guess: Guess | None) -> tuple[str, ...]:
        if guess is None:
            return ()
        self._made.append(guess)
        for column in guess.columns:
            self._left.pop(column, None)
        return guess.columns


def _names_messages(one: Profile) -> bool:
    named = one.name == ("id",) or one.noun in IDS or one.is_named(ITEMS | NUMBERED)
    return named and one.chars <= _SHORT and one.words < _PHRASE and not one.lists
