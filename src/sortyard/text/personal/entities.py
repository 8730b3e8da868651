"""The kinds of personal data that are told apart, and what stands in a text in their place."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Entity(StrEnum):
    """One kind of personal data, by the name that it has in settings."""

    EMAIL = "email"
    PHONE = "phone"
    CARD = "card"
    IBAN = "iban"
    NATIONAL_ID = "national_id"
    IP = "ip"
    URL = "url"
    POSTAL_ADDRESS = "postal_address"
    NAME = "name"
    PLACE = "place"

    @property
    def placeholder(self) -> str:
        """What stands in its place, as `<EMAIL>`."""
        return f"<{self.name}>"

    @property
    def needs_a_model(self) -> bool:
        """Whether only a model of language finds it, and no pattern."""
        return self in {Entity.NAME, Entity.PLACE}


PATTERNED: Final = tuple(entity for entity in Entity if not entity.needs_a_model)

# A placeholder, also one with the token of a hashed value in it.
PLACEHOLDER: Final = re.compile(f"<(?:{'|'.join(e.name for e in Entity)})(?::[0-9a-f]{{12}})?>")


def shielded(html: str) -> str:
    """Write the placeholders in HTML such that no parser takes them for tags."""
    return PLACEHOLDER.sub(lambda one: f"&lt;{one[0][1:-1]}&gt;", html)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Where in a text something personal stands: from `start` up to `end`, not including it."""

    start: int
    end: int
    entity: Entity
