"""The numbers of European countries."""

from collections import Counter
from typing import Final

from sortyard.text.personal.checksums import eleven_minus, luhn, mod_11_10, weighted
from sortyard.text.personal.national_ids.kind import is_day, national_id

_NINO_LETTERS: Final = "[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
_NINO_NEVER: Final = {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}  # no number begins with these
_DNI_LETTERS: Final = "TRWAGMYFPDXBNJZSQVHLCKE"
_HETU_LETTERS: Final = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_ODD_PLACES: Final = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14)
_ODD_LETTERS: Final = (*_ODD_PLACES, 16, 10, 22, 25, 24, 23)  # of an Italian code, A to Z
_DIGIT_LETTERS: Final = (
    "LMNPQRSTUV"  # in place of the last digit, where two people would share a code
)


def _is_nino(found: str) -> bool:
    return found[:2] not in _NINO_NEVER


def _is_steuer_id(digits: str) -> bool:
    """Of the first ten digits one occurs twice or three times, and the others at most once."""
    counts = sorted(Counter(digits[:10]).values())
    return counts[-1] in {2, 3} and counts[-2] == 1 and mod_11_10(digits)


def _is_nir(found: str) -> bool:
    """Corsica's departments have a letter, which counts as 19 or 18."""
    number = found[:13].replace("2A", "19", 1) if found[5:7] == "2A" else found[:13]
    number = number.replace("2B", "18", 1) if found[5:7] == "2B" else number
    return number.isdigit() and found[13:] == f"{97 - int(number) % 97:02}"


def _is_dni(found: str) -> bool:
    """A foreigner's begins with X, Y or Z, which count as 0, 1 and 2."""
    number = found[:-1].replace("X", "0").replace("Y", "1").replace("Z", "2")
    return found[-1] == _DNI_LETTERS[int(number) % 23]


def _is_codice_fiscale(found: str) -> bool:
    total = 0
    for place, one in enumerate(found[:15]):
        value = int(one) if one.isdigit() else ord(one) - ord("A")
        total += _ODD_LETTERS[value] if place % 2 == 0 else value
    return found[15] == chr(ord("A") + total % 26)


def _is_bsn(digits: str) -> bool:
    return weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0 and any(map(int, digits))


def _is_belgian(digits: str) -> bool:
    """From 2000 on, a 2 is put before the number for the check."""
    number, check = digits[:9], int(digits[9:])
    is_born = is_day(digits[2:4], digits[4:6])
    return is_born and check in {97 - int(number) % 97, 97 - int(f"2{number}") % 97}


def _is_pesel(digits: str) -> bool:
    """The month tells the century: 20 is added for 2000, 80 for 1800."""
    right = (10 - weighted(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10) % 10 == int(digits[10])
    return right and is_day(f"{int(digits[2:4]) % 20}", digits[4:6])


def _is_swedish(digits: str) -> bool:
    """A number for people without a home in Sweden has 60 added to the day."""
    ten = digits[-10:]
    return is_day(ten[2:4], f"{int(ten[4:6]) % 60}") and luhn(ten)


def _is_danish(digits: str) -> bool:
    """No check digit has been kept to since 2007, so the day of birth is all there is."""
    return is_day(digits[2:4], digits[:2])


def _is_norwegian(digits: str) -> bool:
    first = eleven_minus(digits[:9], (3, 7, 6, 1, 8, 9, 4, 5, 2), digits[9])
    second = eleven_minus(digits[:10], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), digits[10])
    return first and second and is_day(digits[2:4], f"{int(digits[:2]) % 40}")


def _is_finnish(found: str) -> bool:
    """The sign of the century is a letter, or was a sign that is gone here."""
    number = f"{found[:6]}{found[-4:-1]}"
    is_born = is_day(found[2:4], found[:2])
    return is_born and found[-1] == _HETU_LETTERS[int(number) % 31]


def _is_swiss(digits: str) -> bool:
    return (10 - weighted(digits, (1, 3) * 6) % 10) % 10 == int(digits[12])


def _is_turkish(digits: str) -> bool:
    odd, even = sum(map(int, digits[:9:2])), sum(map(int, digits[1:8:2]))
    return (7 * odd - even) % 10 == int(digits[9]) and (
        sum(map(int, digits[:10])) % 10 == int(digits[10])
    )


EUROPEAN: Final = (
    national_id(
        "National Insurance number",
        f"{_NINO_LETTERS} [0-9]{{2}} [0-9]{{2}} [0-9]{{2}} [A-D]",
        _is_nino,
    ),
    national_id(
        "National Insurance number",
        f"(?i:{_NINO_LETTERS} ?[0-9]{{6}} ?[A-D])",  # as parts have names, too
        _is_nino,
        words="nino|ni|ni number|national insurance|national insurance number|insurance number",
    ),
    national_id(
        "Steuer-ID", r"[1-9][0-9](?P<gap> ?)[0-9]{3}(?P=gap)[0-9]{3}(?P=gap)[0-9]{3}", _is_steuer_id
    ),
    national_id(
        "NIR",
        r"[1278] ?[0-9]{2} ?(?:0[1-9]|1[0-2]|[2-4][0-9]) ?(?:2[AB]|[0-9]{2}) ?"
        r"[0-9]{3} ?[0-9]{3} ?[0-9]{2}",
        _is_nir,
    ),
    national_id("DNI", r"[0-9]{8}[ -]?[A-Z]", _is_dni),
    national_id("NIE", r"[XYZ][ -]?[0-9]{7}[ -]?[A-Z]", _is_dni),
    national_id(
        "codice fiscale",
        rf"(?i:[A-Z]{{6}}[0-9]{{2}}[A-EHLMPRST][0-9]{{2}}[A-Z][0-9]{{2}}[0-9{_DIGIT_LETTERS}][A-Z])",
        _is_codice_fiscale,
    ),
    national_id(
        "BSN",
        r"[0-9]{9}|[0-9]{4}[ .][0-9]{2}[ .][0-9]{3}",
        _is_bsn,
        words="bsn|burgerservicenummer|sofinummer|sofi",
    ),
    national_id(
        "rijksregisternummer",
        r"[0-9]{2}\.?[0-9]{2}\.?[0-9]{2}[- ]?[0-9]{3}\.?[0-9]{2}",
        _is_belgian,
    ),
    national_id("PESEL", r"[0-9]{11}", _is_pesel, words="pesel"),
    national_id("personnummer", r"(?:19|20)?[0-9]{6}[-+][0-9]{4}|(?:19|20)[0-9]{10}", _is_swedish),
    national_id("CPR-nummer", r"[0-3][0-9][01][0-9]{3}-[0-9]{4}", _is_danish),
    national_id("fødselsnummer", r"[0-9]{6} ?[0-9]{5}", _is_norwegian),
    national_id("henkilötunnus", r"[0-3][0-9][01][0-9]{3}[-+A-FU-Y][0-9]{3}[0-9A-Y]", _is_finnish),
    national_id("AHV-Nummer", r"756\.?[0-9]{4}\.?[0-9]{4}\.?[0-9]{2}", _is_swiss),
    national_id("T.C. kimlik", r"[1-9][0-9]{10}", _is_turkish, words="kimlik|tckn|tc|t.c"),
)
