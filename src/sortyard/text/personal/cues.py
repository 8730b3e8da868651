"""Words beside a number that say what it is: `phone: 467 3395`, `467 3395 (office)`."""

import re
from collections.abc import Callable
from typing import Final, TypeAlias

from sortyard.text.personal.finder import FILLER

NEARBY: Final = 60  # characters, in which the word and what joins it to the number stand

# What may stand between the word and the number: `phone number is`, `call me on my new`.
_JOINING: Final = (
    "a|am|an|are|at|auf|back|bei|by|chez|com|de|del|der|die|directly|du|een|el|em|en|es|est|for|from"
    "|her|here|him|his|home|ist|is|la|las|le|les|lo|lost|me|mein|meine|meinem|meiner|mi|mobile|mon"
    "|mijn|min|minha|mit|mio|ma|my|new|no|nr|núm|num|número|numero|numéro|number|numbers|nummer|o"
    "|office|old|on|or|os|our|over|par|per|personal|por|private|registered|su|sur|the|their|them"
    "|this|to|um|unter|us|using|via|von|was|with|work|your|é|è|är|er|on"
)
_GLUE: Final = rf"[^\w{FILLER}]{{1,4}}(?:(?:{_JOINING})[^\w{FILLER}]{{1,4}}){{0,5}}"

Cue: TypeAlias = Callable[[str, int], bool]


def cue(words: str) -> Cue:
    """Make a test: whether one of the words, divided by `|`, leads up to a place in a text."""
    leading = re.compile(rf"(?i)(?<!\w)(?:{words})(?:{_GLUE})\Z")
    return lambda text, place: leading.search(text[max(0, place - NEARBY) : place]) is not None


def cue_after(words: str) -> Cue:
    """Make a test: whether one of the words follows right after a place in a text."""
    following = re.compile(rf"(?i)[^\w{FILLER}]{{0,3}}(?:{words})(?!\w)")
    return lambda text, place: following.match(text[place : place + NEARBY]) is not None
