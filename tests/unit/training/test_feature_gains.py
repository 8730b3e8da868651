"""Held-out rows decide for every dimension whether features help, and the report says so."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from sortyard.domain.features import NOTHING_DECLARED, ColumnKind, Declaration
from sortyard.training.feature_gains import FEWEST_ROWS, FeatureGain, Told
from tests.contracts.featured_release import featured_dataset, train_featured

RIGHT = np.ones(100, dtype=np.bool_)


@pytest.fixture(scope="module")
def told() -> list[str]:
    told: list[str] = []
    train_featured(told)
    return told


def test_the_report_says_where_they_help_and_by_how_much(told: list[str]) -> None:
    (place,) = [note for note in told if note.startswith("place: metadata features are used")]
    beside, without = place.split(";")

    assert "100.0 % right with them" in beside
    assert "without" in without


def test_the_report_says_where_they_do_not(told: list[str]) -> None:
    notes = [note for note in told if "features are not used" in note]

    assert [note.split(" features")[0] for note in notes] == [
        "team: metadata",
        "team: derived",
        "place: derived",
    ]


def test_a_feature_that_gives_the_answer_away_is_named(told: list[str]) -> None:
    (leak,) = [note for note in told if "nearly without fault" in note]

    assert leak.startswith("place: 'desk' alone tells 'north', 'south', 'west'")


def test_nothing_is_said_where_nothing_is_declared() -> None:
    told: list[str] = []
    train_featured(told, declared=NOTHING_DECLARED)

    assert [note for note in told if "feature" in note] == []


def test_a_column_that_cannot_be_read_as_declared_is_named() -> None:
    told: list[str] = []
    columns = {"desk": ColumnKind.NUMBER, "date": ColumnKind.TIME}
    train_featured(told, declared=Declaration(metadata=columns))
    unread = [note for note in told if "No training message" in note]

    assert unread == ["No training message says anything in 'desk' that can be read as a number."]


def test_messages_without_a_label_teach_beside_them() -> None:
    told: list[str] = []
    spare = [one.message for one in featured_dataset(300, seed=11).examples]
    few = replace(featured_dataset(30), unlabelled=tuple(spare))
    classifier = train_featured(told, dataset=few)
    taught, tried, *_ = told

    assert "messages without a label were learnt from too" in taught
    assert tried.startswith("team: metadata features are not used; 24 held-out rows")
    assert classifier.classify(few.examples[0].message)["team"].candidates != ()


def told_by(losses: NDArray[np.float64]) -> Told:
    return Told(losses, RIGHT[: len(losses)])


def test_a_gain_within_its_own_error_is_none() -> None:
    noise = np.tile([1.0, -1.0, 0.1, -0.1], 25)
    gain = FeatureGain("derived", told_by(2.0 + noise + 0.01), told_by(np.full(100, 2.0)))

    assert (gain.is_clear, "no clear gain" in gain.remark("team")) == (False, True)


def test_a_gain_that_nobody_could_see_is_none() -> None:
    gain = FeatureGain("derived", told_by(np.full(100, 0.0009)), told_by(np.zeros(100)))

    assert not gain.is_clear


def test_a_gain_in_confidence_that_costs_right_answers_is_none() -> None:
    fewer = RIGHT & (np.arange(100) > 0)
    gain = FeatureGain("derived", told_by(np.full(100, 2.0)), Told(np.full(100, 1.0), fewer))

    assert not gain.is_clear


def test_few_rows_decide_nothing() -> None:
    few = FEWEST_ROWS - 1
    gain = FeatureGain("derived", told_by(np.full(few, 2.0)), told_by(np.full(few, 1.0)))

    assert (gain.is_clear, f"{few} held-out rows" in gain.remark("team")) == (False, True)
