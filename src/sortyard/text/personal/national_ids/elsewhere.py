"""The numbers of American, African and Asian countries."""

from typing import Final

from sortyard.text.personal.checksums import luhn, verhoeff, weighted
from sortyard.text.personal.national_ids.kind import is_day, national_id

_SG_FIRST: Final = dict(zip("STFGM", (0, 4, 0, 4, 3), strict=True))
_SG_LETTERS: Final = {"ST": "JZIHGFEDCBA", "FG": "XWUTRQPNMLK", "M": "XWUTRQPNJLK"}
_CHINESE: Final = "10X98765432"
_CHINESE_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _is_ssn(digits: str) -> bool:
    """No part is all zeros, and no number begins with 666 or a 9."""
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    return "000" < area < "900" and area != "666" and group != "00" and serial != "0000"


def _is_cpf(digits: str) -> bool:
    def check(count: int) -> str:
        return str(weighted(digits[:count], range(count + 1, 1, -1)) * 10 % 11 % 10)

    return digits[9:] == check(9) + check(10) and len(set(digits)) > 1


def _is_curp(found: str) -> bool:
    return is_day(found[6:8], found[8:10])


def _is_south_african(digits: str) -> bool:
    return luhn(digits) and is_day(digits[2:4], digits[4:6])


def _is_resident(found: str) -> bool:
    rest = weighted(found[:17], _CHINESE_WEIGHTS) % 11
    return found[17] == _CHINESE[rest] and is_day(found[10:12], found[12:14])


def _is_korean(digits: str) -> bool:
    return is_day(digits[2:4], digits[4:6])


def _is_singaporean(found: str) -> bool:
    total = weighted(found[1:8], (2, 7, 6, 5, 4, 3, 2)) + _SG_FIRST[found[0]]
    (letters,) = (letters for firsts, letters in _SG_LETTERS.items() if found[0] in firsts)
    return found[8] == letters[total % 11]


def _always(_found: str) -> bool:
    return True


ELSEWHERE: Final = (
    national_id("SSN", r"[0-8][0-9]{2}(?P<gap>[- ])[0-9]{2}(?P=gap)[0-9]{4}", _is_ssn),
    national_id(
        "SSN", r"[0-8][0-9]{8}", _is_ssn, words="ssn|social security|social security number|social"
    ),
    national_id(
        "SIN",
        r"[1-79][0-9]{2}(?P<gap>[- ]?)[0-9]{3}(?P=gap)[0-9]{3}",
        luhn,
        words="sin|social insurance|social insurance number",
    ),
    national_id("CPF", r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}", _is_cpf),
    national_id("CPF", r"[0-9]{11}", _is_cpf, words="cpf"),
    national_id("CURP", r"[A-Z]{4}[0-9]{6}[HMX][A-Z]{5}[0-9A-Z][0-9]", _is_curp),
    national_id(
        "tax file number",
        r"[0-9]{3}(?P<gap> ?)[0-9]{3}(?P=gap)[0-9]{3}",
        lambda digits: weighted(digits, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0,
        words="tfn|tax file|tax file number",
    ),
    national_id("South African id", r"[0-9]{6} ?[0-9]{4} ?[01][89][0-9]", _is_south_african),
    national_id(
        "Aadhaar",
        r"(?<![0-9][ -])[2-9][0-9]{3}(?P<gap>[ -])[0-9]{4}(?P=gap)[0-9]{4}(?!(?P=gap)[0-9])",
        verhoeff,
    ),
    national_id("Aadhaar", r"[2-9][0-9]{11}", verhoeff, words="aadhaar|aadhar|adhaar|uid|uidai"),
    national_id("PAN", r"[A-Z]{3}[ABCFGHJLPT][A-Z][0-9]{4}[A-Z]", _always),
    national_id("resident identity number", r"[1-9][0-9]{16}[0-9Xx]", _is_resident),
    national_id("resident registration number", r"[0-9]{6}-[1-8][0-9]{6}", _is_korean),
    national_id("NRIC", r"[STFGM][0-9]{7}[A-Z]", _is_singaporean),
)
