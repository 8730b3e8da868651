"""A tuning's options are valid, and survive a recipe."""

from typing import Any

import pytest

from sortyard.domain.errors import InvalidSettings
from sortyard.training.tuning.options import Tuning


@pytest.mark.parametrize(
    "change",
    [
        {"epochs": 0},
        {"rate": float("nan")},
        {"warm_up": 1.0},
        {"decay": -0.1},
        {"batch": 1},
        {"batch": 3, "partners": 2, "rivals": 1},
        {"most_tokens": 2},
        {"sampling": "some"},
        {"classification": 0.0, "ranking": 0.0},
        {"distillation": 0.5, "classification": 0.0, "ranking": 1.0},
        {"imbalance": 0.5},
        {"patience": -1},
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidSettings, match=next(iter(change))):
        Tuning(**change)


def test_every_problem_is_listed_at_once() -> None:
    with pytest.raises(InvalidSettings, match=r"(?s)epochs.*dropout"):
        Tuning(epochs=-1, dropout=1.5)


def test_it_is_rebuilt_from_what_it_was_stored_as() -> None:
    options = Tuning(epochs=1.5, ranking=1.0, partners=1, sampling="over")

    assert Tuning.from_dict(options.to_dict()) == options


def test_an_unknown_name_is_an_error_with_a_guess() -> None:
    with pytest.raises(InvalidSettings, match="epochs"):
        Tuning.from_dict({"epoch": 2})
