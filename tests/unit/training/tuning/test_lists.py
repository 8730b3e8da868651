"""Lists of candidates: whole, in one order, and as word pieces."""

import numpy as np
import pytest

from sortyard.models.engines.tokens import Tokeniser
from sortyard.training.tuning.course import ABSENT
from sortyard.training.tuning.lists import Lists
from tests.contracts.tiny_bert import write_tiny_bert

TEAMS = Lists(
    texts=["my card", "the refund"],
    cards=["card", "refund", "reset"],
    candidates=np.array([[2, 0], [1, 0]]),
    truth=np.array([0, 1]),
)
FLOORS = Lists(
    texts=["where is my card"],
    cards=["up", "down", "where"],
    candidates=np.array([[2, 1, 0]]),
    truth=np.array([2]),
)


def test_a_list_without_the_right_card_is_none() -> None:
    with pytest.raises(ValueError, match="the right card"):
        Lists(texts=["x"], cards=["a", "b"], candidates=np.array([[0]]), truth=np.array([1]))


def test_candidates_are_sorted_by_number_whatever_came_first() -> None:
    candidates = np.array([[2, ABSENT, 0], [ABSENT, 1, 0]])
    lists = Lists(texts="ab", cards="xyz", candidates=candidates, truth=np.array([0, 1]))
    ordered = lists.in_order()

    assert ordered.candidates.tolist() == [[0, 2, ABSENT], [0, 1, ABSENT]]
    assert ordered.columns.tolist() == [0, 1]


def test_what_is_known_goes_with_its_candidate() -> None:
    known = np.array([[-3.0, 0.0, -1.0]], dtype=np.float32)
    candidates = np.array([[2, ABSENT, 0]])
    lists = Lists(texts="a", cards="xyz", candidates=candidates, truth=np.array([0]), known=known)

    assert lists.in_order().offsets.tolist() == [[-1.0, -3.0, 0.0]]
    joined = Lists.joined([TEAMS, lists])
    assert joined.offsets.tolist() == [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [-3.0, 0.0, -1.0]]


def test_lists_of_several_dimensions_are_put_together() -> None:
    joined = Lists.joined([TEAMS, FLOORS])

    assert joined.candidates.tolist() == [[2, 0, ABSENT], [1, 0, ABSENT], [5, 4, 3]]
    assert [joined.cards[card] for card in joined.truth] == ["card", "refund", "where"]
    assert len(Lists.joined([])) == 0


def test_a_pair_is_a_message_and_a_card(tmp_path, rng: np.random.Generator) -> None:  # type: ignore[no-untyped-def]
    folder = write_tiny_bert(tmp_path / "tiny", rng)
    tokeniser = Tokeniser.open(folder, max_tokens=16)
    (pairs,) = Lists.joined([TEAMS, FLOORS]).pairs(tokeniser, most=16)
    (message,), (card,) = tokeniser.ids(["my card"]), tokeniser.ids(["reset"])

    assert len(pairs) == 9
    assert pairs[0] == message + card[1:]
    assert (pairs[2], pairs[5]) == ([], [])
