"""Examples in a row, with what a split and a training need to know of them."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self, TypeVar

from sortyard.domain.errors import UnknownDimension
from sortyard.domain.examples import Example
from sortyard.domain.messages import Message

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """
    Labelled messages, with unique ids.

    `groups` names for each example what it must stay together with in a split; `times` has seconds
    since 1970, NaN where unknown. Both have one entry an example, or are None. `unlabelled` are
    messages that came with them and that nobody has labelled yet; nothing is ever judged on them.
    """

    examples: tuple[Example, ...]
    dimensions: tuple[str, ...]
    groups: tuple[str, ...] | None = None
    times: tuple[float, ...] | None = None
    unlabelled: tuple[Message, ...] = ()

    def __len__(self) -> int:
        return len(self.examples)

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(example.message.id for example in self.examples)

    @property
    def texts(self) -> tuple[str, ...]:
        """Subject and text of each message, as they came: not prepared."""
        return tuple(example.message.whole for example in self.examples)

    def labels(self, dimension: str) -> tuple[tuple[str, ...], ...]:
        """
        Return the label paths of each example; empty where no label holds, or nobody asked.

        `answered` tells the two apart. Raises UnknownDimension.
        """
        self._check(dimension)
        return tuple(example.labels.get(dimension, ()) for example in self.examples)

    def answered(self, dimension: str) -> tuple[int, ...]:
        """Return the places of the examples that this dimension was asked of."""
        self._check(dimension)
        return tuple(at for at, one in enumerate(self.examples) if dimension in one.labels)

    def select(self, places: Iterable[int]) -> Self:
        """Return the examples at these places, in this order; what is unlabelled stays."""
        chosen = [int(place) for place in places]
        return replace(
            self,
            examples=_at(self.examples, chosen),
            groups=None if self.groups is None else _at(self.groups, chosen),
            times=None if self.times is None else _at(self.times, chosen),
        )

    @property
    def content_hash(self) -> str:
        """SHA-256 over ids, texts and labels, in their order, and what is unlabelled."""
        digest = hashlib.sha256()
        for one in self.examples:
            message = one.message
            labels = {name: list(one.labels[name]) for name in sorted(one.labels)}
            row = [message.id, message.subject, message.text, labels]
            digest.update(json.dumps(row).encode() + b"\n")
        for spare in self.unlabelled:
            digest.update(json.dumps([spare.id, spare.subject, spare.text]).encode() + b"\n")
        return digest.hexdigest()

    def _check(self, dimension: str) -> None:
        if dimension not in self.dimensions:
            raise UnknownDimension(dimension, self.dimensions)


def _at(items: Sequence[_Item], places: Sequence[int]) -> tuple[_Item, ...]:
    return tuple(items[place] for place in places)
