"""Draws that were measured one by one come to one mean, held against the bar."""

from benchmarks.label_errors import _with_means


def _line(archive: str, seed: int, share: str, other: str = "-") -> list[str]:
    return [archive, str(seed), "500", share, other, "600", "99.0", "20"]


def test_the_mean_of_all_draws_is_held_against_the_bar() -> None:
    lines = _with_means([_line("banking77", 2, "93.0"), _line("banking77", 1, "92.0")])
    assert [line[1] for line in lines] == ["1", "2", "mean"]
    assert lines[-1][3] == "**92.5** (at least 92: reached)"


def test_a_mean_that_was_there_is_made_anew() -> None:
    before = _with_means([_line("clinc150", 1, "98.0", "97.0")])
    lines = _with_means([*before, _line("clinc150", 2, "95.0", "96.0")])
    assert [line[1] for line in lines] == ["1", "2", "mean"]
    assert lines[-1][3:5] == ["**96.5** (at least 97: MISSED)", "96.5"]
