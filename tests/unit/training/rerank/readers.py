"""Messages whose labels only their cards tell, and a workshop for those who read them."""

from dataclasses import dataclass, field

import numpy as np

from sortyard.domain.taxonomy import Dimension, Kind, Label, Taxonomy
from sortyard.models.reranker import PairScorer
from sortyard.training.tuning.cross_options import Cross
from sortyard.training.tuning.lists import Lists
from tests.contracts.fakes import OverlapScorer
from tests.unit.training.archives import HashWorkshop, Row

CROSS = Cross(most=3, lists=50, judged=400, easy=0.2, epochs=1, rate=1e-3, frozen_layers=0)
LABELS, WORDS = 6, 60


@dataclass(frozen=True, slots=True)
class ReadingWorkshop(HashWorkshop):
    """A workshop whose cross-encoder counts words, and that keeps what it was to learn from."""

    lists: dict[int | None, Lists] = field(default_factory=dict)
    scorer: PairScorer = field(default_factory=OverlapScorer)

    def cross_encoder(
        self,
        lists: Lists,
        _options: Cross,
        *,
        precision: str,
        seed: int,
        progress: object,
        fold: int | None = None,
    ) -> PairScorer:
        assert precision
        assert seed
        assert progress is not None
        self.lists[fold] = lists
        return self.scorer


def word_of(kind: int, number: int) -> str:
    """Make up a word; digits would count as alike where near-duplicates are looked for."""
    return (
        "".join(chr(97 + (number + kind * 31) // 26**place % 26) for place in range(3))
        + "xyzuvwk"[kind]
    )


def taxonomy_of_words() -> Taxonomy:
    """Labels defined by many words each, of which a message has one: a case for reading cards."""
    labels = tuple(
        Label(name=f"l{label}", definition=" ".join(word_of(label, word) for word in range(WORDS)))
        for label in range(LABELS)
    )
    flags = Dimension(name="flags", kind=Kind.MULTI, labels=(Label(name="hot"), Label(name="old")))
    return Taxonomy(dimensions=(Dimension(name="team", labels=labels), flags))


def rows_of_words(rng: np.random.Generator) -> list[Row]:
    rows = []
    for row in range(LABELS * WORDS):
        label = row % LABELS
        noise = [word_of(LABELS, int(rng.integers(400))) for _ in range(8)]
        said = [*noise, word_of(label, row // LABELS)]
        flags = ("hot",) if row % 7 == 0 else ()
        rows.append((" ".join(rng.permutation(said)), {"team": (f"l{label}",), "flags": flags}))
    return rows
