"""
Put placeholders where a text has personal data that a pattern can find.

Every pattern takes time in proportion to the text: it starts where a word starts, never goes back
over what it has taken, and reads no further than the longest thing of its kind. Names, streets and
whatever else has no pattern stay.
"""

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

# How long an IBAN is, by the country that it begins with (ISO 13616).
_LENGTHS: Final = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 "
    "DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 "
    "IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 "
    "MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 "
    "SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
)
IBAN_LENGTHS: Final[Mapping[str, int]] = {entry[:2]: int(entry[2:]) for entry in _LENGTHS.split()}
FEWEST_DIGITS, MOST_DIGITS = 7, 15  # of a telephone number (E.164)
AREA_DIGITS = 3  # that begin another number, after a zero

_NOT_A_PHONE: Final = re.compile(
    r"(?:[0-9]{4}|[0-9]{1,2})[-./][0-9]{1,2}[-./][0-9]{2,4}(?![0-9])"  # a date
    r"|0\.[0-9]+\Z"  # a number below one
)


@dataclass(frozen=True, slots=True)
class Redact:
    """E-mail and web addresses, IP addresses, cards, IBANs and telephones become placeholders."""

    name: ClassVar[str] = "redact"
    version: ClassVar[int] = 1

    def problems(self) -> tuple[str, ...]:
        return ()

    def __call__(self, text: str) -> str:
        # What one placeholder cuts off may show the next thing, so all look until none finds any.
        redacted = _once(text)
        while redacted != text:
            text, redacted = redacted, _once(redacted)
        return text


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of data: where it may be, and how much of what was found is really it."""

    placeholder: str
    pattern: re.Pattern[str]
    length: Callable[[str], int]  # 0 where it only looked like it
    mark: str = ""  # without which there is none, so that most texts are not searched at all

    def replace(self, text: str) -> str:
        if self.mark not in text:
            return text
        parts, kept, start = [], 0, 0
        while found := self.pattern.search(text, start):
            length = self.length(found[0])
            if length:
                parts += [text[kept : found.start()], self.placeholder]
                kept = start = found.start() + length
            else:
                start = found.start() + 1
        return "".join((*parts, text[kept:])) if parts else text


def _once(text: str) -> str:
    for kind in _KINDS:
        text = kind.replace(text)
    return text


def _url_length(found: str) -> int:
    """Leave the punctuation of the sentence out of an address."""
    return len(found.rstrip(".,;:!?)]}*_"))


def _ip_length(found: str) -> int:
    try:
        ipaddress.ip_address(found)
    except ValueError:
        return 0
    return len(found)


def _ipv6_length(found: str) -> int:
    address = found.rstrip(":") if found.endswith(":") and not found.endswith("::") else found
    return _ip_length(address) if any(one.isdigit() for one in address) else 0


def _card_length(found: str) -> int:
    """Check the digits with the sum of Luhn (ISO 7812)."""
    digits = [int(one) for one in found if one.isdigit()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    total = sum(digits[-1::-2]) + sum(doubled)
    return len(found) if total % 10 == 0 and any(digits) else 0


def _iban_length(found: str) -> int:
    """Check as many characters as the country's IBANs have, with their check digits."""
    wanted = IBAN_LENGTHS.get(found[:2].upper(), 0)
    places = [place for place, one in enumerate(found) if one != " "]
    if not wanted or len(places) < wanted:
        return 0
    end = places[wanted - 1] + 1
    if found[end : end + 1].isalnum():
        return 0
    iban = found[:end].replace(" ", "").upper()
    number = int("".join(str(int(one, 36)) for one in iban[4:] + iban[:4]))
    return end if number % 97 == 1 else 0


def _phone_length(found: str) -> int:
    """Take as many whole groups of digits as one number can have."""
    end = digits = 0
    for group in re.finditer("[0-9]+", found):
        another = (
            digits >= FEWEST_DIGITS and len(group[0]) >= AREA_DIGITS and group[0].startswith("0")
        )
        if another or digits + len(group[0]) > MOST_DIGITS:
            break
        digits, end = digits + len(group[0]), group.end()
    is_phone = digits >= FEWEST_DIGITS and _NOT_A_PHONE.match(found.lstrip("(+")) is None
    return end if is_phone else 0


def _kind(placeholder: str, length: Callable[[str], int], *pattern: str, mark: str = "") -> _Kind:
    return _Kind(placeholder, re.compile("".join(pattern)), length, mark)


_ALONE: Final = r"(?<![0-9A-Za-z])"  # nothing of a word before it
_ENDED: Final = r"(?![0-9A-Za-z])"  # nor after it

_KINDS: Final = (
    _kind("<URL>", _url_length, r"(?<!\w)(?i:https?://|ftp://|www\.)[^\s<>\"']++"),
    _kind(
        "<EMAIL>",
        len,
        r"(?<![\w.!#$%&*+/=?^{|}~-])[\w.!#$%&*+/=?^{|}~-]++",
        r"@[\w-]++(?:\.[\w-]++)++",
        mark="@",
    ),
    _kind("<IBAN>", _iban_length, _ALONE, r"[A-Za-z]{2}[0-9]{2}(?: ?[0-9A-Za-z]){11,30}+"),
    _kind(
        "<CARD>",
        _card_length,
        _ALONE,
        r"(?:[0-9]{4}([ \u00a0-])[0-9]{4}\1[0-9]{4}\1[0-9]{1,7}",
        r"|[0-9]{4}[ \u00a0-][0-9]{6}[ \u00a0-][0-9]{4,5}|[0-9]{13,19})",
        _ENDED,
    ),
    _kind("<IP>", _ip_length, r"(?<![\w.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?!\.[0-9])", _ENDED),
    _kind(
        "<IP>",
        _ipv6_length,
        r"(?<!:)",
        _ALONE,
        r"(?=[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:)[0-9A-Fa-f:]{2,39}+",
        _ENDED,
        mark=":",
    ),
    # It begins with a zero, a plus, an area code in brackets, or is written as in America; then
    # groups of digits follow, none of which is the start of a word.
    _kind(
        "<PHONE>",
        _phone_length,
        r"(?:(?<![0-9A-Za-z+])0|\+[0-9]|\((?=\+?[0-9]{1,5}\))\+?[0-9]",
        r"|(?<![0-9A-Za-z+])(?=[0-9]{3}[-. ][0-9]{3}[-. ][0-9]{4}(?![0-9A-Za-z]))[0-9])",
        r"[0-9]*+(?![A-Za-z])(?:[ ().\u00a0/-]{1,3}[0-9]++(?![A-Za-z])){0,20}+",
    ),
)
