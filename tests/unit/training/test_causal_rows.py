"""Messages are dealt out to what teaches, calibrates and tests a language model."""

from dataclasses import replace

import pytest

from sortyard.data.dataset import Dataset
from sortyard.domain.errors import InvalidUsage, NotEnoughData
from sortyard.domain.examples import Example
from sortyard.domain.messages import Message
from sortyard.domain.taxonomy import Dimension, Kind, Label

pytest.importorskip("sklearn", reason="needs the extra `train`")

from sortyard.training.causal_rows import causal_material

TEAMS = Dimension(
    name="team",
    labels=(
        Label(name="money", children=(Label(name="refunds"), Label(name="cards"))),
        Label(name="access"),
    ),
)
SAID = {"money/refunds": "refund", "access": "password"}
WORDS = ("again", "before", "every", "gone", "last", "more", "never", "once", "quite", "since")


def messages(count: int) -> Dataset:
    examples = []
    for number in range(count):
        team = sorted(SAID)[number % 2]
        around = [WORDS[number % 10], WORDS[(number // 3) % 10], WORDS[(number * 7 // 2) % 10]]
        text = f"{SAID[team]} {' '.join(around)}"
        examples.append(Example(Message(id=f"m-{number}", text=text), {"team": (team,)}))
    return Dataset(examples=tuple(examples), dimensions=("team",))


def test_no_text_is_in_two_parts() -> None:
    found = causal_material(messages(60), TEAMS, seed=1)
    parts = [set(one.texts) for one in (found.taught, found.held_out, found.test)]

    assert all(parts)
    assert sum(map(len, parts)) == len(set.union(*parts))
    assert len(found.folds) == len(found.held_out.texts)


def test_labels_are_all_leaves_in_the_order_of_their_paths() -> None:
    """Also one that no row carries; a parent that no row carries is none."""
    assert causal_material(messages(60), TEAMS, seed=1).labels == (
        "access",
        "money/cards",
        "money/refunds",
    )


def test_the_same_seed_deals_the_same_rows() -> None:
    first, second, other = (causal_material(messages(60), TEAMS, seed=seed) for seed in (1, 1, 2))

    assert first.taught.texts == second.taught.texts
    assert first.split_hash == second.split_hash != other.split_hash


def test_a_test_of_ones_own_is_the_test() -> None:
    own = messages(61).select([60])
    found = causal_material(messages(60), TEAMS, own, seed=1)

    assert found.test.texts == own.texts


def test_several_labels_at_once_cannot_be_spelled() -> None:
    with pytest.raises(InvalidUsage, match="spells one"):
        causal_material(messages(60), replace(TEAMS, kind=Kind.MULTI), seed=1)


def test_too_little_to_deal_is_told() -> None:
    with pytest.raises(NotEnoughData):
        causal_material(messages(3), TEAMS, seed=1)
