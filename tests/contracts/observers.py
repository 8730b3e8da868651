"""What every observer does: it takes any event, from any thread, and never raises."""

from collections.abc import Callable
from threading import Thread

from sortyard.domain.languages import Foreign
from sortyard.domain.predictions import (
    Answer,
    Candidate,
    Choice,
    Degradation,
    Reason,
    Route,
    Source,
    Stage,
)
from sortyard.serving.observing import Observer, Stages

THREADS, ROUNDS = 4, 50

SURE = Choice(
    dimension="team",
    labels=("billing",),
    confidence=0.97,
    route=Route.AUTO,
    candidates=(Candidate("billing", 0.97), Candidate("access", 0.02)),
    stage=Stage.STATIC,
)
RULED = Choice(
    dimension="flags",
    labels=("angry", "urgent"),
    confidence=None,
    route=Route.REVIEW,
    reason=Reason.RULE,
    source=Source.RULE,
    rule="shouting",
)
ANSWER = Answer(message_id="a-secret-id", release="r1", choices={"team": SURE, "flags": RULED})
HURRIED = Answer(
    message_id="another",
    release="r1",
    choices={"team": SURE},
    degraded=Degradation.NO_ENCODER,
    foreign=Foreign("fr", translated=True),
)

EVENTS: tuple[Callable[[Observer], None], ...] = (
    lambda one: one.request("http", "ok", 0.004, 2),
    lambda one: one.request("grpc", "overloaded", 0.0, 0),
    lambda one: one.answered([ANSWER, HURRIED], 0.003),
    lambda one: one.answered([], 0.0),
    lambda one: one.stages(Stages(queue=0.001, prepare=0.0005, judge=0.002, record=0.0)),
    lambda one: one.batch(2, 0.001, 0.002),
    lambda one: one.cache(1, 3),
    lambda one: one.failed("invalid-message"),
    lambda one: one.refused("overloaded", 5),
    lambda one: one.level(Degradation.WIDER_REVIEW),
    lambda one: one.level(None),
    lambda one: one.swapped(None, "r1", 0.7),
    lambda one: one.swapped("r1", "r2", 0.4),
    lambda one: one.swap_failed("r3", "damaged-bundle"),
)


def check_observer(observer: Observer) -> None:
    """Tell it everything, from several threads at once."""
    raised: list[BaseException] = []

    def tell() -> None:
        try:
            for _ in range(ROUNDS):
                for event in EVENTS:
                    event(observer)
        except Exception as error:  # noqa: BLE001 -- whatever it is, the contract is broken
            raised.append(error)

    threads = [Thread(target=tell) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert raised == []
