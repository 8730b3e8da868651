"""The line above a quotation, `On Monday Anna wrote:`, in many languages and over several lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_MOST_LINES: Final = 4
_LONGEST: Final = 400  # characters

# "wrote", in the forms that mail programs use.
_VERBS: Final = (
    r"wrote|writes|ha escrito|escribi[óo]|escribe|escribiu|escreveu|escrevia|va escriure|ha escrit"
    r"|schrieb|schreibt|geschrieben|schreef|schrijft|geschreven|skrev|skriver|skrifaði|kirjoitti"
    r"|[aà] [ée]crit|[ée]crit|[ée]crivait|ha scritto|scrive|scriveva|a scris"
    r"|napisał(?:\(a\)|a)?|pisze|napsal(?:\(a\)|a)?|napísal(?:\(a\)|a)?|je napisa[ol](?:\(la\)|la)?"
    r"|написал(?:\(а\)|а)?|писал(?:\(а\)|а)?|пишет|пише|написа(?:в|ла)?|напісаў"
    r"|[íi]rta|yazdı|şunu yazdı|έγραψε|rašė|rakstīja|kirjutas|menulis|đã viết|skribis"
    r"|כתב|כתבה|كتب|نوشت|เขียนว่า|ने लिखा"
)
_VERB: Final = re.compile(
    rf"(?<!\w)(?:{_VERBS})(?!\w)|写道|寫道|写到|書きました|のメッセージ|작성|썼습니다|쓴 글"
)
_ADDRESS: Final = re.compile(r"[^\s<>@]@[^\s<>@]")
_ADDRESS_FIRST: Final = re.compile(r"[^\s<>@]+@\S")
_BRACKETED: Final = re.compile(r"[<\[(]\s*(?:mailto:)?[^\s<>()\[\]]+@[^\s<>()\[\]]+\.")
_TELLING: Final = re.compile(r"[@\d]")  # without which nothing is sure
_CLOCK: Final = re.compile(r"(?<!\d)\d{1,2}[:.h]\d{2}(?!\d)")
_NUMERIC_DAY: Final = r"\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}"
_DAY: Final = re.compile(rf"(?<!\d)(?:(?:19|20)\d\d|{_NUMERIC_DAY})(?!\d)")
_DATED: Final = re.compile(  # begins with a day, in figures or with the month in words
    rf"\W{{0,3}}(?:{_NUMERIC_DAY}|\d{{1,2}}\.? \w{{3,12}}\.?,? (?:19|20)\d\d)(?!\d)"
)
# What an introduction begins with: a place in the News, or a few words and then figures.
_LED: Final = re.compile(
    r"\W{0,3}(?:in (?:article|message|post|news:)|[^\d<>@]{0,30}\d)", re.IGNORECASE
)
_WORD_END: Final = 5  # characters, in which it shows that a sentence ends, and no abbreviation
_FULL_STOP: Final = re.compile(r"[^\W\d_]{4}\.$|[!?:;]$")
_STAMPED: Final = re.compile(  # `2016-03-03 17:21 GMT+01:00 Anna Berg`
    r"\d{4}-\d{2}-\d{2} \d{1,2}:\d{2}(?::\d{2})? (?:GMT|UTC)[+-]\d{1,2}:?\d{2} [^.!?]{1,80}"
)
_ADDRESS_LAST: Final = re.compile(r"<[^\s<>]+@[^\s<>]+>:?$")
_BANNERED: Final = re.compile(r">>> .{3,150}\d{1,2}:\d{2}.{0,20} >>>$")  # Novell GroupWise


_CLOSER: Final = re.compile(rf"(?:>{{1,3}} ?)?(?:{_VERBS})? ?:", re.IGNORECASE)
_ENDS: Final = ":\uff1a*_>"
_MOST_BROKEN_LINES: Final = 7


@dataclass(frozen=True, slots=True)
class Intro:
    """
    The lines from `first` up to `after` that introduce a quotation.

    One that is `sure` does so even where no line below is marked as quoted.
    """

    first: int
    after: int
    sure: bool


def intro_ending(lines: Sequence[str], at: int, floor: int, *, quotes_follow: bool) -> Intro | None:
    """
    Find the introduction whose last line is this one, reading up to `floor` at most.

    One that is not sure is none where no `quotes_follow`.
    """
    last = lines[at]
    if (last[-1] not in _ENDS and not last[0].isdigit()) or len(last) > _LONGEST:
        return None
    if last.rstrip("*_ ").endswith((":", "\uff1a")):
        told = quotes_follow or any(
            _TELLING.search(line)
            for line in lines[max(floor, at + 1 - _MOST_BROKEN_LINES) : at + 1]
        )
        return _with_colon(lines, at, floor) if told else None
    if last[0].isdigit() and _DATED.match(last):
        if _STAMPED.fullmatch(last):
            return Intro(at, at + 1, sure=True)
        return Intro(at, at + 1, sure=False) if _ADDRESS_LAST.search(last) else None
    if last.endswith(" >>>") and _BANNERED.match(last):
        return Intro(at, at + 1, sure=True)
    return None


def is_closer(line: str) -> bool:
    """
    Tell whether a stripped line is the end of an introduction: `> wrote:`.

    It is left alone where a mail program broke the address, `<anna@example.com>`, in two.
    """
    return line.endswith(":") and _CLOSER.fullmatch(line.lower()) is not None


def introduces(words: str) -> bool:
    """Tell whether these words, in small letters, say for sure that somebody else's follow."""
    return _VERB.search(words) is not None and bool(_judged(words))


def _with_colon(lines: Sequence[str], at: int, floor: int) -> Intro | None:
    broken = is_closer(lines[at])
    most = _MOST_BROKEN_LINES if broken else _MOST_LINES
    found: Intro | None = None
    words = ""
    for first in range(at, max(floor, at + 1 - most) - 1, -1):
        line = lines[first]
        if not line and broken and lines[first + 1]:
            continue
        if first < at and (
            not line or line.startswith(">") or _FULL_STOP.search(line[-_WORD_END:])
        ):
            break
        words = f"{line.lower()} {words}".rstrip()
        if len(words) > _LONGEST:
            break
        sure = _judged(words)
        if sure is None:
            continue
        if _LED.match(words) and (_VERB.search(words) or "@" in words):
            return Intro(first, at + 1, sure)
        if not broken and (found is None or (sure and not found.sure)):
            found = Intro(first, at + 1, sure)
    return found


def _judged(words: str) -> bool | None:
    """Tell whether these words, in small letters, introduce a quotation: surely, or perhaps."""
    has_verb = _VERB.search(words) is not None
    address = "@" in words and _ADDRESS.search(words) is not None
    clock, day = _CLOCK.search(words), _DAY.search(words)
    if has_verb:
        named = address and bool(_BRACKETED.search(words) or _ADDRESS_FIRST.match(words))
        stamped = (clock and day) or (address and (clock or day))  # a program wrote it
        return named or bool(stamped and _LED.match(words))
    if address and _DATED.match(words):
        return True
    return False if address or (clock and day) else None
