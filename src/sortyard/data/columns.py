"""What each column of an archive is for, guessed with a stated confidence, or as asked."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sortyard.data.cells import as_text
from sortyard.data.label_columns import LabelColumns, parse_spec, styled
from sortyard.data.label_guess import guess_labels
from sortyard.data.plans import Names, about_plan, is_plan
from sortyard.data.profiles import Profile, words_of
from sortyard.data.roles import (
    SUBJECTS,
    TEXTS,
    Guess,
    Role,
    guess_group,
    guess_id,
    guess_subject,
    guess_text,
    guess_time,
)
from sortyard.data.tables import Table
from sortyard.domain.errors import InvalidUsage, UndecidedColumns, UnreadableArchive
from sortyard.domain.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """
    The role of every column; those without one are metadata, but for what a plan says of itself.

    `guesses` has what was not asked for but inferred, with its confidence and its reason.
    """

    text: tuple[str, ...]
    subject: str | None = None
    labels: tuple[LabelColumns, ...] = ()
    id: str | None = None
    time: str | None = None
    group: str | None = None
    metadata: tuple[str, ...] = ()
    guesses: tuple[Guess, ...] = ()

    @property
    def text_specs(self) -> tuple[str, ...]:
        """What `--text` says to read the same columns again."""
        return (*((self.subject,) if self.subject else ()), *self.text)

    @property
    def label_specs(self) -> tuple[str, ...]:
        """What `--label` says to read the same dimensions again."""
        return tuple(one.spec for one in self.labels)


def infer_columns(  # noqa: PLR0913 -- one argument for each role that can be named
    table: Table,
    *,
    text: Sequence[str] = (),
    labels: Sequence[str] = (),
    id_column: str | None = None,
    group: str | None = None,
    time: str | None = None,
    taxonomy: Taxonomy | None = None,
    labelled: bool = True,
) -> Columns:
    """
    Give every column its role; what is named is taken, the rest is guessed from names and cells.

    In a plan names are those of the archive that it goes with.

    Raises UnknownColumn for a name that the table does not have, and UndecidedColumns where no
    text column, or no label column, clearly stands out; InvalidUsage for contradictions. With
    `labelled` false, no label is needed.
    """
    given = Names(tuple(text), tuple(labels), id_column, group, time)
    given = given.in_plan(table) if is_plan(table) else given
    asked = tuple(dict.fromkeys(given.text)) or table.roles.get(Role.TEXT, ())
    id_column = given.id or _told(table, Role.ID)
    group = given.group or _told(table, Role.GROUP)
    time = given.time or _told(table, Role.TIME)
    others = tuple(one for one in (id_column, group, time) if one)
    table.require(*asked, *others)
    wanted = tuple(parse_spec(spec, table, taxonomy) for spec in given.labels)
    _check_contradictions(asked, wanted)
    levels = (column for one in wanted for column in one.columns)
    about = about_plan(table)
    guesses = _Guesses(table, {*asked, *others, *levels, *about})
    subject, bodies = guesses.texts(asked)
    roles = {
        "id": id_column or guesses.one(Role.ID),
        "group": group or guesses.one(Role.GROUP),
        "time": time or guesses.one(Role.TIME),
    }
    if labelled and not wanted:
        wanted = guesses.labels(taxonomy)
    used = {*bodies, subject, roles["id"], *(name for one in wanted for name in one.columns)}
    used |= set(about)
    return Columns(
        text=bodies,
        subject=subject,
        labels=wanted,
        **roles,
        metadata=tuple(name for name in table.columns if name not in used),
        guesses=tuple(guesses.made),
    )


def _told(table: Table, role: Role) -> str | None:
    """Return the column that has a role because the kind of file says so."""
    return next(iter(table.roles.get(role, ())), None)


def subject_and_bodies(asked: Sequence[str]) -> tuple[str | None, tuple[str, ...]]:
    """Tell the subject, where a column is named so beside others, from the text itself."""
    subjects = [one for one in asked if SUBJECTS & set(words_of(one))]
    subject = subjects[0] if len(subjects) == 1 and len(asked) > 1 else None
    return subject, tuple(one for one in asked if one != subject)


def _check_contradictions(text: Sequence[str], labels: Sequence[LabelColumns]) -> None:
    names = [one.dimension for one in labels]
    for name in names:
        if names.count(name) > 1:
            raise InvalidUsage(
                f"Two dimensions would be named {name!r}.",
                "Name one of them with `--label NAME=COLUMN`.",
            )
    for column in text:
        if any(column in one.columns for one in labels):
            raise InvalidUsage(
                f"Column {column!r} is asked for as the text and as a label.",
                "A label that is part of the text can be read off it; choose another column.",
            )


class _Guesses:
    """Guesses one role after the other; a column that got one is not looked at again."""

    def __init__(self, table: Table, taken: Collection[str]) -> None:
        self._table = table
        self._left = {one: Profile.of(one, table[one]) for one in table.columns if one not in taken}
        self.made: list[Guess] = []

    def texts(self, asked: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
        """Return the subject, where there is one, and the columns of the text itself."""
        if asked:
            return subject_and_bodies(asked)
        guess = guess_text(self._profiles)
        if guess is None:
            raise UndecidedColumns(Role.TEXT, self._table.columns, self._table.source)
        if not self._left[guess.columns[0]].is_named(TEXTS):
            self._check_header(self._table.columns)
        self._take(guess)
        subject = self.one(Role.SUBJECT)
        return subject, guess.columns

    def one(self, role: Role) -> str | None:
        """Return the column for a role that an archive need not have."""
        guess = _GUESSERS[role](self._profiles)
        if guess is None:
            return None
        self._take(guess)
        return guess.columns[0]

    def labels(self, taxonomy: Taxonomy | None) -> tuple[LabelColumns, ...]:
        """Return the dimensions: the columns named like those of the taxonomy, or a guess."""
        named = [] if taxonomy is None else [one for one in taxonomy.names if one in self._left]
        guesses = guess_labels(self._table, self._profiles)
        if named:
            # A hierarchy is named as its top level, and its columns may nest below that one.
            chains = {one.columns[0]: one.columns for one in guesses}
            guesses = tuple(
                Guess(Role.LABEL, chains.get(name, (name,)), 0.95, "named as in the taxonomy")
                for name in named
            )
        if not guesses:
            raise UndecidedColumns(Role.LABEL, self._table.columns, self._table.source)
        for guess in guesses:
            self._check_header(guess.columns)
            self._take(guess)
        names = [guess.columns[0] for guess in guesses]
        if taxonomy is not None and len(names) == len(taxonomy.names) == 1:
            names = list(taxonomy.names)
        return tuple(
            styled(name, guess.columns, self._table, taxonomy)
            for name, guess in zip(names, guesses, strict=True)
        )

    def _check_header(self, columns: Iterable[str]) -> None:
        """Refuse a file whose first line is a row: what names a column is one of its values."""
        if any(name in map(as_text, self._table[name]) for name in columns):
            why = "its first line looks like a row, not like the names of columns"
            raise UnreadableArchive(self._table.source, why)

    @property
    def _profiles(self) -> tuple[Profile, ...]:
        return tuple(self._left.values())

    def _take(self, guess: Guess) -> None:
        self.made.append(guess)
        for column in guess.columns:
            del self._left[column]


_GUESSERS = {
    Role.SUBJECT: guess_subject,
    Role.ID: guess_id,
    Role.TIME: guess_time,
    Role.GROUP: guess_group,
}
