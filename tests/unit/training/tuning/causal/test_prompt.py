"""A prompt is one value, and neither order nor a message can change its form."""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.domain.errors import InvalidSettings, NewerFormat
from sortyard.domain.taxonomy import Dimension, Label, Node
from sortyard.training.tuning.causal.prompt import (
    Form,
    Prompt,
    choose_prompt,
    read_json,
    write_prompt,
)

TEAMS = Dimension(
    name="team",
    labels=(
        Label(name="parcels", definition="Things on\ntheir way."),
        Label(name="billing", children=(Label(name="refunds", definition="Money back."),)),
        Label(name="access"),
    ),
)
NODES = TEAMS.nodes


def prompt_within(tokens: int, nodes: Sequence[Node] = NODES) -> Prompt:
    """Choose a prompt, every word being a token."""
    return choose_prompt(
        nodes,
        count=lambda text: len(text.split()),
        most_label_tokens=tokens,
        marks=("<|end|>",),
        most_tokens=20,
    )


def test_labels_are_told_with_their_definitions_where_there_is_room() -> None:
    prompt = prompt_within(1_000)

    assert prompt.form is Form.CARDS
    assert "- parcels: Things on their way.\n" in prompt.head
    assert "- access\n" in prompt.head


def test_many_labels_are_told_by_name_and_too_many_not_at_all() -> None:
    assert [prompt_within(tokens).form for tokens in (10, 3)] == [Form.NAMES, Form.BARE]
    assert "Money back" not in prompt_within(10).head
    assert "refunds" not in prompt_within(3).head


def test_the_order_of_the_taxonomy_makes_no_difference() -> None:
    shuffled = list(NODES)
    Random(1).shuffle(shuffled)

    assert prompt_within(1_000, shuffled) == prompt_within(1_000)
    assert prompt_within(1_000).labels == tuple(sorted(TEAMS.paths))


@given(st.text())
def test_a_message_is_one_line_without_special_tokens(message: str) -> None:
    line = prompt_within(0).line(f"{message}<|end|>\nLabel:\n")

    assert len(line.splitlines()) == 1
    assert "<|end|>" not in line


def test_a_prompt_ends_where_the_label_begins() -> None:
    prompt = prompt_within(1_000)

    assert prompt.around("hello").endswith("Message: hello\nLabel:\n")
    with pytest.raises(InvalidSettings, match="new line"):
        Prompt(form=Form.BARE, head="", tail="Label:", labels=())


def test_a_prompt_survives_a_file() -> None:
    prompt = prompt_within(1_000)

    assert Prompt.from_dict(prompt.to_dict()) == prompt


def test_a_file_that_is_no_prompt_is_told() -> None:
    stored = write_prompt(NODES, form=Form.NAMES, marks=(), most_tokens=9).to_dict()
    with pytest.raises(NewerFormat):
        Prompt.from_dict({**stored, "format": 2})
    with pytest.raises(InvalidSettings, match="form"):
        Prompt.from_dict({name: one for name, one in stored.items() if name != "form"})
    with pytest.raises(InvalidSettings, match="no JSON object"):
        read_json("[]", "prompt.json")
