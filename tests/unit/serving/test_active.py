"""One release answers; another takes its place whole, or not at all."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from sortyard.domain.errors import DamagedBundle
from sortyard.models.classifier import Classifier
from sortyard.serving.active import FIRST_PAUSE, Active, warm_up
from tests.contracts.desks import FakeClock, Watching, until
from tests.contracts.fakes import CountingScorer
from tests.contracts.tiny_release import with_reranker

OFTEN = 0.01


@dataclass(slots=True)
class Shelf:
    """Releases by name, of which some are damaged, and a pointer to one of them."""

    model: Classifier
    wanted: str | None = "r1"
    damaged: set[str] = field(default_factory=set)
    loaded: list[str] = field(default_factory=list)
    away: bool = False

    def pointer(self) -> str | None:
        if self.away:
            raise OSError
        return self.wanted

    def load(self, release: str) -> Classifier:
        self.loaded.append(release)
        if release in self.damaged:
            raise DamagedBundle("/somewhere/secret", "heads.safetensors", "was changed")
        return self.model.named(release)


def answering(active: Active) -> str | None:
    return active.classifier.release if active.classifier else None


def test_the_release_that_is_pointed_at_answers(trained: Classifier) -> None:
    async def scenario() -> None:
        shelf = Shelf(trained)
        active = Active(shelf.pointer, shelf.load)
        await active.look()
        assert (answering(active), active.problem) == ("r1", None)
        shelf.wanted = "r2"
        await active.look()
        assert (answering(active), active.problem) == ("r2", None)
        await active.look()
        assert shelf.loaded == ["r1", "r2"]

    asyncio.run(scenario())


def test_without_a_pointer_nothing_answers_and_it_says_so(trained: Classifier) -> None:
    async def scenario() -> None:
        shelf = Shelf(trained, wanted=None)
        active = Active(shelf.pointer, shelf.load)
        await active.look()
        assert (answering(active), active.problem) == (None, "no release was promoted")

    asyncio.run(scenario())


def test_where_the_pointer_is_lost_the_release_answers_on_and_it_says_so(
    trained: Classifier,
) -> None:
    async def scenario() -> None:
        shelf = Shelf(trained)
        active = Active(shelf.pointer, shelf.load)
        said = []
        for shelf.wanted in ("r1", None, "r1"):
            await active.look()
            said.append((answering(active), active.problem))
        assert said == [
            ("r1", None),
            ("r1", "no release is promoted any more; r1 answers on"),
            ("r1", None),
        ]
        assert shelf.loaded == ["r1"]

    asyncio.run(scenario())


def test_a_damaged_release_never_takes_the_place_of_one_that_answers(trained: Classifier) -> None:
    async def scenario() -> None:
        shelf, observer = Shelf(trained, damaged={"r2"}), Watching()
        active = Active(shelf.pointer, shelf.load, observer=observer)
        await active.look()
        shelf.wanted = "r2"
        await active.look()
        assert answering(active) == "r1"
        assert active.problem == "release r2 cannot be loaded (damaged-bundle)"
        assert observer.named("swap_failed") == [["r2", "damaged-bundle"]]

    asyncio.run(scenario())


def test_a_damaged_release_is_tried_again_after_a_pause(trained: Classifier) -> None:
    async def scenario() -> None:
        clock, shelf = FakeClock(), Shelf(trained, damaged={"r1"})
        active = Active(shelf.pointer, shelf.load, clock=clock)
        for _ in range(3):
            await active.look()
        assert shelf.loaded == ["r1"]
        clock.now += FIRST_PAUSE
        await active.look()
        clock.now += FIRST_PAUSE  # the pauses grow
        await active.look()
        assert shelf.loaded == ["r1"] * 2
        shelf.damaged.clear()
        clock.now += FIRST_PAUSE
        await active.look()
        assert (answering(active), active.problem) == ("r1", None)

    asyncio.run(scenario())


def test_going_back_to_the_release_that_answers_forgets_the_damaged_one(
    trained: Classifier,
) -> None:
    async def scenario() -> None:
        shelf = Shelf(trained, damaged={"r2"})
        active = Active(shelf.pointer, shelf.load)
        await active.look()
        for shelf.wanted in ("r2", "r1"):
            await active.look()
        assert (answering(active), active.problem, shelf.loaded) == ("r1", None, ["r1", "r2"])

    asyncio.run(scenario())


def test_a_pointer_that_cannot_be_read_changes_nothing(trained: Classifier) -> None:
    async def scenario() -> None:
        shelf = Shelf(trained)
        active = Active(shelf.pointer, shelf.load)
        await active.look()
        shelf.away = True
        await active.look()
        assert (answering(active), active.problem) == ("r1", None)

    asyncio.run(scenario())


def test_a_release_that_breaks_in_an_unforeseen_way_is_only_not_loaded(
    trained: Classifier,
) -> None:
    def load(_release: str) -> Classifier:
        raise ZeroDivisionError("a secret")

    async def scenario() -> None:
        shelf = Shelf(trained)
        active = Active(shelf.pointer, load)
        await active.look()
        assert active.problem == "release r1 cannot be loaded (internal)"

    asyncio.run(scenario())


def test_once_started_it_follows_by_itself(trained: Classifier) -> None:
    async def scenario() -> None:
        shelf, observer = Shelf(trained), Watching()
        active = Active(shelf.pointer, shelf.load, every=OFTEN, observer=observer)
        await active.start()
        assert answering(active) == "r1"
        shelf.wanted = "r2"
        await until(lambda: answering(active) == "r2")
        await active.close()
        assert [event[:2] for event in observer.named("swapped")] == [[None, "r1"], ["r1", "r2"]]

    asyncio.run(scenario())


@pytest.mark.parametrize("started", [True, False])
def test_it_can_be_closed_whatever_it_did_before(trained: Classifier, *, started: bool) -> None:
    async def scenario() -> None:
        shelf = Shelf(trained)
        active = Active(shelf.pointer, shelf.load)
        if started:
            await active.start()
        await active.close()
        assert answering(active) == ("r1" if started else None)

    asyncio.run(scenario())


def test_the_first_message_does_not_pay_for_the_reranker_either(trained: Classifier) -> None:
    scorer, clear = CountingScorer(), with_reranker(trained, margin=0.0)
    warm_up(replace(clear, eyes=replace(clear.eyes, reranker=scorer)))

    assert scorer.batches
