"""Payment cards: a number of an issuer that exists, whose check digit is right."""

import re
from typing import Final

from sortyard.text.personal.checksums import digits_of, luhn
from sortyard.text.personal.cues import cue
from sortyard.text.personal.entities import Entity
from sortyard.text.personal.finder import ALONE, ENDED, Found, PatternFinder, long_number

# What the numbers of an issuer begin with (the first and the last of a range), and how long they
# are; after ISO/IEC 7812-1 and what the networks publish.
_ISSUERS: Final = (
    ("1800", "1800", (15,)),  # JCB, as 2131
    ("2131", "2131", (15,)),
    ("2200", "2205", (16, 17, 18, 19)),  # Mir, Borica
    ("2221", "2720", (16,)),  # Mastercard, as 51 to 55
    ("300", "305", (14, 16, 17, 18, 19)),  # Diners, as 309, 36, 38 and 39
    ("309", "309", (14, 16, 17, 18, 19)),
    ("34", "34", (15,)),  # American Express, as 37
    ("3528", "3589", (16, 17, 18, 19)),  # JCB
    ("36", "36", (14, 16, 17, 18, 19)),
    ("37", "37", (15,)),
    ("38", "39", (14, 16, 17, 18, 19)),
    ("4", "4", (13, 16, 19)),  # Visa
    ("50", "50", (12, 13, 14, 15, 16, 17, 18, 19)),  # Maestro, as 56 to 69; Verve, RuPay
    ("51", "55", (16,)),
    ("56", "69", (12, 13, 14, 15, 16, 17, 18, 19)),  # Discover and UnionPay, too
    ("81", "82", (16, 17, 18, 19)),  # UnionPay, RuPay
    ("8600", "8600", (16,)),  # Uzcard
    ("9792", "9792", (16,)),  # Troy
    ("9860", "9860", (16,)),  # Humo
)
_SHORT: Final = 15  # digits; a shorter one may be a parcel, unless it is one of Visa
_BEFORE: Final = cue(
    "cards?|cc|credit|debit|maestro|visa|mastercard|master card|amex|karten?|kreditkarten?|"
    "kartennummer|carte|tarjeta|carta|cartão|kaart|kort|kortti|karta|karty"
)


def _end(found: Found) -> int:
    """Believe a word before it, or else an issuer's own range."""
    digits = digits_of(found[0])
    if not luhn(digits) or not any(map(int, digits)):
        return 0
    shown = _is_issued(digits) and (len(digits) >= _SHORT or digits[0] == "4")
    return found.end() if shown or _BEFORE(found.string, found.start()) else 0


def _is_issued(digits: str) -> bool:
    return any(
        first <= digits[: len(first)] <= last and len(digits) in lengths
        for first, last, lengths in _ISSUERS
    )


CARD: Final = PatternFinder(
    Entity.CARD,
    re.compile(
        rf"{ALONE}(?:[0-9]{{4}}([ \u00a0.-])[0-9]{{4}}\1[0-9]{{4}}\1[0-9]{{1,7}}"
        r"|[0-9]{4}[ \u00a0.-][0-9]{6}[ \u00a0.-][0-9]{4,5}|[0-9]{12,19})"
        rf"{ENDED}"
    ),
    _end,
    long_number,
)
