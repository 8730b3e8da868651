"""What a workspace wants done with each kind of personal data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Self

from sortyard.domain.errors import InvalidSettings, did_you_mean
from sortyard.text.personal.entities import Entity


class Treatment(StrEnum):
    """What becomes of something personal."""

    REDACT = "redact"  # a placeholder stands in its place
    DROP = "drop"  # nothing does
    HASH = "hash"  # a placeholder with a token, the same wherever the same value stands
    KEEP = "keep"  # it stays


_NOTHING_ELSE: Final[Mapping[Entity, Treatment]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Policy:
    """
    A treatment for every kind: the usual one, or the one that was named for it.

    What only a model of language can find is kept unless it was named, so that no workspace needs
    such a model unasked.
    """

    usual: Treatment = Treatment.REDACT
    named: Mapping[Entity, Treatment] = field(default_factory=lambda: _NOTHING_ELSE)

    @classmethod
    def of(cls, words: Iterable[str], source: str) -> Self:
        """
        Read a policy as it stands in settings: `redact`, or `keep` and `card=hash`.

        One without an equals sign is for every kind that has none of its own; without any, it is
        `redact`. Raises `InvalidSettings` with every problem at once.
        """
        usual: list[Treatment] = []
        named: dict[Entity, Treatment] = {}
        problems: list[str] = []
        for word in words:
            name, equals, wanted = (part.strip() for part in word.partition("="))
            try:
                if equals:
                    named[Entity(name)] = Treatment(wanted)
                else:
                    usual.append(Treatment(name))
            except ValueError:
                problems.append(_problem(name, wanted if equals else None))
        if len(usual) > 1:
            problems.append(f"{' and '.join(map(repr, usual))} are both for every kind")
        if problems:
            raise InvalidSettings(source, problems)
        return cls(usual[0] if usual else Treatment.REDACT, MappingProxyType(named))

    def treatment(self, entity: Entity) -> Treatment:
        """Tell what to do with one kind."""
        usual = Treatment.KEEP if entity.needs_a_model else self.usual
        return self.named.get(entity, usual)

    def those(self, treatment: Treatment) -> tuple[Entity, ...]:
        """Give the kinds that are treated like this."""
        return tuple(entity for entity in Entity if self.treatment(entity) is treatment)

    @property
    def hashes(self) -> bool:
        """Whether a key is needed."""
        return bool(self.those(Treatment.HASH))

    @property
    def needs_a_model(self) -> bool:
        """Whether something is to be found that no pattern finds."""
        found = (entity for entity in Entity if entity.needs_a_model)
        return any(self.treatment(entity) is not Treatment.KEEP for entity in found)


def _problem(name: str, wanted: str | None) -> str:
    """Say what is wrong with one word of a policy."""
    treatments, entities = [one.value for one in Treatment], [one.value for one in Entity]
    if wanted is None:
        hint = did_you_mean([name], treatments)
        return f"{name!r} is none of {', '.join(treatments)}. {hint}".strip(" .")
    if name not in entities:
        hint = did_you_mean([name], entities)
        return (
            f"{name!r} is no kind of personal data; there is {', '.join(entities)}. {hint}".strip(
                " ."
            )
        )
    return f"{name!r} can be {', '.join(treatments)}, not {wanted!r}"
