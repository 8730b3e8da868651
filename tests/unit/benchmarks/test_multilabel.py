"""How the folds of NLU++ are used, and when both figures are above both others."""

import json

import pytest

from benchmarks.multilabel import Scores, mean_of, parts

LINES = [json.dumps({"fold": fold, "text": f"{fold}.{row}"}) for fold in range(4) for row in (0, 1)]


@pytest.mark.parametrize(("few", "rows"), [(True, 2), (False, 6)])
def test_one_fold_teaches_or_tests_and_the_others_do_the_rest(*, few: bool, rows: int) -> None:
    train, test = parts(LINES, 2, few=few)
    assert len(train) == rows
    assert sorted([*train, *test]) == sorted(LINES)


def test_both_figures_have_to_be_above_both_others() -> None:
    assert Scores((0.8, 0.7), (0.79, 0.69), (0.7, 0.6)).above
    assert not Scores((0.8, 0.7), (0.79, 0.7), (0.7, 0.6)).above
    assert not Scores((0.8, 0.7), (0.79, 0.6), (0.81, 0.6)).above


def test_folds_count_alike() -> None:
    one = Scores((0.8, 0.6), (0.4, 0.2), (0.0, 0.0))
    other = Scores((0.6, 0.6), (0.4, 0.4), (0.0, 1.0))
    assert mean_of([one, other]).cells() == [
        "70.00 / 60.00",
        "40.00 / 30.00",
        "0.00 / 50.00",
        "yes",
    ]
