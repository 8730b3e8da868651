"""What a message of the demo archive is, and the mistakes that the archive makes about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sortyard.data.demo.dice import Dice
from sortyard.data.demo.phrasebook import FLAGS, URGENCIES, Phrasebook

WRONG_TEAM = 0.025
WRONG_SIBLING = 0.75  # of the wrong teams: the right team, the wrong part of it
WRONG_URGENCY = 0.03
WRONG_FLAGS = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoMessage:
    """
    A row of the archive.

    `team`, `urgency` and `flags` are what the archive says; `right` holds what it should say, for
    the dimensions where somebody was mistaken.
    """

    id: str
    received_at: datetime
    channel: str
    subject: str
    body: str
    team: str
    urgency: str
    flags: tuple[str, ...]
    author_role: str
    customer_tier: str
    right: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    resends: str | None = None  # the id of the message that this one repeats
    is_mangled: bool = False  # whether its encoding was broken on the way

    @property
    def labels(self) -> dict[str, tuple[str, ...]]:
        """What the archive says, for each dimension."""
        return {"team": (self.team,), "urgency": (self.urgency,), "flags": self.flags}

    @property
    def right_labels(self) -> dict[str, tuple[str, ...]]:
        """What the archive should say."""
        return {**self.labels, **self.right}

    def corrected(self) -> "DemoMessage":
        """Give the same message as a careful person would have labelled it."""
        right = self.right_labels
        return replace(
            self,
            team=right["team"][0],
            urgency=right["urgency"][0],
            flags=right["flags"],
            right={},
        )


def with_mistakes(message: DemoMessage, dice: Dice, book: Phrasebook) -> DemoMessage:
    """Label a message as a tired person does: nearly always right."""
    given = dict(message.labels)
    if dice.chance(WRONG_TEAM):
        given["team"] = (_wrong_team(message.team, dice, book),)
    if dice.chance(WRONG_URGENCY):
        level = URGENCIES.index(message.urgency)
        near = [other for at, other in enumerate(URGENCIES) if abs(at - level) == 1]
        given["urgency"] = (dice.pick(near),)
    if dice.chance(WRONG_FLAGS):
        changed = {*message.flags} ^ {dice.pick(message.flags or FLAGS)}
        given["flags"] = tuple(sorted(changed))
    right = {name: labels for name, labels in message.labels.items() if given[name] != labels}
    return replace(
        message,
        team=given["team"][0],
        urgency=given["urgency"][0],
        flags=given["flags"],
        right=right,
    )


def _wrong_team(right: str, dice: Dice, book: Phrasebook) -> str:
    topic = book.topics[right]
    others = [one for one in book.topics.values() if one is not topic]
    return dice.pick(book.siblings(topic) if dice.chance(WRONG_SIBLING) else others).path
