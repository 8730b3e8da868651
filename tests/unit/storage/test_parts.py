"""Memory is bounded, and what is nowhere else never leaves it."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sortyard.storage.journal import Segment
from sortyard.storage.parts import Part, Parts
from tests.contracts.sinks import made_record

MOST = 10
RECORD = made_record(1)
SEGMENT = Segment(Path("one.segment"), 1)

sizes = st.integers(1, 6)
steps = st.lists(st.tuples(st.sampled_from(["add", "hold", "seal", "remove"]), sizes), max_size=40)


def _after(taken: list[tuple[str, int]]) -> Parts:
    parts = Parts(MOST)
    for step, size in taken:
        match step:
            case "add":
                if parts.growing is not None and not parts.growing.journalled:
                    parts.seal(None)
                parts.add([RECORD], size=size, at=0.0)
            case "hold":
                if parts.growing is not None and parts.growing.journalled:
                    parts.seal(SEGMENT)
                parts.hold([RECORD], size=size, at=0.0)
            case "seal":
                parts.seal(SEGMENT)
            case _:
                for part in parts.sealed[:1]:
                    parts.remove(part)
    return parts


def _in_memory(parts: Parts) -> list[Part]:
    return [part for part in parts if part.records is not None]


@given(steps)
def test_there_is_never_more_in_memory_than_allowed(taken: list[tuple[str, int]]) -> None:
    assert sum(part.size for part in _in_memory(_after(taken))) <= MOST


@given(steps)
def test_what_is_in_memory_is_measured(taken: list[tuple[str, int]]) -> None:
    parts = _after(taken)

    assert parts.in_memory == sum(part.size for part in _in_memory(parts))


@given(steps)
def test_what_is_nowhere_else_stays_in_memory(taken: list[tuple[str, int]]) -> None:
    held = [part for part in _after(taken) if not part.journalled]

    assert all(part.records is not None and len(part.records) == part.count for part in held)


def test_there_is_no_room_for_more_than_is_allowed() -> None:
    parts = Parts(MOST)

    assert (parts.hold([RECORD], size=MOST, at=0.0), parts.hold([RECORD], size=1, at=0.0)) == (
        True,
        False,
    )


def test_what_the_journal_has_leaves_memory_first() -> None:
    parts = Parts(MOST)
    parts.add([RECORD], size=MOST, at=0.0)
    parts.seal(SEGMENT)

    assert parts.hold([RECORD], size=MOST, at=0.0)
