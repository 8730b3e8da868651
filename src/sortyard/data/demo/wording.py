"""The same words as different people write them: voices, places, typing errors."""

import re
from collections.abc import Mapping, Sequence

from sortyard.data.demo.dice import Dice
from sortyard.data.demo.personas import Persona, Voice
from sortyard.data.demo.phrasebook import Phrasebook

SYNONYM = 0.3
SPOTLESS = 0.55  # messages without any typing error
NEIGHBOURS = {
    "a": "s", "b": "v", "c": "x", "d": "f", "e": "r", "f": "g", "g": "h", "h": "j", "i": "o",
    "k": "l", "l": "k", "m": "n", "n": "b", "o": "p", "p": "o", "r": "t", "s": "d", "t": "y",
    "u": "i", "v": "b", "w": "e", "y": "t",
}  # fmt: skip
WORD = re.compile(r"(?<![\w@.])[^\W\d_]{4,}(?![\w@]|\.\w)")  # no part of an address
FOREIGN_SHARE = 0.06
FOREIGN_HABITS = ((r"\b(?:the|a|an) ", 0.35), (r"\b(?:have|has) (?=\w+ed\b)", 0.5))


def in_own_words(text: str, who: Persona, book: Phrasebook) -> str:
    """Write a text as this person would."""
    text = _synonyms(text, book.habits["synonyms"], who.dice)
    if who.region == "us":
        text = _replace_words(text, book.habits["us"], who.dice, 1.0)
    if who.voice is Voice.FORMAL:
        text = _replace_words(text, book.habits["contractions"], who.dice, 0.85)
    if who.voice is Voice.CASUAL:
        text = _casually(text, book, who.dice)
    if who.dice.chance(FOREIGN_SHARE):
        for habit, share in FOREIGN_HABITS:
            text = _drop_some(habit, share, text, who.dice)
    return text


def _drop_some(habit: str, share: float, text: str, dice: Dice) -> str:
    return re.sub(habit, lambda match: "" if dice.chance(share) else match[0], text)


def with_typos(text: str, dice: Dice) -> str:
    """Mistype a word here and there; numbers and addresses are spared."""
    if dice.chance(SPOTLESS):
        return text
    rate = 0.06 if dice.chance(0.2) else 0.015
    return WORD.sub(lambda word: _mistype(word[0], dice) if dice.chance(rate) else word[0], text)


def mangle(text: str) -> str:
    """Read UTF-8 as if it were Windows-1252, as a careless export does."""
    return "".join(_as_windows(byte) for byte in text.encode())


def _as_windows(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


def _mistype(word: str, dice: Dice) -> str:
    at = dice.between(1, len(word) - 2)
    before, one, after = word[:at], word[at], word[at + 1 :]
    return dice.pick(
        (
            before + after,
            before + one + one + after,
            before + after[:1] + one + after[1:],
            before + NEIGHBOURS.get(one, one) + after,
        )
    )


def _synonyms(text: str, words: Mapping[str, Sequence[str]], dice: Dice) -> str:
    for word, others in words.items():
        if word in text and dice.chance(SYNONYM):
            text = re.sub(rf"\b{word}\b", dice.pick(others), text)
    return text


def _replace_words(text: str, words: Mapping[str, str], dice: Dice, share: float) -> str:
    for word, other in words.items():
        if word in text and dice.chance(share):
            text = re.sub(rf"(?<![\w'@.]){word}(?![\w'@])", other, text)
    return text


def _casually(text: str, book: Phrasebook, dice: Dice) -> str:
    """Short forms, small letters, few stops."""
    text = _replace_words(text, book.habits["abbreviations"], dice, 0.3)
    if dice.chance(0.45):
        text = re.sub(r"(?<=[a-z])'(?=[a-z])", "", text)
    if dice.chance(0.7):
        text = re.sub(r"\b[A-Z](?=[a-z' ])", lambda match: match[0].lower(), text)
    if dice.chance(0.4):
        text = re.sub(r"[.!]( |$)", lambda match: dice.pick((" ", ", ")) if match[1] else "", text)
    if dice.chance(0.1):
        text = text.upper()
    return text.strip()
