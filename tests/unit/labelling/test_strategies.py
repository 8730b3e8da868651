"""How labels are shared out among strategies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.domain.errors import InvalidUsage
from sortyard.labelling.strategies import COLD, USUAL, Mix, Strategy

SHARES = st.dictionaries(st.sampled_from(list(Strategy)), st.floats(0.0, 10.0), min_size=1).filter(
    lambda shares: sum(shares.values()) > 0.01
)


@given(shares=SHARES, total=st.integers(0, 5_000))
def test_every_label_is_shared_out(shares: dict[Strategy, float], total: int) -> None:
    counts = Mix(shares).counts(total)

    assert sum(counts.values()) == total


@given(shares=SHARES, total=st.integers(0, 5_000))
def test_nobody_gets_more_than_a_label_beside_the_share(
    shares: dict[Strategy, float], total: int
) -> None:
    whole = sum(shares.values())

    counts = Mix(shares).counts(total)

    assert all(abs(counts.get(one, 0) - total * share / whole) < 1 for one, share in shares.items())


def test_a_mix_is_read_as_it_is_written() -> None:
    found = Mix.parse("margin=0.8, random=0.2")

    assert found.shares == {Strategy.MARGIN: 0.8, Strategy.RANDOM: 0.2}


def test_a_name_alone_is_a_whole_share() -> None:
    assert Mix.parse("entropy").counts(7) == {Strategy.ENTROPY: 7}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("margn=1", "margin"),
        ("margin=much", "no number"),
        ("margin=0", "not all of them are 0"),
        ("margin=-1", "from 0 on"),
        ("margin=nan", "from 0 on"),
        ("margin=inf", "from 0 on"),
        ("", "not all of them are 0"),
    ],
)
def test_a_mix_that_makes_no_sense_is_refused_with_a_hint(text: str, problem: str) -> None:
    with pytest.raises(InvalidUsage, match=problem):
        Mix.parse(text)


@pytest.mark.parametrize("shares", [USUAL, COLD])
def test_the_usual_shares_sum_to_one_and_leave_some_to_chance(
    shares: dict[Strategy, float],
) -> None:
    assert (round(sum(shares.values()), 9), shares[Strategy.RANDOM]) == (1.0, 0.1)


def test_an_unknown_strategy_is_answered_with_those_there_are() -> None:
    with pytest.raises(InvalidUsage) as refused:
        Mix.parse("margn=0.5")

    assert "Did you mean 'margin'" in refused.value.problem
    assert all(f"'{one.value}'" in refused.value.remedy for one in Strategy)
    assert "<" not in refused.value.remedy
