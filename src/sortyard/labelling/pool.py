"""Messages that nobody has labelled, read in batches, and what was labelled before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.examples import Example
from sortyard.domain.messages import Message
from sortyard.text.fingerprint import fingerprint
from sortyard.text.preparation import Preparation

BATCH = 1_024
KEY = b""  # nothing of it is kept


@dataclass(frozen=True, slots=True)
class Pool:
    """
    Messages without labels, and the examples that there are already.

    What was labelled is not asked again, be it as another row or with other capitals and marks;
    only a doubt brings it up.
    """

    messages: Sequence[Message]
    labelled: Sequence[Example] = ()

    def counts(self, dimension: str, labels: Sequence[str]) -> NDArray[np.intp]:
        """Count the examples of every label, (labels,)."""
        column = {label: place for place, label in enumerate(labels)}
        found = [
            column[path]
            for one in self.labelled
            for path in one.labels.get(dimension, ())
            if path in column
        ]
        return np.bincount(np.array(found, dtype=np.intp), minlength=len(labels)).astype(np.intp)


@dataclass(frozen=True, slots=True)
class Fresh:
    """Places of a pool whose texts were not seen before."""

    places: NDArray[np.intp]
    texts: Sequence[str]


@dataclass(slots=True)
class Reading:
    """The prepared texts of a pool, batch by batch, and which of them were there before."""

    pool: Pool
    preparation: Preparation
    seen: set[int] = field(init=False)

    def __post_init__(self) -> None:
        self.seen = {
            fingerprint(self.preparation.prepare(one.message), KEY) for one in self.pool.labelled
        }

    def batches(self) -> Iterator[tuple[NDArray[np.intp], Sequence[str]]]:
        for places in batches_of(np.arange(len(self.pool.messages))):
            yield places, self.texts(places)

    def texts(self, places: NDArray[np.intp]) -> list[str]:
        return [self.preparation.prepare(self.pool.messages[place]) for place in places]

    def fresh(self, places: NDArray[np.intp], texts: Sequence[str]) -> Fresh:
        """Leave out texts of nothing, and those that were seen before, but for case and marks."""
        kept = []
        for at, text in enumerate(texts):
            mark = fingerprint(text, KEY)
            if text and mark not in self.seen:
                self.seen.add(mark)
                kept.append(at)
        return Fresh(places[kept], [texts[at] for at in kept])


def batches_of(places: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    """Cut places into pieces that are read at once."""
    for start in range(0, len(places), BATCH):
        yield places[start : start + BATCH]
