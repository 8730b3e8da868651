"""What goes to a person, and what comes back."""

from datetime import UTC, datetime

import pytest

from sortyard.domain.corrections import Correction, Review
from sortyard.domain.predictions import Answer, Choice, Route

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def _answer(**routes: Route) -> Answer:
    choices = {
        name: Choice(dimension=name, labels=("a",), confidence=0.5, route=route)
        for name, route in routes.items()
    }
    return Answer(message_id="m1", release="r1", choices=choices)


def _correction(after: tuple[str, ...]) -> Correction:
    return Correction(
        message_id="m1",
        release="r1",
        dimension="flags",
        before=("a", "b"),
        after=after,
        reviewer="anna",
        at=NOON,
    )


def test_a_person_is_asked_about_what_the_machine_leaves_open() -> None:
    answer = _answer(team=Route.REVIEW, urgency=Route.CONFIRM, flags=Route.REVIEW)

    review = Review.of(answer, opened=NOON)

    assert review == Review(
        message_id="m1", release="r1", dimensions=("team", "flags"), opened=NOON
    )
    assert review.is_waiting


def test_nobody_is_asked_about_what_is_clear() -> None:
    assert Review.of(_answer(team=Route.AUTO, urgency=Route.CONFIRM), opened=NOON) is None


@pytest.mark.parametrize(
    ("after", "agrees"), [(("b", "a"), True), (("a",), False), ((), False), (("a", "c"), False)]
)
def test_who_names_the_same_labels_agrees(after: tuple[str, ...], *, agrees: bool) -> None:
    assert _correction(after).agrees is agrees


def test_a_correction_is_read_back_as_it_was() -> None:
    correction = _correction(("b",))

    assert Correction.from_dict(correction.to_dict()) == correction
