"""The link of the preparation chain that takes personal data out of what the models read."""

from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import ClassVar, Final, Self

from sortyard.domain.errors import InvalidSettings
from sortyard.text.personal.entities import PATTERNED, Entity
from sortyard.text.personal.policy import Policy, Treatment
from sortyard.text.personal.redaction import Redactor

_KNOWN: Final = {entity.value for entity in PATTERNED}


@dataclass(frozen=True, slots=True)
class PersonalData:
    """
    Puts placeholders where a text has personal data, or drops it.

    `redact` and `drop` name kinds, with blanks between; any other kind stays. A hash has no place
    here, as its key would lie in the release, nor has what takes a model of language, as the
    release would answer differently where that model is another one.
    """

    redact: str = field(default=" ".join(PATTERNED))
    drop: str = ""

    name: ClassVar[str] = "personal"
    version: ClassVar[int] = 1

    @classmethod
    def of(cls, policy: Policy, source: str) -> Self:
        """Do what a policy says. Raises `InvalidSettings` for what has no place in a release."""
        problems = []
        if policy.hashes:
            hashed = ", ".join(policy.those(Treatment.HASH))
            problems.append(
                f"{hashed}: `hash` has no place in what the models read, as the key would lie in "
                "the release; `redact`, `drop` and `keep` have"
            )
        if policy.needs_a_model:
            problems.append(
                "name and place: a release cannot rest on a model of language outside it; leave "
                "them out here, and name them for the texts that are stored"
            )
        if problems:
            raise InvalidSettings(source, problems)
        return cls(
            redact=" ".join(policy.those(Treatment.REDACT)),
            drop=" ".join(policy.those(Treatment.DROP)),
        )

    @property
    def is_idle(self) -> bool:
        """Whether every kind stays."""
        return not (self.redact or self.drop)

    def problems(self) -> tuple[str, ...]:
        """Every name that is no kind, and every kind that is named twice."""
        problems = [
            f"personal: {option} is a list of kinds with blanks between, not {value!r}"
            for option, value in (("redact", self.redact), ("drop", self.drop))
            if not isinstance(value, str)
        ]
        if problems:
            return tuple(problems)
        named = [*self.redact.split(), *self.drop.split()]
        problems += [f"personal: {name!r} is no kind" for name in named if name not in _KNOWN]
        twice = sorted({name for name in named if named.count(name) > 1})
        return (*problems, *(f"personal: {name!r} is named twice" for name in twice))

    def __call__(self, text: str) -> str:
        return _redactor(self.redact, self.drop)(text)


EVERYTHING: Final = PersonalData()


@cache
def _redactor(redact: str, drop: str) -> Redactor:
    """Read the options once."""
    named = {Entity(name): Treatment.REDACT for name in redact.split()}
    named |= {Entity(name): Treatment.DROP for name in drop.split()}
    return Redactor(Policy(Treatment.KEEP, MappingProxyType(named)))
