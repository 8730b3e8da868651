"""The text report fits a terminal, whatever the labels are called."""

import pytest

from sortyard.evaluation.report_text import as_text
from tests.unit.evaluation.reports_for_tests import hostile, ordinary, tiny


@pytest.mark.parametrize("make", [ordinary, hostile, tiny])
def test_no_line_is_wider_than_80_columns(make):
    assert max(map(len, as_text(make()).splitlines())) <= 80


def test_control_characters_of_a_label_do_not_reach_the_terminal():
    assert "\x1b" not in as_text(hostile())


def test_the_plain_words_come_first():
    lines = as_text(ordinary()).splitlines()

    first = next(at for at, line in enumerate(lines) if "Of 100 messages" in line)
    assert first < next(at for at, line in enumerate(lines) if "Accuracy" in line)


def test_a_tree_is_told_level_by_level():
    said = as_text(ordinary())

    assert sum("Level by level" in line for line in said.splitlines()) == 1  # the other is flat


def test_each_part_of_the_line_is_told_with_what_it_reaches():
    said = as_text(ordinary())

    assert "encoder and wording" in said
    assert "What each part reaches" not in as_text(tiny())
