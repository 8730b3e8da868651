"""
Telephone numbers: by the way they are written, or by a word beside them.

One that begins with a zero, a plus, an area code in brackets, or is written as in North America
shows by itself what it is. Any other number of seven digits may be an order, so a word has to say
that it is for calling.
"""

import re
from typing import Final

from sortyard.text.personal.cues import cue, cue_after
from sortyard.text.personal.entities import Entity
from sortyard.text.personal.finder import ENDED, Found, PatternFinder, long_number

FEWEST_DIGITS, MOST_DIGITS = 7, 15  # of a telephone number (E.164)
AREA_DIGITS = 3  # that begin another number, after a zero

_BLANK: Final = r" \u00a0\u202f"
_ONE: Final = rf"[{_BLANK}().\u2010-\u2013/-]"  # of what divides the groups of a number
_BETWEEN: Final = rf"(?!.?[{_BLANK}]{{2}}){_ONE}{{1,3}}"  # two blanks divide columns of a table
_CLEAR: Final = "(?!(?!x[0-9])[A-Za-z])"  # no start of a word, but for that of an extension
_GROUPS: Final = rf"(?:{_BETWEEN}[0-9]++{_CLEAR}){{0,9}}+"
_EXTENSION: Final = re.compile(
    r"(?i) ?(?:x|ext\.?|extension|durchwahl|poste)[ -]?[0-9]{1,6}" + ENDED
)
_NOT_A_PHONE: Final = re.compile(
    # a date, one in a single word, and a number below one
    r"(?:[0-9]{4}|[0-9]{1,2})[-./][0-9]{1,2}[-./](?:[0-9]{4}|[0-9]{2})(?![0-9]|[-./][0-9])"
    r"|(?:0[0-9][0-3][0-9]|[0-3][0-9]0[0-9])(?:19|20)[0-9]{2}(?![0-9])"
    r"|0\.[0-9]+\Z"
)
_BEFORE: Final = cue(
    "phones?|telephones?|telephone no|tel|telefon|telefonnummer|teléfono|telefono|telefone|"
    "téléphone|telefoon|telefoonnummer|puhelin|puh|tlf|mobile|mobil|mobiel|móvil|celular|cell|"
    "cellphone|cellulare|portable|handy|handynummer|fax|whatsapp|sms|landline|festnetz|hotline|"
    "dial(?:ing)?|call(?:s|ed|ing)?|ring|rang|reach(?:ed)?|text(?:ed|ing)?|messages?|contact|"
    "answer(?:ing)?|pick(?:ing)? up|anrufen|erreichbar|erreichen|appeler|llamar|chiamare|bellen|"
    r"(?:my|contact|daytime|evening|work|home) (?:number|no|nr)|"
    r"(?:desk|office|work|home|m|t|p|f)(?=\s?:)"
)
_BOOK: Final = cue("isbn|issn")
_AFTER: Final = cue_after(
    "office|fax|mobile|mobil|cell|landline|home|work|desk|phone|telefon|tel|handy|direct"
)


def _end(found: Found) -> int:
    """Take as many whole groups of digits as one number can have."""
    groups = list(re.finditer("[0-9]+", found[0]))
    end = digits = taken = 0
    left = sum(len(group[0]) for group in groups)
    for group in groups:
        count = len(group[0])
        starts_another = count >= AREA_DIGITS and group[0].startswith("0") and left >= FEWEST_DIGITS
        if digits + count > MOST_DIGITS or (digits >= FEWEST_DIGITS and starts_another):
            break
        digits, left, end, taken = digits + count, left - count, group.end(), taken + 1
    if digits < FEWEST_DIGITS or 3 * digits < 5 * taken:  # somebody counts: 0, 1, 2
        return 0
    if _NOT_A_PHONE.match(found[0].lstrip("(+")) or _BOOK(found.string, found.start()):
        return 0
    end += found.start()
    extension = _EXTENSION.match(found.string, end)
    return extension.end() if extension else end


def _told_end(found: Found) -> int:
    end = _end(found)
    text = found.string
    told = end and (_BEFORE(text, found.start()) or _AFTER(text, end))
    return end if told else 0


_START: Final = r"(?<![0-9A-Za-z+])"  # nothing of a word or number before it
_AMERICAN: Final = rf"(?:1[-. ])?[0-9]{{3}}[-. ][0-9]{{3}}[-. ][0-9]{{4}}(?![0-9]){_CLEAR}"

PHONE: Final = PatternFinder(
    Entity.PHONE,
    re.compile(
        rf"(?:{_START}(?<![0-9][.,])0|\+[0-9]"
        rf"|(?:{_START}1[-. ]?)?\((?=\+?[0-9]{{1,5}}\))\+?[0-9]"
        rf"|{_START}(?={_AMERICAN})[0-9])[0-9]*+{_CLEAR}{_GROUPS}"
    ),
    _end,
    long_number,
)
TOLD_PHONE: Final = PatternFinder(
    Entity.PHONE,
    re.compile(
        rf"(?<![0-9A-Za-z])(?<![0-9]{_ONE})[0-9]{{2,15}}+{_CLEAR}"
        rf"(?:{_BETWEEN}[0-9]{{2,15}}+{_CLEAR}){{0,6}}+"
    ),
    _told_end,
    long_number,
)
