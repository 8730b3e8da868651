"""What of a test was seen in training: the same text, nearly the same, or the same group."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sortyard.data.forms import plain_form
from sortyard.data.health.finding import HealthFinding, percent
from sortyard.data.profiles import words_of
from sortyard.data.taxonomy_finding import Severity
from sortyard.domain.messages import Message

NAMES: Final = frozenset({"split", "splits", "part", "partition", "fold", "subset"})
TRAINING: Final = frozenset({"train", "training", "learn", "trainset"})
MOST_PARTS: Final = 20
SERIOUS: Final = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """How many of the rows of one part have a twin, or a group, in what is trained on."""

    part: str
    rows: int
    exact: int
    near: int  # not counting the exact ones
    grouped: int | None  # None where nothing names groups

    @property
    def share(self) -> float:
        """The part of the rows whose text was seen."""
        return (self.exact + self.near) / max(self.rows, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leakage:
    """The leaks of every part against the one that is trained on."""

    source: str  # a column, or a file
    training: str
    training_rows: int
    leaks: tuple[Leak, ...]

    def findings(self) -> Iterator[HealthFinding]:
        """Say which tests are too easy."""
        for one in self.leaks:
            if one.exact + one.near:
                yield HealthFinding(
                    code="split-leak",
                    severity=Severity.ERROR if one.share > SERIOUS else Severity.WARNING,
                    problem=f"{one.exact + one.near:,} of {one.rows:,} rows of {one.part!r} "
                    f"({percent(one.share)}) are also in {self.training!r}, {one.exact:,} of them "
                    "to the letter.",
                    remedy="Take them out of the training part; what is measured on them is "
                    "memory.",
                )
            if one.grouped:
                yield HealthFinding(
                    code="group-leak",
                    severity=Severity.ERROR,
                    problem=f"{one.grouped:,} of {one.rows:,} rows of {one.part!r} belong to a "
                    f"group of which {self.training!r} has rows as well.",
                    remedy="Split by whole groups: `sortyard train --group COLUMN` does.",
                )


def split_column(messages: Sequence[Message], columns: Sequence[str]) -> str | None:
    """Find the one column that says which part of a split a row belongs to."""
    named = [one for one in columns if NAMES & set(words_of(one))]
    found = [one for one in named if _is_split(messages, one)]
    return found[0] if len(found) == 1 else None


def _is_split(messages: Sequence[Message], column: str) -> bool:
    values = {str(message.metadata.get(column, "")) for message in messages}
    return 1 < len(values) <= MOST_PARTS


def parts_of(messages: Sequence[Message], column: str) -> tuple[str, ...]:
    """Name the part of every row."""
    return tuple(str(message.metadata.get(column, "")) for message in messages)


def leakage(
    source: str,
    parts: Sequence[str],
    texts: Sequence[str],
    duplicates: NDArray[np.integer],
    groups: Sequence[str] | None,
) -> Leakage:
    """Hold every part against the one that is trained on: named so, or else the largest."""
    sizes = Counter(parts)
    training = _training(sizes)
    inside = [at for at, part in enumerate(parts) if part == training]
    seen = set(np.asarray(duplicates)[inside].tolist())
    twins = [at for at, part in enumerate(parts) if part != training and duplicates[at] in seen]
    wanted = {int(duplicates[at]) for at in twins}
    forms = {plain_form(texts[at]) for at in inside if duplicates[at] in wanted}
    exact = Counter(parts[at] for at in twins if plain_form(texts[at]) in forms)
    every = Counter(parts[at] for at in twins)
    known = None if groups is None else {groups[at] for at in inside}
    grouped = Counter(
        part
        for at, part in enumerate(parts)
        if groups is not None and known is not None and part != training and groups[at] in known
    )
    return Leakage(
        source=source,
        training=training,
        training_rows=sizes[training],
        leaks=tuple(
            Leak(
                part=part,
                rows=rows,
                exact=exact[part],
                near=every[part] - exact[part],
                grouped=None if groups is None else grouped[part],
            )
            for part, rows in sizes.most_common()
            if part != training
        ),
    )


def _training(sizes: Mapping[str, int]) -> str:
    named = [part for part in sizes if TRAINING & set(words_of(part))]
    return max(named or sizes, key=lambda part: (sizes[part], part))
