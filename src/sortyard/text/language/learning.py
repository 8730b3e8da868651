"""Which languages an archive is in, and by which words they are known again."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sortyard.text.language.detector import Detector
from sortyard.text.language.gate import SURE, LanguageGate
from sortyard.text.language.words import words_of

MOST_READ: Final = 3_000  # rows, spread over the archive
FEWEST_ROWS: Final = 20  # to answer in a language; of fewer rows, half of them
LEAST_SHARE: Final = 0.01
MOST_WORDS: Final = 10_000
SEEN_IN: Final = 2  # rows; a word of a single one may be a name
_FEWEST_WORDS: Final = 3  # of a row that tells its language


@dataclass(frozen=True, slots=True)
class Learnt:
    """The gate, and how the rows that tell their language are divided among languages."""

    gate: LanguageGate
    shares: Mapping[str, float]


def learn_languages(
    texts: Sequence[str], detector: Detector, *, named: Sequence[str] = ()
) -> Learnt:
    """
    Learn from prepared texts; languages that were `named` are taken as they are.

    A language counts where enough rows are in it to have learnt from.
    """
    found = _languages(texts, detector)
    total = found.total()
    shares = {code: rows / total for code, rows in found.most_common()}
    languages = tuple(named) or _with_enough_rows(found)
    gate = LanguageGate(languages, _words(texts), detector) if languages else LanguageGate()
    return Learnt(gate, shares)


def _languages(texts: Sequence[str], detector: Detector) -> Counter[str]:
    """Count the languages of the rows that tell them."""
    found: Counter[str] = Counter()
    for text in texts[:: max(1, len(texts) // MOST_READ)]:
        words = words_of(text)
        if len(words) >= _FEWEST_WORDS:
            chances = detector.chances(" ".join(words))
            best = max(chances, key=lambda code: chances[code], default=None)
            if best is not None and chances[best] >= 0.5 + SURE / 2:  # then it leads by as much
                found[best] += 1
    return found


def _with_enough_rows(found: Counter[str]) -> tuple[str, ...]:
    total = found.total()
    needed = max(min(FEWEST_ROWS, total / 2), LEAST_SHARE * total)
    return tuple(code for code, rows in found.most_common() if rows >= needed)


def _words(texts: Iterable[str]) -> frozenset[str]:
    """Collect the words of several rows, the most frequent ones."""
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update(set(words_of(text)))
    ranked = sorted((-rows, word) for word, rows in seen.items() if rows >= SEEN_IN)
    return frozenset(word for _, word in ranked[:MOST_WORDS])
