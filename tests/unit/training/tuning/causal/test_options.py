"""Options of a language model's tuning cannot be broken."""

import pytest

from sortyard.domain.errors import InvalidSettings
from sortyard.training.tuning.causal.options import CausalTuning


def test_options_survive_a_file() -> None:
    options = CausalTuning(rank=4, modules=("q_proj", "v_proj"), sampling="over")

    assert CausalTuning.from_dict(options.to_dict()) == options


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(InvalidSettings) as caught:
        CausalTuning(rank=0, rate=0.0, dropout=1.0, decay=-1.0, sampling="some", modules=("",))

    told = caught.value.problem
    for name in ("rank", "rate", "dropout", "decay", "sampling", "modules"):
        assert name in told


def test_no_number_is_no_option() -> None:
    with pytest.raises(InvalidSettings, match="rate"):
        CausalTuning(rate=float("nan"))


def test_an_unknown_name_is_an_error_with_a_guess() -> None:
    with pytest.raises(InvalidSettings, match="'rank' for 'rnk'"):
        CausalTuning.from_dict({"rnk": 4})
