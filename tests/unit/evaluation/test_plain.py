"""Measures become JSON that any reader accepts."""

import json
from datetime import UTC, datetime

import numpy as np
import pytest

from sortyard.domain.taxonomy import Kind
from sortyard.evaluation.intervals import Interval
from sortyard.evaluation.plain import plain


def test_values_become_plain():
    value = {
        "nan": np.nan,
        "infinite": float("inf"),
        "numpy": np.float64(1 / 3),
        "count": np.int64(3),
        "yes": True,
        "kind": Kind.SINGLE,
        "interval": Interval(0.1, 0.2),
        "when": datetime(2026, 1, 2, tzinfo=UTC),
        "many": (1, None),
        5: "key",
    }

    assert json.loads(json.dumps(plain(value), allow_nan=False)) == {
        "nan": None,
        "infinite": None,
        "numpy": 0.333333,
        "count": 3,
        "yes": True,
        "kind": "single",
        "interval": {"low": 0.1, "high": 0.2},
        "when": "2026-01-02T00:00:00+00:00",
        "many": [1, None],
        "5": "key",
    }


def test_what_json_cannot_hold_is_refused():
    with pytest.raises(TypeError, match="object"):
        plain(object())
