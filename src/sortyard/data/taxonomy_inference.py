"""Draw up a first taxonomy from the labels that an archive already uses."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from heapq import nsmallest
from zlib import crc32

from sortyard.data.forms import normal_form
from sortyard.domain.taxonomy import SEPARATOR, Dimension, Kind, Label, Taxonomy

EXAMPLES = 5  # texts a label, as many as the protocol asks for
FEWEST_WORDS, MOST_WORDS = 3, 40  # an example is short enough to read and long enough to tell
TEXTS_READ = 1_000  # of each label; more do not change what is typical

_DIGITS = re.compile(r"(\d+)")


def infer_taxonomy(
    labels_by_dimension: Mapping[str, Sequence[tuple[str, ...]]],
    kinds: Mapping[str, Kind],
    *,
    texts: Sequence[str] | None = None,
) -> Taxonomy:
    """
    Make a tree of every path that the rows use, in an order that the rows' order cannot change.

    `texts`, one a row, give each label up to five typical examples; mind that these are the words
    of real people, and that a taxonomy is a file that gets passed around.
    """
    return Taxonomy(
        dimensions=tuple(
            Dimension(
                name=name,
                kind=kinds.get(name, Kind.SINGLE),
                labels=_tree(
                    {path for held in rows for path in held},
                    {} if texts is None else _examples(rows, texts),
                ),
            )
            for name, rows in labels_by_dimension.items()
        )
    )


def _tree(
    paths: set[str], examples: Mapping[str, tuple[str, ...]], above: str = ""
) -> tuple[Label, ...]:
    below: dict[str, set[str]] = {}
    for path in paths:
        name, _, rest = path.partition(SEPARATOR)
        below.setdefault(name, set())
        if rest:
            below[name].add(rest)
    return tuple(
        Label(
            name=name,
            examples=examples.get(above + name, ()),
            children=_tree(below[name], examples, f"{above}{name}{SEPARATOR}"),
        )
        for name in sorted(below, key=_as_people_sort)
    )


def _as_people_sort(name: str) -> tuple[list[tuple[int, str]], str]:
    """Put 2 before 10, and `a` beside `A`."""
    pieces = _DIGITS.split(name.casefold())
    return [(int(piece), "") if piece.isdecimal() else (-1, piece) for piece in pieces], name


def _examples(rows: Sequence[tuple[str, ...]], texts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    by_path: dict[str, dict[str, str]] = {}
    for held, text in zip(rows, texts, strict=True):
        for path in held:
            known, form = by_path.setdefault(path, {}), normal_form(text)
            known[form] = min(known.get(form, text), text)
    return {path: _typical(known) for path, known in by_path.items()}


def _typical(texts: Mapping[str, str]) -> tuple[str, ...]:
    """Choose texts whose words the most other texts share, each text adding words of its own."""
    sample = nsmallest(
        TEXTS_READ, texts, key=lambda form: (crc32(form.encode(errors="replace")), form)
    )
    words = {form: set(form.split()) for form in sample}
    common = Counter(word for held in words.values() for word in held)
    left = {form for form in sample if FEWEST_WORDS <= len(words[form]) <= MOST_WORDS}
    chosen: list[str] = []
    while left and len(chosen) < EXAMPLES:
        _, best = max(
            (sum(common[word] for word in words[form]) / (len(words[form]) + FEWEST_WORDS), form)
            for form in left
        )
        chosen.append(" ".join(texts[best].split()))
        left.remove(best)
        for word in words[best]:
            common[word] //= 2
    return tuple(chosen)
