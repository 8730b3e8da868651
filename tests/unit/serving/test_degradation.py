"""Under too much the line is shortened step by step, and comes back when there is room."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.domain.predictions import Degradation
from sortyard.serving.degradation import LEVELS, Plan, Temper
from tests.contracts.desks import FakeClock

BATCH = 64
TICK = 0.25
LATE, SOON = 0.5, 0.001  # seconds waited for a batch


class Line:
    """A worker with a queue, in a world of its own time: what it carries depends on the level."""

    def __init__(self, *capacities: float) -> None:
        self.clock = FakeClock()
        self.offered = 0.0
        self.queue = 0.0
        self.moves: list[tuple[float, Degradation | None]] = []
        self.plan = Plan(
            lambda: int(self.offered),
            self.clock,
            changed=lambda to: self.moves.append((self.clock(), to)),
        )
        self.capacities = dict(zip(LEVELS, capacities, strict=True))

    def bear(self, per_second: float, seconds: float, *, most_waiting: int = 1_000) -> None:
        """Let messages come at a steady rate; a batch starts whenever one is due."""
        end = self.clock() + seconds
        while self.clock() < end:
            carries = self.capacities[self.plan.degradation]
            size = min(max(self.queue, 1.0), BATCH)
            lasts = size / carries
            waited = max(self.queue - size, 0.0) / carries + (lasts if self.queue > size else 0.0)
            self.clock.now += lasts
            self.offered += per_second * lasts
            self.queue = min(max(self.queue - size, 0.0) + per_second * lasts, most_waiting)
            self.plan.finished(round(size), waited, lasts)

    def rest(self, seconds: float) -> None:
        """Let nothing come, and only the clock go on."""
        self.queue = 0.0
        end = self.clock() + seconds
        while self.clock() < end:
            self.clock.now += TICK
            self.plan.look()


def line() -> Line:
    return Line(600.0, 2_500.0, 2_500.0)


def test_with_room_to_spare_nothing_is_left_out() -> None:
    world = line()
    world.bear(300.0, 60.0)
    assert world.moves == []


def test_a_burst_that_drains_is_no_overload() -> None:
    world = line()
    world.bear(300.0, 5.0)
    world.queue = 100.0
    world.bear(300.0, 5.0)
    assert world.moves == []


def test_too_much_leaves_the_encoder_out_within_a_second() -> None:
    world = line()
    world.bear(1_200.0, 1.5)
    assert world.plan.degradation is Degradation.NO_ENCODER


def test_far_too_much_widens_the_review_as_well() -> None:
    world = line()
    world.bear(10_000.0, 3.0)
    assert world.plan.degradation is Degradation.WIDER_REVIEW


@pytest.mark.parametrize("load", [0.0, 300.0])
def test_the_whole_line_is_back_within_five_seconds(load: float) -> None:
    world = line()
    world.bear(10_000.0, 60.0)
    if load:
        world.queue = 0.0
        world.bear(load, 5.0)
    else:
        world.rest(5.0)
    assert world.plan.degradation is None


def test_it_does_not_flap_under_a_steady_overload() -> None:
    """In two minutes it only goes to see now and then whether the whole line would do."""
    world = line()
    world.bear(1_200.0, 120.0)
    assert len(world.moves) <= 2 * 120.0 / Temper().doubt + 2


@given(st.lists(st.tuples(st.sampled_from([LATE, SOON]), st.floats(0.01, 2.0)), max_size=60))
def test_it_moves_one_step_at_a_time_and_always_comes_back(
    batches: list[tuple[float, float]],
) -> None:
    world = line()
    levels = [world.plan.degradation]
    for waited, lasts in batches:
        world.clock.now += lasts
        world.plan.finished(BATCH, waited, lasts)
        levels.append(world.plan.degradation)
    steps = [abs(LEVELS.index(one) - LEVELS.index(then)) for one, then in pairwise(levels)]
    assert max(steps, default=0) <= 1
    world.rest(5.0)
    assert world.plan.degradation is None


def test_every_move_is_told_once() -> None:
    world = line()
    world.bear(10_000.0, 3.0)
    world.rest(5.0)
    assert [to for _, to in world.moves] == [*LEVELS[1:], *LEVELS[-2::-1]]
