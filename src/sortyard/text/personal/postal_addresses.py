"""
Streets with a number, boxes at a post office, and postcodes that nothing else looks like.

There is no pattern of all addresses. These are the ways of writing them that are told from other
text: a house number with a word for a street, in languages that write it so.
"""

import re
from collections.abc import Callable
from typing import Final

from sortyard.text.personal.entities import Entity
from sortyard.text.personal.finder import Found, PatternFinder, has

_CAPITAL: Final = r"[^\W\d_a-zß-öø-ÿ]"
_WORD: Final = rf"{_CAPITAL}[\w'\u2019-]*+"
_NUMBER: Final = r"[0-9]{1,5}[A-Za-z]?"
_UNIT: Final = (
    r"(?:,?[ \n]{1,2}(?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor)\.? ?[0-9A-Z-]{1,6}(?!\w))?"
)
_TOWN: Final = rf"(?:,?[ \n]{{1,2}}(?:[A-Z]{{1,2}}-)?[0-9]{{4,5}}(?:-[0-9]{{3,4}})? {_WORD})?"
_ENGLISH: Final = (
    "Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Square|Sq|Terrace|"
    "Crescent|Close|Highway|Hwy|Parkway|Pkwy|Gardens|Grove|Mews|Circle|Trail|Way|Place|Pl"
)
_NO_DEVICE: Final = "(?<!Hard )(?<!Disk )(?<!Disc )(?<!Tape )(?<!Flash )(?<!USB )(?<!State )"
_GERMANIC: Final = (
    "straße|strasse|str\\.|gasse|allee|weg|gatan|gata|vägen|gade|vej|veien|katu|kuja|straat|laan|"
    "plein|gracht"
)
_ROMANCE: Final = (
    "rue|Rue|avenue|Avenue|boulevard|Boulevard|Via|Viale|Piazza|Corso|Calle|Avenida|Avda\\.|Av\\.|"
    "Plaza|Paseo|Carrer|Rua|Travessa|Praça|Largo|ul\\.|ulica"
)
_BOXES: Final = ("box ", "postfach ", "apartado ", "postale ")  # in small letters
_OF: Final = r"(?:(?:d[aeiou]s?|del|della|dei|du|la|las|los|le|les|l['\u2019]|d['\u2019]) ?){0,3}"

_BOX: Final = (
    "p\\.? ?o\\.? ?box|postfach|apartado|boîte postale|casella postale|PSC [0-9]{1,5},? box|"
    "unit [0-9]{1,5} box"
)


def _finder(may_find: Callable[[str], bool], *patterns: str) -> PatternFinder:
    pattern = re.compile(rf"(?<![\w.,-])(?:{'|'.join(patterns)})")
    return PatternFinder(Entity.POSTAL_ADDRESS, pattern, _end, may_find)


def _has_one_of(words: str) -> Callable[[str], bool]:
    """Make the pre-filter that looks for words, divided by `|`, with a blank behind."""
    ended = [f"{word} " for word in words.replace("\\", "").split("|")]

    def may_find(text: str) -> bool:
        for word in ended:  # noqa: SIM110 -- `any` takes three times as long
            if word in text:
                return True
        return False

    return may_find


def _has_a_box(text: str) -> bool:
    lowered = text.lower()
    return any(word in lowered for word in _BOXES) or "PO A" in text


def _end(found: Found) -> int:
    return found.end()


NUMBER_FIRST: Final = _finder(
    has(rf"[0-9][A-Za-z]?,? (?:{_CAPITAL}|{_ROMANCE})"),
    rf"{_NUMBER},? (?:{_WORD}\.? ){{1,4}}{_NO_DEVICE}(?:{_ENGLISH})(?!\w)\.?{_UNIT}{_TOWN}",
    rf"{_NUMBER},? (?:{_ROMANCE}) {_OF}{_WORD}(?: {_WORD}){{0,3}}{_TOWN}",
)
STREET_FIRST: Final = _finder(
    _has_one_of(_ROMANCE),
    rf"(?:{_ROMANCE}) {_OF}{_WORD}(?: {_WORD}){{0,3}},? (?:n[°º.]? ?)?{_NUMBER}(?!\w){_TOWN}",
)
WORD_FOR_STREET: Final = _finder(
    _has_one_of(_GERMANIC),
    rf"(?:[^\W\d_][\w-]{{1,40}}(?:{_GERMANIC})) {_NUMBER}(?!\w){_TOWN}",
)
BOX: Final = _finder(
    _has_a_box,
    rf"(?i:{_BOX}) [0-9]{{1,6}}(?!\w)",
    r"(?:[AFD]PO) (?:A[AEP]) [0-9]{5}(?!\w)",  # the American forces' mail
)
POSTCODE: Final = _finder(
    has("[A-Z][0-9][0-9A-Z]? [0-9][A-Z]"),
    r"[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][ABD-HJLNP-UW-Z]{2}(?!\w)",  # a British one
)
POSTAL_ADDRESSES: Final = (NUMBER_FIRST, STREET_FIRST, WORD_FOR_STREET, BOX, POSTCODE)
