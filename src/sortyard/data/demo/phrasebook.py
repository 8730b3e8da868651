"""Everything that the demo's customers can say, read from the templates beside this module."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from sortyard.data.demo.grammar import Lines, parse_lines

TEAMS = ("billing", "orders", "technical", "account", "sales", "feedback")
FLAGS = ("churn-risk", "legal", "data-request", "vip", "angry", "praise", "repeat-contact")
URGENCIES = ("low", "normal", "high", "critical")


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What customers write about one label of the dimension `team`."""

    path: str
    weight: float
    subjects: Lines
    contexts: Lines  # true of several labels of the team, decisive for none
    cores: Lines  # the matter itself
    details: Lines
    asks: Lines
    urgency: str = "normal"
    flags: Mapping[str, float] = field(default_factory=dict)  # chance that one is added
    implied: str = ""  # the flag that holds even where the matter is only hinted at
    weak: float = 0.24  # chance that it is only hinted at, by what is asked for
    stakes: float = 0.0  # chance that trade has stopped because of it

    @property
    def team(self) -> str:
        return self.path.split("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrasebook:
    """The topics, and what is common to all of them."""

    topics: Mapping[str, Topic]  # by the path of the label
    slots: Mapping[str, Lines]
    cues: Mapping[str, Lines]
    letters: Mapping[str, Lines]
    people: Mapping[str, tuple[str, ...]]
    habits: Mapping[str, Mapping[str, Any]]

    def siblings(self, topic: Topic) -> tuple[Topic, ...]:
        """List the other topics of the same team."""
        others = (one for one in self.topics.values() if one is not topic)
        return tuple(one for one in others if one.team == topic.team)


@cache
def read_phrasebook() -> Phrasebook:
    """Read the templates; the same value each time."""
    return Phrasebook(
        topics={topic.path: topic for team in TEAMS for topic in _topics(_read(team))},
        slots=_lines(_read("slots")),
        cues=_lines(_read("cues")),
        letters=_lines(_read("letters")),
        people={name: tuple(map(str, items)) for name, items in _read("people").items()},
        habits=_read("habits"),
    )


def _topics(team: dict[str, Any]) -> list[Topic]:
    contexts = parse_lines(team.pop("contexts"))
    return [_topic(path, said, contexts) for path, said in team.items()]


def _topic(path: str, said: dict[str, Any], contexts: Lines) -> Topic:
    parsed: dict[str, Any] = {
        name: parse_lines(text) if isinstance(text, str) and "\n" in text else text
        for name, text in said.items()
    }
    return Topic(path=path, contexts=contexts, **parsed)


def _lines(texts: dict[str, str]) -> dict[str, Lines]:
    return {name: parse_lines(text) for name, text in texts.items()}


def _read(name: str) -> dict[str, Any]:
    text = (files(__package__) / "templates" / f"{name}.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content
