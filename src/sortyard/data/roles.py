"""Guess which columns are the text, the id, the time and the group, and say why."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sortyard.data.profiles import Profile


class Role(StrEnum):
    """What a column is for; what has no role is metadata."""

    TEXT = "text"
    SUBJECT = "subject"
    LABEL = "label"
    ID = "id"
    TIME = "time"
    GROUP = "group"
    ANNOTATOR = "annotator"


@dataclass(frozen=True, slots=True)
class Guess:
    """The columns that seem to have a role, how likely that is (0 to 1), and why."""

    role: Role
    columns: tuple[str, ...]
    confidence: float
    why: str

    def __str__(self) -> str:
        columns = "/".join(self.columns)
        return f"{self.role}: {columns} ({self.confidence:.0%} sure: {self.why})"


def words(names: str) -> frozenset[str]:
    """List the words that a column's name may have."""
    return frozenset(names.split())


TEXTS: Final = words(
    "text body message content utterance query question description narrative comment review "
    "complaint request email mail sentence transcript post tweet feedback inquiry enquiry detail "
    "input ticket note chat"
)
ANSWERS: Final = words("answer reply response resolution solution prediction")
SUBJECTS: Final = words("subject title summary headline")
IDS: Final = words("id uuid guid number no ref reference key")
NUMBERED: Final = words(
    "message ticket case complaint request email mail row record example review comment post"
)
TIMES: Final = words("date time timestamp created received sent opened at day")
GROUPS: Final = words("conversation thread dialog dialogue session case")

_LONGER: Final = 3.0  # times longer than any other: the text, even without a telling name
_MOSTLY: Final = 0.5
_NEARLY_ALL: Final = 0.9
_SENTENCE: Final = 4.0  # words
_PHRASE: Final = 1.5  # words; chats are short
_SHORT: Final = 64  # characters
_SMALL_GROUPS: Final = (0.001, 0.8)  # groups per row: neither a handful, nor all of one row


def guess_text(profiles: Sequence[Profile]) -> Guess | None:
    """
    Find the column that is read: long, mostly different from row to row, and named so.

    A telling name and the shape: 95 % sure. The shape alone, or the longest by far of several
    that qualify: 80 %. None where two columns are about as good.
    """
    long = [one for one in profiles if _looks_like_text(one)]
    named = [one for one in long if one.is_named(TEXTS) and not one.is_named(ANSWERS)]
    bodies = [one for one in named if not one.is_named(SUBJECTS)]
    choice = bodies or named or [one for one in long if not one.is_named(ANSWERS)]
    if len(choice) == 1 and named:
        return Guess(Role.TEXT, (choice[0].column,), 0.95, "long, varied and named so")
    if len(choice) == 1:
        return Guess(Role.TEXT, (choice[0].column,), 0.8, "the only long and varied column")
    if not choice:
        return None
    best, next_best, *_ = sorted(choice, key=lambda one: -one.chars)
    if best.chars < _LONGER * next_best.chars:
        return None
    return Guess(Role.TEXT, (best.column,), 0.8, "by far the longest of the varied columns")


def _looks_like_text(one: Profile) -> bool:
    if one.lists or one.numbers > _MOSTLY or one.times > _MOSTLY or not one.distinct:
        return False
    if one.noun in IDS:
        return False
    if one.is_named(TEXTS):
        return one.words >= _PHRASE or one.distinct_share > _MOSTLY
    return one.words >= _SENTENCE and one.distinct_share >= _MOSTLY


def guess_subject(profiles: Sequence[Profile]) -> Guess | None:
    """Find the one column that is named like a subject line and looks like a text."""
    found = [
        one
        for one in profiles
        if one.is_named(SUBJECTS) and one.words >= _PHRASE and one.numbers < _MOSTLY
    ]
    if len(found) != 1:
        return None
    return Guess(Role.SUBJECT, (found[0].column,), 0.9, "named so, beside a text")


def guess_id(profiles: Sequence[Profile]) -> Guess | None:
    """Find the column of short values, nearly all different, that is named as an id."""
    # Others, such as a customer's id or a phone number, say who wrote and not which message it is.
    ours = [one for one in profiles if _is_id_of_message(one) and one.chars <= _SHORT]
    # A column that is named just so is the id, even where an export has some rows twice.
    exact = [one for one in ours if len(one.name) == 1 and one.distinct_share > _MOSTLY]
    choice = exact or [one for one in ours if one.distinct_share > _NEARLY_ALL]
    if len(choice) != 1:
        return None
    return Guess(Role.ID, (choice[0].column,), 0.95, "short, unique and named so")


def _is_id_of_message(one: Profile) -> bool:
    return one.name in {("id",), ("uuid",), ("guid",)} or (
        one.noun in IDS and one.is_named(NUMBERED)
    )


def guess_time(profiles: Sequence[Profile]) -> Guess | None:
    """Find the one column of dates, the first to be named as one where there are several."""
    dated = [one for one in profiles if min(one.times, one.filled) > _NEARLY_ALL]
    named = [one for one in dated if one.is_named(TIMES)]
    if named:
        return Guess(Role.TIME, (named[0].column,), 0.9, "dates, and named so")
    # Numbers may be dates by accident.
    written = [one for one in dated if not one.numbers]
    if len(written) != 1:
        return None
    return Guess(Role.TIME, (written[0].column,), 0.8, "the only column of dates")


def guess_group(profiles: Sequence[Profile]) -> Guess | None:
    """Find the one column that is named as a conversation and whose values recur a few times."""
    few, many = _SMALL_GROUPS
    found = [
        one
        for one in profiles
        if one.is_named(GROUPS) and one.chars <= _SHORT and few < one.distinct_share <= many
    ]
    if len(found) != 1:
        return None
    return Guess(Role.GROUP, (found[0].column,), 0.9, "values that recur, and named so")
