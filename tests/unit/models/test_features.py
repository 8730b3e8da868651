"""What a message says beside its words becomes columns: the same ones wherever it comes from."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from sortyard.domain.features import ColumnKind, Declaration, Measure
from sortyard.domain.messages import Message
from sortyard.models.feature_facts import FactReader
from sortyard.models.features import FEWEST, NO_FEATURES, Features

ALL = Declaration(
    metadata={
        "state": ColumnKind.CATEGORY,
        "types": ColumnKind.LIST,
        "amount": ColumnKind.NUMBER,
        "date": ColumnKind.TIME,
    },
    measures=tuple(Measure),
    keywords={"refund": ("refund", "money back"), "card": ("card",)},
)
MANY = [
    {"state": ("CA", "TX")[n % 2], "types": "pdf, png", "amount": n, "date": f"2024-01-{n + 1:02}"}
    for n in range(20)
]


def fit(declared: Declaration, known: Sequence[Mapping[str, Any]], text: str = "") -> Features:
    reader = FactReader(declared)
    return Features.fit(reader, [reader.read(Message("m", text, None, one), text) for one in known])


def fit_column(kind: ColumnKind, values: Sequence[Any]) -> Features:
    return fit(Declaration(metadata={"x": kind}), [{"x": value} for value in values])


def names(features: Features, known: Mapping[str, Any], text: str = "") -> list[str]:
    return [features.names[one] for one in features.of(Message("m", text, None, known), text)]


FITTED = fit(ALL, MANY, "where is my card")


def test_a_value_is_a_column_with_a_readable_name() -> None:
    known = {"state": "CA", "types": "png", "amount": 0, "date": "2024-01-05 16:30"}

    assert names(FITTED, known, "REFUND it!") == [
        "state=CA",
        "types=png",
        "amount <5",
        "date weekday=Friday",
        "date hour known",
        "format:exclamation",
        "length known",
        "readability known",
        "formality known",
        "keyword:refund",
    ]


def test_what_is_missing_says_nothing() -> None:
    assert names(FITTED, {}) == ["length known"]
    assert names(FITTED, {"state": "", "types": None, "amount": float("nan"), "date": "soon"}) == [
        "length known"
    ]


def test_rare_and_new_values_share_a_column() -> None:
    features = fit_column(ColumnKind.CATEGORY, ["a"] * FEWEST + ["b"] * (FEWEST - 1))

    assert features.names == ("x=a", "x=(other)")
    assert names(features, {"x": "b"}) == names(features, {"x": "new"}) == ["x=(other)"]


@pytest.mark.parametrize(
    ("one", "other"), [(3, "3"), (3.0, "3"), ("1.50", 1.5), (True, "True"), (" a ", "a")]
)
def test_a_value_is_the_same_however_its_source_writes_it(one: object, other: object) -> None:
    features = fit_column(ColumnKind.CATEGORY, [one] * FEWEST)

    assert names(features, {"x": one}) == names(features, {"x": other}) != ["x=(other)"]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=80), st.floats(0.5, 1e3))
def test_units_of_a_number_do_not_matter(numbers: list[float], unit: float) -> None:
    one = fit_column(ColumnKind.NUMBER, numbers)
    other = fit_column(ColumnKind.NUMBER, [number * unit for number in numbers])
    if len({number * unit for number in numbers}) < len(set(numbers)):
        return  # they are so near that the other unit cannot tell them apart

    assert [one.of(Message("m", "", None, {"x": number}), "") for number in numbers] == [
        other.of(Message("m", "", None, {"x": number * unit}), "") for number in numbers
    ]


def test_a_number_that_most_messages_share_is_a_range_of_its_own() -> None:
    features = fit_column(ColumnKind.NUMBER, [0] * 90 + [1] * 6 + [7] * 4)

    assert features.names == ("x <1", "x 1+")


def test_an_outlier_is_in_the_last_range() -> None:
    features = fit_column(ColumnKind.NUMBER, range(80))

    assert names(features, {"x": 1e300}) == names(features, {"x": 79}) == [features.names[-1]]


@pytest.mark.parametrize(
    ("written", "weekday", "hour"),
    [
        ("2024-01-05T16:30:00+02:00", "Friday", 14),
        ("05.01.2024 16:30", "Friday", 16),
        (1_704_465_000, "Friday", 14),
        ("9999-12-31T23:59:59-14:00", "Saturday", 13),
        ("0001-01-01T00:00:00+14:00", "Sunday", 10),
    ],
)
def test_hours_and_weekdays_are_utc(written: object, weekday: str, hour: int) -> None:
    reader = FactReader(Declaration(metadata={"x": ColumnKind.TIME}))

    assert reader.read(Message("m", "", None, {"x": written}), "") == ((weekday,), float(hour))


def test_a_date_alone_has_no_hour() -> None:
    reader = FactReader(Declaration(metadata={"x": ColumnKind.TIME}))

    assert reader.read(Message("m", "", None, {"x": "2024-01-05"}), "") == (("Friday",), None)


ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
) | st.sampled_from([10**400, "9" * 5_000, "1e999", "9999-99-99", "\ud800", object(), 1j])


@settings(deadline=None)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(ALL.metadata, ANYTHING)), st.text())
def test_whatever_the_metadata_hold_nothing_is_raised(known: dict[str, Any], text: str) -> None:
    held = FITTED.of(Message("m", text, None, known), text)

    assert list(held) == sorted(set(held))
    assert all(0 <= column < len(FITTED) for column in held)


@settings(deadline=None)
@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(ALL.metadata, ANYTHING))))
def test_anything_can_be_learnt_from_and_read_back(many: list[dict[str, Any]]) -> None:
    learnt = fit(ALL, many)
    back = Features.from_dict(json.loads(json.dumps(learnt.to_dict())))

    assert back == learnt


def test_columns_stand_behind_the_grams() -> None:
    grams = sparse.csr_matrix(np.eye(3, dtype=np.float32))
    held = [FITTED.of(Message("m", "", None, one), "") for one in MANY[:2]]
    found = FITTED.beside(grams, held)

    assert (found.shape, found.dtype) == ((3, 3 + len(FITTED)), np.float32)
    assert (found[:, :3] != grams).nnz == 0
    for row, columns in enumerate((*held, ())):
        assert tuple(found[[row]][:, 3:].indices) == columns


def test_a_release_without_features_has_the_grams_alone() -> None:
    grams = sparse.csr_matrix(np.eye(3, dtype=np.float32))

    assert NO_FEATURES.beside(grams, ()) is grams
    assert NO_FEATURES.of(Message("m", "", None, {"state": "CA"}), "") == ()


@pytest.mark.parametrize("gone", ["metadata", "measures", "keywords", "weight", "columns"])
def test_a_part_that_is_missing_is_no_guess(gone: str) -> None:
    stored = {name: part for name, part in FITTED.to_dict().items() if name != gone}

    with pytest.raises(KeyError):
        Features.from_dict(stored)
