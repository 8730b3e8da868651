"""How much of a gain was kept is said for every set, beside what a tuning keeps by itself."""

from dataclasses import replace

import pytest

from benchmarks.distillation import (
    ALONE,
    BY_LINE,
    BY_RERANKER,
    FROZEN,
    RERANKED,
    variants,
    verdicts,
)


def _lines(reranked: str, taught: str) -> list[list[str]]:
    return [
        ["banking77", FROZEN, "94.00", "93.90", "92.00", "-", "60.0"],
        ["banking77", RERANKED, "94.00", "94.50", "92.00", reranked, "90.0"],
        ["banking77", ALONE, "94.30", "94.30", "92.50", "-", "60.0"],
        ["banking77", BY_RERANKER, taught, "94.00", "92.60", "-", "60.0"],
    ]


@pytest.mark.parametrize(
    ("taught", "said"),
    [
        ("94.70", "+0.70 points, its student alone +0.60: 70% and 60% of the reranker's gain; yes"),
        ("94.60", "+0.60 points, its student alone +0.60: 60% and 60% of the reranker's gain; NO"),
    ],
)
def test_the_share_that_is_kept_is_held_against_the_bar(taught: str, said: str) -> None:
    said_of = verdicts(_lines("95.00", taught))

    assert said_of[0] == "banking77: the reranker for all gains +1.00 points, encoder for all"
    assert said_of[-1] == f"banking77, {BY_RERANKER}: {said.replace('; ', '; 70 %: ')}"


def test_what_is_kept_without_a_teacher_stands_beside_it() -> None:
    """Or one might think that the teacher alone did it."""
    (_, alone, _) = verdicts(_lines("95.00", "94.70"))

    assert alone.startswith(f"banking77, {ALONE}: +0.30 points")
    assert "30% and 50%" in alone


def test_without_a_gain_there_is_nothing_to_keep() -> None:
    assert all("no gain to keep" in one for one in verdicts(_lines("93.90", "94.50"))[1:])


def test_a_reranker_that_was_left_out_is_said_to_be() -> None:
    (said,) = verdicts(_lines("-", "94.50"))
    assert "no reranker was kept" in said


def test_a_set_that_is_not_whole_yet_is_not_judged() -> None:
    assert verdicts(_lines("95.00", "94.70")[1:]) == []


def test_the_five_differ_in_what_they_are_to_show_alone() -> None:
    found = variants()
    frozen, alone, taught = found[FROZEN], found[ALONE], found[BY_RERANKER]
    assert (frozen.tuning, frozen.cross, frozen.folds) == (None, None, alone.folds)
    assert replace(found[RERANKED], cross=None) == frozen
    assert replace(alone, tuning=None) == frozen
    assert replace(taught, taught_by=None) == found[BY_LINE]
    assert taught.taught_by == found[RERANKED].cross
    assert taught.tuning is not None
    assert alone.tuning == replace(taught.tuning, distillation=0.0)
    assert taught.tuning.distillation > 0.0
    assert taught.cross is None
