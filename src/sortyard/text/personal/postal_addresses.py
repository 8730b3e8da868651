"""
Streets with a number, boxes at a post office, and postcodes that nothing else looks like.

There is no pattern of all addresses. These are the ways of writing them that are told from other
text: a house number with a word for a street, in languages that write it so.
"""

import re
from typing import Final

from sortyard.text.personal.entities import Entity
from sortyard.text.personal.finder import Found, PatternFinder, has

_WORD: Final = r"[^\W\d_a-zß-öø-ÿ][\w'\u2019-]*+"  # begins with a capital
_NUMBER: Final = r"[0-9]{1,5}[A-Za-z]?"
_UNIT: Final = (
    r"(?:,?[ \n]{1,2}(?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor)\.? ?[0-9A-Z-]{1,6}(?!\w))?"
)
_TOWN: Final = rf"(?:,?[ \n]{{1,2}}(?:[A-Z]{{1,2}}-)?[0-9]{{4,5}}(?:-[0-9]{{3,4}})? {_WORD})?"
_ENGLISH: Final = (
    "Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Square|Sq|Terrace|"
    "Crescent|Close|Highway|Hwy|Parkway|Pkwy|Gardens|Grove|Mews|Circle|Trail|Way|Place|Pl"
)
_GERMANIC: Final = (
    "straße|strasse|str\\.|gasse|allee|weg|gatan|gata|vägen|gade|vej|veien|katu|kuja|straat|laan|"
    "plein|gracht"
)
_ROMANCE: Final = (
    "[Rr]ue|[Aa]venue|[Bb]oulevard|Via|Viale|Piazza|Corso|Calle|Avenida|Avda\\.|Av\\.|Plaza|Paseo|"
    "Carrer|Rua|Travessa|Praça|Largo|ul\\.|ulica"
)
_OF: Final = r"(?:(?:d[aeiou]s?|del|della|dei|du|la|las|los|le|les|l['\u2019]|d['\u2019]) ?){0,3}"

_BOX: Final = (
    "p\\.? ?o\\.? ?box|postfach|apartado|boîte postale|casella postale|PSC [0-9]{1,5},? box|"
    "unit [0-9]{1,5} box"
)
_PATTERNS: Final = (
    rf"{_NUMBER},? (?:{_WORD}\.? ){{1,4}}(?:{_ENGLISH})(?!\w)\.?{_UNIT}{_TOWN}",
    rf"{_NUMBER},? (?:{_ROMANCE}) {_OF}{_WORD}(?: {_WORD}){{0,3}}{_TOWN}",
    rf"(?:{_ROMANCE}) {_OF}{_WORD}(?: {_WORD}){{0,3}},? (?:n[°º.]? ?)?{_NUMBER}(?!\w){_TOWN}",
    rf"(?:[^\W\d_][\w-]{{1,40}}(?:{_GERMANIC})) {_NUMBER}(?!\w){_TOWN}",
    rf"(?i:{_BOX}) [0-9]{{1,6}}(?!\w)",
    r"(?:[AFD]PO) (?:A[AEP]) [0-9]{5}(?!\w)",  # the American forces' mail
    r"[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][ABD-HJLNP-UW-Z]{2}(?!\w)",  # a British postcode
)


def _end(found: Found) -> int:
    return found.end()


POSTAL_ADDRESS: Final = PatternFinder(
    Entity.POSTAL_ADDRESS,
    re.compile(rf"(?<![\w.,-])(?:{'|'.join(_PATTERNS)})"),
    _end,
    has("[0-9]"),
)
