"""What a variant brings is said beside the recipe that it varies, on the same set."""

from benchmarks.trials import HEADER, PLAIN, WITHOUT, variants, verdicts
from sortyard.training.recipe import STANDARD


def _line(of: str, variant: str, right: str, loss: str, seconds: str) -> list[str]:
    return [of, variant, right, loss, right, "900", seconds]


def test_a_gain_stands_beside_its_price() -> None:
    lines = [
        _line("banking77", PLAIN, "93.50", "0.2300", "1,000.0"),
        _line("banking77", "taught", "93.75", "0.2250", "2,500.0"),
    ]

    assert len(lines[0]) == len(HEADER)
    assert verdicts(lines) == [
        "banking77, taught: +0.25 points, log loss -0.0050, 2.5 times the training"
    ]


def test_a_loss_is_said_as_plainly() -> None:
    lines = [
        _line("clinc150", WITHOUT, "97.00", "0.1300", "50.0"),
        _line("clinc150", PLAIN, "97.60", "0.1000", "1,000.0"),
    ]

    assert verdicts(lines) == [
        "clinc150, not tuned: -0.60 points, log loss +0.0300, 0.1 times the training"
    ]


def test_without_the_recipe_itself_nothing_is_compared() -> None:
    assert verdicts([_line("clinc150", "taught", "97.00", "0.1000", "50.0")]) == []


def test_every_variant_differs_from_the_recipe() -> None:
    others = [recipe for name, recipe in variants().items() if name != PLAIN]

    assert variants()[PLAIN] == STANDARD
    assert len({repr(one) for one in others}) == len(others)
    assert STANDARD not in others
