"""How much personal data is in the messages; what it is, nobody is told."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sortyard.data.health.finding import HealthFinding, rows
from sortyard.data.taxonomy_finding import Severity
from sortyard.domain.ports import Advance
from sortyard.text.personal.entities import Entity
from sortyard.text.personal.finding import find

MOST_READ: Final = 20_000  # rows, spread over the archive
LONGEST: Final = 20_000  # characters of one row
STEP: Final = 500
_DELICATE: Final = frozenset({Entity.CARD, Entity.IBAN, Entity.NATIONAL_ID})


@dataclass(frozen=True, slots=True)
class EntityCount:
    """How often one kind was found, and in how many messages."""

    entity: Entity
    found: int
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """What was found in the `read` messages of the archive, the most frequent kind first."""

    read: int
    touched: int
    entities: tuple[EntityCount, ...]

    def findings(self) -> Iterator[HealthFinding]:
        """Say what kinds there are."""
        if not self.entities:
            return
        delicate = any(one.entity in _DELICATE for one in self.entities)
        kinds = ", ".join(f"{one.found:,} {_words(one.entity)}" for one in self.entities)
        yield HealthFinding(
            code="personal-data",
            severity=Severity.WARNING if delicate else Severity.NOTE,
            problem=f"{rows(self.touched)} of {self.read:,} that were looked through hold personal "
            f"data: {kinds}.",
            remedy="`model_personal` and `stored_personal` in sortyard.toml say what becomes of "
            "it; `sortyard redact` tries that on a file.",
        )


def personal_data(texts: Sequence[str], *, advance: Advance) -> PersonalData:
    """Look messages through, spread over the archive where there are many."""
    read = spread(texts, MOST_READ)
    found: Counter[Entity] = Counter()
    held: Counter[Entity] = Counter()
    touched = 0
    for at, text in enumerate(read, start=1):
        entities = [span.entity for span in find(text[:LONGEST])]
        found.update(entities)
        held.update(set(entities))
        touched += bool(entities)
        if at % STEP == 0:
            advance(STEP)
    return PersonalData(
        read=len(read),
        touched=touched,
        entities=tuple(EntityCount(one, count, held[one]) for one, count in found.most_common()),
    )


def spread(texts: Sequence[str], most: int) -> Sequence[str]:
    """Take no more than so many, evenly spread."""
    if len(texts) <= most:
        return texts
    return [texts[at * len(texts) // most] for at in range(most)]


def _words(entity: Entity) -> str:
    return entity.value.replace("_", " ")
