"""A gates file says what it means, and a wrong name in it is an error."""

import pytest

from sortyard.domain.errors import InvalidSettings
from sortyard.evaluation.gates import Gates, default_text, entries, parse_gates, read_gates


def test_the_default_file_holds_the_defaults():
    assert parse_gates(default_text()) == Gates()


def test_the_default_file_names_every_gate():
    for entry in entries():
        assert f"{entry.name} =" in default_text()


def test_every_gate_has_a_meaning():
    assert all(entry.meaning for entry in entries())


def test_a_dimension_replaces_only_what_it_names():
    gates = parse_gates("min_accuracy = 0.8\n[dimensions.team]\nmin_macro_f1 = 0.9")

    assert gates.limit("min_macro_f1", "team") == 0.9
    assert gates.limit("min_accuracy", "team") == 0.8
    assert gates.limit("min_macro_f1", "urgency") == 0.65


def test_a_label_has_floors_of_its_own():
    gates = parse_gates('[dimensions.team.labels."billing/refunds"]\nmin_recall = 0.9')

    assert gates.floors("team")["billing/refunds"].min_recall == 0.9
    assert gates.floors("urgency") == {}


def test_every_wrong_entry_is_named_at_once():
    text = 'min_macrof1 = 0.5\nmax_ece = 5\n[dimensions.team]\nmin_accuracy = "high"'

    with pytest.raises(InvalidSettings) as caught:
        parse_gates(text)

    assert len(caught.value.problems) == 3
    assert "min_macrof1 is not the name of a gate" in str(caught.value)
    assert "max_ece: input should be less than or equal to 1, not 5" in str(caught.value)
    assert "dimensions.team.min_accuracy" in str(caught.value)


@pytest.mark.parametrize("text", ["min_accuracy = nan", "min_accuracy = -0.1", "min_rows = 0"])
def test_impossible_limits_are_refused(text):
    with pytest.raises(InvalidSettings):
        parse_gates(text)


def test_what_is_not_toml_is_refused_with_the_place():
    with pytest.raises(InvalidSettings, match=r"it is not TOML: .*line 1"):
        parse_gates("min_accuracy: 0.7")


def test_a_missing_file_is_an_error_with_its_name(tmp_path):
    with pytest.raises(InvalidSettings, match=r"gates\.toml cannot be used: it cannot be read"):
        read_gates(tmp_path / "gates.toml")


def test_a_file_is_read(tmp_path):
    path = tmp_path / "gates.toml"
    path.write_text(default_text(), encoding="utf-8")

    assert read_gates(path) == Gates()
