"""What is kept of a stream does not depend on how the stream was cut."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sortyard.labelling.shortlist import Best, Draw

WORTH = st.lists(st.floats(0.0, 1.0, width=32), min_size=1, max_size=60)


@given(worth=WORTH, size=st.integers(0, 70), cut=st.integers(1, 60))
def test_the_best_of_a_stream_are_the_best_of_all(worth: list[float], size: int, cut: int) -> None:
    values = np.array(worth, dtype=np.float32)
    best = Best(size)

    for start in range(0, len(values), cut):
        part = values[start : start + cut]
        best.see(start + np.arange(len(part)), part)

    order = sorted(range(len(worth)), key=lambda at: (-values[at], at))
    assert best.places.tolist() == [at for at in order if values[at] > 0][:size]


@given(count=st.integers(1, 80), size=st.integers(0, 90), cut=st.integers(1, 80))
def test_a_draw_depends_on_its_seed_alone(count: int, size: int, cut: int) -> None:
    whole, parts = (Draw(size, np.random.default_rng(5)) for _ in range(2))

    whole.see(np.arange(count))
    for start in range(0, count, cut):
        parts.see(np.arange(start, min(start + cut, count)))

    assert sorted(whole.places) == sorted(parts.places)
    assert len(set(whole.places.tolist())) == min(size, count)


def test_every_message_is_drawn_as_often_as_any_other() -> None:
    rng = np.random.default_rng(2)
    drawn = np.zeros(20)
    for _ in range(2_000):
        draw = Draw(5, rng)
        for start in range(0, 20, 7):
            draw.see(np.arange(start, min(start + 7, 20)))
        drawn[draw.places] += 1

    expected, deviation = 2_000 / 4, (2_000 * 0.25 * 0.75) ** 0.5
    assert np.abs(drawn - expected).max() < 4 * deviation
