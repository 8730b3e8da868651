"""Look a text through for personal data."""

import re
from collections.abc import Callable, Collection, Sequence
from typing import Final

from sortyard.text.personal.entities import PLACEHOLDER, Entity, Span
from sortyard.text.personal.finder import FILLER, Finder
from sortyard.text.personal.registry import FINDERS

_ROUNDS: Final = 3  # of one thing that hides another; nobody writes two


def find(
    text: str,
    *,
    kept: Collection[Entity] = (),
    finders: Sequence[Finder] = FINDERS,
    filtered: bool = True,
) -> tuple[Span, ...]:
    """
    Find everything that a pattern can find, in the order of the text, none over another.

    What is of a kind in `kept` is left out of the answer, and is not taken for anything else; but
    an address of the web may hold what is of another kind. Placeholders are passed over. Without
    `filtered` no finder's pre-filter is asked, which changes nothing but the time that it takes.
    """
    blotted = PLACEHOLDER.sub(_blot, text) if "<" in text else text
    found: list[Span] = []
    for _ in range(_ROUNDS):
        before = len(found)
        asked: dict[Callable[[str], bool], bool] = {}  # several finders share a filter
        for finder in finders:
            if finder.entity is Entity.URL and Entity.URL in kept:
                continue
            ask = finder.may_find
            if ask not in asked:
                asked[ask] = not filtered or ask(blotted)
            if not asked[ask]:
                continue
            spans = [Span(start, end, finder.entity) for start, end in finder.spans(blotted)]
            if spans:
                found += spans
                blotted = blotted_out(blotted, spans)
        if len(found) == before:  # else what was cut off may show the next thing
            break
    return tuple(sorted(span for span in found if span.entity not in kept))


def blotted_out(text: str, spans: Sequence[Span]) -> str:
    """Put filler over what was found, so that the rest stays in its place."""
    parts, start = [], 0
    for span in spans:
        parts += [text[start : span.start], FILLER * (span.end - span.start)]
        start = span.end
    return "".join((*parts, text[start:]))


def _blot(placeholder: re.Match[str]) -> str:
    return FILLER * len(placeholder[0])
