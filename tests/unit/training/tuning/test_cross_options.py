"""A cross-encoder's options are valid, and survive a recipe."""

from typing import Any

import pytest

from sortyard.domain.errors import InvalidSettings
from sortyard.training.tuning.cross_options import Cross


@pytest.mark.parametrize(
    "change",
    [
        {"most": 1},
        {"most": 21},
        {"lists": 0},
        {"easy": 1.5},
        {"judged": 0},
        {"epochs": 0},
        {"rate": float("nan")},
        {"warm_up": 1.0},
        {"decay": -0.1},
        {"batch": 0},
        {"frozen_layers": -1},
        {"most_tokens": 7},
        {"scale": 0.0},
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidSettings, match=next(iter(change))):
        Cross(**change)


def test_every_problem_is_listed_at_once() -> None:
    with pytest.raises(InvalidSettings, match=r"(?s)epochs.*dropout"):
        Cross(epochs=-1, dropout=1.5)


def test_it_is_rebuilt_from_what_it_was_stored_as() -> None:
    options = Cross(epochs=1.5, most=3)

    assert Cross.from_dict(options.to_dict()) == options


def test_an_unknown_name_is_an_error_with_a_guess() -> None:
    with pytest.raises(InvalidSettings, match="epochs"):
        Cross.from_dict({"epoch": 2})
