"""When two names of a label mean the same: `Billing` and `billing`, `top-up` and `topup`."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import takewhile

# Endings of English words that do not make another label, longest first.
ENDINGS = ("ation", "ating", "ment", "ated", "ate", "ion", "ing", "ie", "er", "ed", "al", "y", "e")
SHORTEST_STEM = 4  # letters; a `rate` is not an `r`
SHORTEST_PLURAL = 4  # letters; `fees` is more than one `fee`
SHORTEST_MISSPELT = 5  # letters; a `card` is not a misspelt `cart`

_WORD_BOUNDARY = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[^\W\d_]+|\d+")


def words_of(name: str) -> tuple[str, ...]:
    """Take a name apart: `refund-status` and `refundStatus` have the same words."""
    parted = _WORD_BOUNDARY.sub(" ", unicodedata.normalize("NFKC", name))
    return tuple(_WORD.findall(parted.casefold()))


def stem(word: str) -> str:
    """Take an English ending off, so that `cancel`, `cancelled` and `cancellation` are one."""
    if len(word) >= SHORTEST_PLURAL and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            word = word.removesuffix(ending)
            break
    return word[:-1] if len(word) > SHORTEST_STEM and word[-1] == word[-2] else word


def are_alike(one: str, other: str) -> bool:
    """Tell whether two names differ only in case, separators, endings, word order or one letter."""
    first, second = words_of(one), words_of(other)
    if "".join(first) == "".join(second):
        return bool(first) or one.strip() == other.strip()
    if sorted(map(stem, first)) == sorted(map(stem, second)):
        return True
    changed = [pair for pair in zip(first, second, strict=False) if pair[0] != pair[1]]
    return len(first) == len(second) and len(changed) == 1 and _is_misspelt(*changed[0])


def alike_pairs(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Find all pairs of different names that are alike, in far less than all against all."""
    by_key: dict[str, list[str]] = {}
    known: dict[str, None] = dict.fromkeys(names)
    for name in known:
        for key in _keys(name):
            by_key.setdefault(key, []).append(name)
    rank = {name: at for at, name in enumerate(known)}
    candidates = {
        (first, second)
        for held in by_key.values()
        for at, first in enumerate(held)
        for second in held[at + 1 :]
    }
    for first, second in sorted(candidates, key=lambda pair: (rank[pair[0]], rank[pair[1]])):
        if are_alike(first, second):
            yield first, second


def _keys(name: str) -> set[str]:
    """Two names that are alike share a key."""
    words = words_of(name)
    keys = {"".join(words), " ".join(words), " ".join(sorted(map(stem, words)))}
    for place, word in enumerate(words):
        if len(word) >= SHORTEST_MISSPELT and word.isalpha():
            for at in range(len(word)):
                without_one = word[:at] + word[at + 1 :]
                keys.add(" ".join([*words[:place], without_one, *words[place + 1 :]]))
    return keys


def _is_misspelt(one: str, other: str) -> bool:
    """Tell whether one letter was added, left out, replaced or swapped with its neighbour."""
    short, long = sorted((one, other), key=len)
    if len(short) < SHORTEST_MISSPELT or not (one + other).isalpha():
        return False
    pairs = zip(short, long, strict=False)
    start = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    if len(long) != len(short):
        return short[start:] == long[start + 1 :]
    swapped = short[:start] + short[start : start + 2][::-1] + short[start + 2 :]
    return short[start + 1 :] == long[start + 1 :] or swapped == long
