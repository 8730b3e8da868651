"""Sums that numbers carry to show a slip of the pen; each takes digits, and says if it adds up."""

from collections.abc import Iterable, Sequence
from typing import Final

# The group of the dihedral of a pentagon, and a permutation of digits (Verhoeff 1969).
_MULTIPLIED: Final = (
    "0123456789",
    "1234067895",
    "2340178956",
    "3401289567",
    "4012395678",
    "5987604321",
    "6598710432",
    "7659821043",
    "8765932104",
    "9876543210",
)
_PERMUTED: Final = (
    "0123456789",
    "1576283094",
    "5803796142",
    "8916043527",
    "9453126870",
    "4286573901",
    "2793806415",
    "7046913258",
)


def digits_of(text: str) -> str:
    """Give the ASCII digits of a text, and nothing else of it."""
    return "".join(one for one in text if one in "0123456789")


def luhn(digits: str) -> bool:
    """Check the sum of cards and of many national ids (ISO/IEC 7812-1)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def verhoeff(digits: str) -> bool:
    """Check the sum of Verhoeff, which notices every swap of neighbours."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        total = int(_MULTIPLIED[total][int(_PERMUTED[place % 8][int(digit)])])
    return total == 0


def mod_11_10(digits: str) -> bool:
    """Check the hybrid sum of ISO 7064, MOD 11,10."""
    product = 10
    for digit in digits[:-1]:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(digits[-1])


def mod_97(letters_and_digits: str) -> bool:
    """Check the sum of IBANs (ISO 7064, MOD 97-10); letters count from 10 up."""
    number = "".join(str(int(one, 36)) for one in letters_and_digits)
    return int(number) % 97 == 1


def weighted(digits: str, weights: Iterable[int]) -> int:
    """Sum digits up, each times its weight."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def eleven_minus(digits: str, weights: Sequence[int], check: str) -> bool:
    """Check a digit that is 11 less the weighted rest, or 0 where nothing is left."""
    rest = (11 - weighted(digits, weights) % 11) % 11
    return str(rest) == check
