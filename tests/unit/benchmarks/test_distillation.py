"""How much of a gain was kept is said for every set that was measured whole."""

import pytest

from benchmarks.distillation import PLAIN, RERANKED, TAUGHT, variants, verdicts


def _lines(reranked: str, taught: str) -> list[list[str]]:
    return [
        ["banking77", PLAIN, "94.00", "93.90", "-", "60.0"],
        ["banking77", RERANKED, "94.00", "94.50", reranked, "90.0"],
        ["banking77", TAUGHT, taught, "94.00", "-", "60.0"],
    ]


@pytest.mark.parametrize(
    ("taught", "said"), [("94.70", "70 % of it; 70 %: yes"), ("94.60", "60 % of it; 70 %: NO")]
)
def test_the_share_that_is_kept_is_held_against_the_bar(taught: str, said: str) -> None:
    assert verdicts(_lines("95.00", taught))[0].endswith(said)


def test_without_a_gain_there_is_nothing_to_keep() -> None:
    assert "no gain to keep" in verdicts(_lines("93.90", "94.50"))[0]


def test_a_reranker_that_was_left_out_is_said_to_be() -> None:
    assert "no reranker was kept" in verdicts(_lines("-", "94.50"))[0]


def test_a_set_that_is_not_whole_yet_is_not_judged() -> None:
    assert verdicts(_lines("95.00", "94.70")[:2]) == []


def test_the_three_differ_in_the_teacher_and_the_reranker_alone() -> None:
    found = variants()
    plain, reranked, taught = found[PLAIN], found[RERANKED], found[TAUGHT]
    assert plain.tuning is not None
    assert taught.tuning is not None
    assert (plain.tuning.distillation, plain.cross) == (0.0, None)
    assert reranked.tuning == plain.tuning
    assert reranked.cross is not None
    assert taught.tuning.distillation > 0.0
    assert taught.cross is None
