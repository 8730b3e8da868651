"""The labels of the invented company, as a careful owner would define them."""

from importlib.resources import files

from sortyard.data.demo.phrasebook import TEAMS
from sortyard.data.taxonomy_schema import DimensionEntry, LabelEntry
from sortyard.data.taxonomy_yaml import parse
from sortyard.domain.taxonomy import Dimension, Kind, Taxonomy

QUESTION = "Which team, and which part of it, has to act on this message?"


def demo_taxonomy() -> Taxonomy:
    """Six teams with their parts, the urgency and the flags, each label defined and shown."""
    teams = Dimension(
        name="team",
        kind=Kind.SINGLE,
        question=QUESTION,
        labels=tuple(LabelEntry.model_validate(_read(team)).label(team) for team in TEAMS),
    )
    others = (
        DimensionEntry.model_validate(_read(name)).dimension(name) for name in ("urgency", "flags")
    )
    return Taxonomy(dimensions=(teams, *others))


def _read(name: str) -> object:
    text = (files(__package__) / "taxonomy" / f"{name}.yaml").read_text(encoding="utf-8")
    return parse(text).content
