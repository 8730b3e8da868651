"""Durations are summarised in milliseconds."""

import pytest

from sortyard.domain.errors import NotEnoughData
from sortyard.evaluation.latency import Latency


def test_percentiles_are_in_milliseconds():
    found = Latency.of([one / 1_000 for one in range(1, 102)], messages_per_second=5.0)

    assert (found.p50_ms, found.p95_ms, found.p99_ms) == pytest.approx((51.0, 96.0, 100.0))
    assert found.messages == 101


def test_no_duration_is_too_few():
    with pytest.raises(NotEnoughData, match="measure the latency"):
        Latency.of([], messages_per_second=1.0)
