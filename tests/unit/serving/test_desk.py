"""The desk: every message has one answer, of one release, kept before it is given."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.domain.errors import (
    CannotKeep,
    NotReady,
    Overloaded,
    TooLarge,
    UnknownDimension,
    UnknownLabels,
)
from sortyard.domain.messages import Message
from sortyard.domain.predictions import Answer, Degradation, Failure, Reason
from sortyard.domain.records import KeptText, TextForm
from sortyard.models.classifier import Classifier
from sortyard.serving.active import Active
from sortyard.serving.bounds import Bounds
from sortyard.serving.desk import Desk, Options
from tests.contracts.desks import (
    PATIENCE,
    POISON,
    MemoryRecorder,
    WatchedEncoder,
    Watching,
    open_desk,
    until,
    watched,
)
from tests.contracts.tiny_release import TAXONOMY, tiny_dataset

TEXTS = tiny_dataset(100, seed=5).texts
MESSAGES = [Message(f"m{place}", text) for place, text in enumerate(TEXTS)]
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


async def at_the_gate(student: WatchedEncoder) -> None:
    """Return when the worker has come to the student."""
    assert await asyncio.to_thread(student.reached.wait, PATIENCE)
    student.reached.clear()


async def until_waiting(desk: Desk, messages: int) -> None:
    await until(lambda: desk.figures.waiting >= messages)


def labels(results: Sequence[Answer | Failure]) -> list[list[tuple[str, ...]]]:
    return [
        [choice.labels for choice in one.choices.values()]
        for one in results
        if isinstance(one, Answer)
    ]


def test_the_desk_answers_as_the_release_does(trained: Classifier) -> None:
    async def scenario() -> None:
        async with open_desk(trained) as desk:
            served = await desk.answer(MESSAGES)
        assert [one.message_id for one in served.results] == [one.id for one in MESSAGES]
        assert labels(served.results) == labels(trained.classify_batch(MESSAGES))
        assert (served.release, served.dimensions) == ("r1", TAXONOMY.names)
        assert served.taxonomy == TAXONOMY

    asyncio.run(scenario())


def test_a_poison_message_among_a_hundred_fails_alone(trained: Classifier) -> None:
    async def scenario() -> None:
        recorder, observer = MemoryRecorder(), Watching()
        messages = [*MESSAGES[:40], Message("bad", f"a {POISON} pill"), *MESSAGES[40:99]]
        async with open_desk(watched(trained)[0], recorder=recorder, observer=observer) as desk:
            served = await desk.answer(messages)
        failure = served.results[40]
        assert isinstance(failure, Failure)
        assert (failure.message_id, failure.code) == ("bad", "internal")
        assert POISON not in failure.problem
        assert len(labels(served.results)) == 99
        assert len(recorder.records) == 99
        assert observer.named("failed") == [["internal"]]

    asyncio.run(scenario())


def test_a_message_that_is_none_fails_alone(trained: Classifier) -> None:
    async def scenario() -> None:
        broken = Message("bad", 5)  # type: ignore[arg-type]
        async with open_desk(trained) as desk:
            served = await desk.answer([MESSAGES[0], broken, MESSAGES[1]])
        failure = served.results[1]
        assert isinstance(failure, Failure)
        assert failure.code == "invalid-message"
        assert len(labels(served.results)) == 2

    asyncio.run(scenario())


def test_an_empty_text_goes_to_a_person(trained: Classifier) -> None:
    async def scenario() -> None:
        async with open_desk(trained) as desk:
            (answer,) = (await desk.answer([Message("m", " ")])).results
        assert isinstance(answer, Answer)
        assert {choice.reason for choice in answer.choices.values()} == {Reason.EMPTY}

    asyncio.run(scenario())


def test_only_the_dimensions_that_are_asked_for_are_given_and_all_are_kept(
    trained: Classifier,
) -> None:
    async def scenario() -> None:
        recorder = MemoryRecorder()
        async with open_desk(trained, recorder=recorder) as desk:
            options = Options(dimensions=("flags", "team", "flags"), candidates=2)
            served = await desk.answer(MESSAGES[:1], options)
        (answer,) = served.results
        assert isinstance(answer, Answer)
        assert tuple(answer.choices) == served.dimensions == ("flags", "team")
        assert len(answer["team"].candidates) == 2
        assert tuple(recorder.records[0].answer.choices) == TAXONOMY.names

    asyncio.run(scenario())


def test_a_dimension_that_there_is_not_is_an_error(trained: Classifier) -> None:
    async def scenario() -> None:
        async with open_desk(trained) as desk:
            with pytest.raises(UnknownDimension):
                await desk.answer(MESSAGES[:1], Options(dimensions=("colour",)))

    asyncio.run(scenario())


def test_the_same_text_is_judged_once(trained: Classifier) -> None:
    async def scenario() -> None:
        release, student = watched(trained)
        recorder = MemoryRecorder()
        async with open_desk(release, recorder=recorder) as desk:
            first = await desk.answer([Message("a", TEXTS[0]), Message("b", TEXTS[0])])
            second = await desk.answer([Message("c", f" {TEXTS[0]} ")])
            third = await desk.answer([Message("d", TEXTS[0])], Options(candidates=2))
        assert (first.cached, second.cached, third.cached) == (0, 1, 0)
        assert student.texts == [TEXTS[0]] * 2
        assert len({str(labels(one.results[:1])) for one in (first, second, third)}) == 1
        assert [one.message_id for one in recorder.records] == list("abcd")

    asyncio.run(scenario())


def test_what_failed_is_not_remembered(trained: Classifier) -> None:
    async def scenario() -> None:
        release, student = watched(trained)
        async with open_desk(release) as desk:
            for _ in range(2):
                await desk.answer([Message("bad", POISON)])
        assert student.texts == [POISON] * 2

    asyncio.run(scenario())


class Sealing:
    """A `TextKeeper` that turns words round, and cannot keep poison."""

    def keep(self, message: Message) -> KeptText:
        if POISON in message.text:
            raise ValueError(message.text)
        return KeptText(form=TextForm.ENCRYPTED, text=message.text[::-1])

    def author(self, name: str) -> str | None:
        return f"<{name}>"


def test_a_record_says_all_that_is_to_be_kept(trained: Classifier) -> None:
    async def scenario() -> None:
        recorder = MemoryRecorder()
        message = Message("m", TEXTS[0], metadata={"author": "ann", "source": "email"})
        parts = {"recorder": recorder, "texts": Sealing(), "now": lambda: NOON}
        async with open_desk(trained, **parts) as desk:
            served = await desk.answer([message], front="http")
        (record,) = recorder.records
        assert record.answer == served.results[0]
        assert record.kept == KeptText(form=TextForm.ENCRYPTED, text=TEXTS[0][::-1])
        assert (record.received, record.author, record.origin) == (NOON, "<ann>", "http")
        assert 0.0 < record.milliseconds < PATIENCE * 1e3

    asyncio.run(scenario())


def test_a_message_whose_words_cannot_be_kept_is_not_answered(trained: Classifier) -> None:
    async def scenario() -> None:
        recorder = MemoryRecorder()
        async with open_desk(trained, recorder=recorder, texts=Sealing()) as desk:
            served = await desk.answer([*MESSAGES[:9], Message("bad", POISON)])
        assert isinstance(served.results[-1], Failure)
        assert {one.message_id for one in recorder.records} == {one.id for one in MESSAGES[:9]}

    asyncio.run(scenario())


def test_an_answer_that_cannot_be_kept_is_not_given(trained: Classifier) -> None:
    async def scenario() -> None:
        recorder, observer = MemoryRecorder(refuses=True), Watching()
        async with open_desk(trained, recorder=recorder, observer=observer) as desk:
            with pytest.raises(CannotKeep):
                await desk.answer(MESSAGES)
            recorder.refuses = False
            assert len(labels((await desk.answer(MESSAGES)).results)) == len(MESSAGES)
        assert observer.named("refused") == [["cannot-keep", len(MESSAGES)]]

    asyncio.run(scenario())


def test_what_is_too_much_is_refused_at_once_and_the_rest_is_answered(
    trained: Classifier,
) -> None:
    async def scenario() -> None:
        release, student = watched(trained)
        observer = Watching()
        async with open_desk(release, bounds=Bounds(most_waiting=3), observer=observer) as desk:
            student.gate.clear()
            inside = [asyncio.create_task(desk.answer([one])) for one in MESSAGES[:3]]
            await until_waiting(desk, 3)
            with pytest.raises(Overloaded) as refusal:
                await desk.answer(MESSAGES[3:4])
            with pytest.raises(TooLarge):
                await desk.answer(MESSAGES[:4])
            student.gate.set()
            await asyncio.gather(*inside)
            assert desk.figures.waiting == 0
            await desk.answer(MESSAGES[3:4])
        assert refusal.value.retry_after >= 1.0
        assert observer.named("refused") == [["overloaded", 1], ["too-large", 4]]

    asyncio.run(scenario())


@pytest.mark.parametrize("where", ["bounds", "options"])
def test_what_has_waited_too_long_is_refused(trained: Classifier, where: str) -> None:
    async def scenario() -> None:
        release, student = watched(trained)
        bounds = Bounds(patience=0.01) if where == "bounds" else Bounds()
        options = Options(within=0.01) if where == "options" else Options()
        async with open_desk(release, bounds=bounds) as desk:
            student.gate.clear()
            first = asyncio.create_task(desk.answer(MESSAGES[:1]))
            await at_the_gate(student)
            late = asyncio.create_task(desk.answer(MESSAGES[1:2], options))
            await until_waiting(desk, 2)
            await asyncio.sleep(0.02)
            student.gate.set()
            with pytest.raises(Overloaded):
                await late
            await first
        assert student.texts == [TEXTS[0]]

    asyncio.run(scenario())


def test_a_client_that_is_gone_costs_nothing_more(trained: Classifier) -> None:
    async def scenario() -> None:
        release, student = watched(trained)
        recorder = MemoryRecorder()
        async with open_desk(release, recorder=recorder) as desk:
            student.gate.clear()
            first = asyncio.create_task(desk.answer(MESSAGES[:1]))
            await at_the_gate(student)
            gone = asyncio.create_task(desk.answer(MESSAGES[1:2]))
            await until_waiting(desk, 2)
            gone.cancel()
            await asyncio.sleep(0)
            student.gate.set()
            await first
            await desk.answer(MESSAGES[2:3])
            assert desk.figures.waiting == 0
        assert student.texts == [TEXTS[0], TEXTS[2]]
        assert [one.message_id for one in recorder.records] == ["m0", "m2"]

    asyncio.run(scenario())


def test_a_swap_takes_nothing_from_a_request_that_has_begun(trained: Classifier) -> None:
    """Each request is answered whole by the release that was active when it came."""

    async def scenario() -> None:
        release, student = watched(trained)
        wanted = "r1"
        active = Active(lambda: wanted, lambda name: replace(release, release=name))
        recorder = MemoryRecorder()
        desk = Desk(active, recorder=recorder, bounds=Bounds(most_in_batch=8))
        await desk.start()
        student.reached.clear()
        student.gate.clear()
        before = asyncio.create_task(desk.answer(MESSAGES[:20]))
        await at_the_gate(student)
        wanted = "r2"
        swapping = asyncio.create_task(active.look())
        student.gate.set()
        await swapping
        after = await desk.answer(MESSAGES[:20])
        assert {one.release for one in (await before).results if isinstance(one, Answer)} == {"r1"}
        assert {one.release for one in after.results if isinstance(one, Answer)} == {"r2"}
        assert ((await before).release, after.release) == ("r1", "r2")
        assert len({(one.message_id, one.release) for one in recorder.records}) == 40
        await desk.close()

    asyncio.run(scenario())


def test_ten_swaps_under_load_fail_no_request(trained: Classifier) -> None:
    async def scenario() -> None:
        wanted, recorder = ["r0"], MemoryRecorder()
        active = Active(lambda: wanted[0], trained.named, every=0.001)
        desk = Desk(active, recorder=recorder)
        await desk.start()
        seen: set[str] = set()

        async def client(number: int) -> None:
            while len(seen) < 11:
                served = await desk.answer([replace(MESSAGES[number], id=f"{number}-{len(seen)}")])
                (answer,) = served.results
                assert isinstance(answer, Answer)
                assert answer.release == served.release
                seen.add(answer.release)

        async def operator() -> None:
            for swap in range(1, 11):
                await until(lambda: wanted[0] in seen)
                wanted[0] = f"r{swap}"

        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(operator(), *map(client, range(8)))
        await desk.close()
        assert seen == {f"r{one}" for one in range(11)}
        by_key: dict[tuple[str, str], list[list[tuple[str, ...]]]] = {}
        for one in recorder.records:
            by_key.setdefault((one.message_id, one.release), []).extend(labels([one.answer]))
        assert all(found.count(found[0]) == len(found) for found in by_key.values())

    asyncio.run(scenario())


def test_without_a_release_it_is_not_ready(trained: Classifier) -> None:
    async def scenario() -> None:
        desk = Desk(Active(lambda: None, trained.named))
        await desk.start()
        assert (desk.readiness.ready, desk.readiness.problem) == (False, "no release was promoted")
        for refused in (desk.answer(MESSAGES[:1]), desk.explain(MESSAGES[0])):
            with pytest.raises(NotReady):
                await refused
        await desk.close()

    asyncio.run(scenario())


def test_readiness_names_the_release_until_the_desk_is_closed(trained: Classifier) -> None:
    async def scenario() -> None:
        async with open_desk(trained) as desk:
            ready = desk.readiness
            assert (ready.ready, ready.release, ready.problem) == (True, "r1", None)
            assert desk.taxonomy == TAXONOMY
        assert not desk.readiness.ready
        with pytest.raises(NotReady):
            await desk.answer(MESSAGES[:1])

    asyncio.run(scenario())


def test_closing_answers_what_waits(trained: Classifier) -> None:
    async def scenario() -> None:
        release, student = watched(trained)
        async with open_desk(release) as desk:
            student.gate.clear()
            waits = asyncio.create_task(desk.answer(MESSAGES))
            await at_the_gate(student)
            closing = asyncio.create_task(desk.close())
            await asyncio.sleep(0)
            with pytest.raises(NotReady):
                await desk.answer(MESSAGES[:1])
            student.gate.set()
            await closing
            assert len(labels((await waits).results)) == len(MESSAGES)

    asyncio.run(scenario())


def test_an_explanation_is_the_releases_own(trained: Classifier) -> None:
    async def scenario() -> None:
        async with open_desk(trained) as desk:
            found = await desk.explain(MESSAGES[0], "topic")
            with pytest.raises(UnknownLabels):
                await desk.explain(MESSAGES[0], "topic", label="colour")
        assert found == trained.explain(MESSAGES[0], "topic")

    asyncio.run(scenario())


def test_many_explanations_hold_up_no_answer(trained: Classifier) -> None:
    """A batch that comes while many messages wait to be explained waits for one of them at most."""

    async def scenario() -> None:
        release, student = watched(trained)
        async with open_desk(release) as desk:
            student.gate.clear()
            first = asyncio.create_task(desk.answer(MESSAGES[:1]))
            await at_the_gate(student)
            explained = [asyncio.create_task(desk.explain(one, "topic")) for one in MESSAGES[:40]]
            await until_waiting(desk, 41)
            second = asyncio.create_task(desk.answer(MESSAGES[1:2]))
            await until_waiting(desk, 42)
            student.gate.set()
            await second
            assert sum(one.done() for one in explained) <= 2
            await asyncio.gather(first, *explained)

    asyncio.run(scenario())


def test_who_would_wait_too_long_for_an_explanation_is_refused(trained: Classifier) -> None:
    async def scenario() -> None:
        release, student = watched(trained)
        async with open_desk(release, bounds=Bounds(patience=0.05)) as desk:
            student.gate.clear()
            answer = asyncio.create_task(desk.answer(MESSAGES[:1]))
            await at_the_gate(student)
            first = asyncio.create_task(desk.explain(MESSAGES[1], "topic"))
            await until_waiting(desk, 2)
            with pytest.raises(Overloaded):
                await desk.explain(MESSAGES[2], "topic")
            student.gate.set()
            await asyncio.gather(answer, first)
            assert await desk.explain(MESSAGES[2], "topic")

    asyncio.run(scenario())


def test_the_observer_is_told_of_every_request_and_its_stages(trained: Classifier) -> None:
    async def scenario() -> None:
        observer = Watching()
        async with open_desk(trained, observer=observer) as desk:
            await desk.answer(MESSAGES[:3])
            await desk.answer(MESSAGES[:3])
        assert observer.named("cache") == [[0, 3], [3, 0]]
        assert [size for size, *_ in observer.named("batch")] == [3, 3]
        assert [len(answers) for answers, _ in observer.named("answered")] == [3, 3]
        for stages, seconds in zip(
            observer.named("stages"), observer.named("answered"), strict=True
        ):
            spent = stages[0].queue + stages[0].prepare + stages[0].judge + stages[0].record
            assert 0.0 < spent <= seconds[1]

    asyncio.run(scenario())


def test_what_is_asked_too_often_is_answered_by_the_student_alone(trained: Classifier) -> None:
    """A queue that stands shortens the line, the answers say so, and it is over soon after."""

    async def scenario() -> None:
        models = tuple(replace(model, lead=2.0) for model in trained.models)
        release, _ = watched(replace(trained, models=models), pause=0.02)
        observer = Watching()
        async with open_desk(release, observer=observer, bounds=Bounds(most_in_batch=1)) as desk:
            served = await asyncio.gather(*(desk.answer([one]) for one in MESSAGES[:60]))
            answers = [one.results[0] for one in served]
            marks = {one.degraded for one in answers if isinstance(one, Answer)}
            assert {None, Degradation.NO_ENCODER} <= marks
            await until(lambda: desk.figures.degradation is None, seconds=5.0)
            (after,) = (await desk.answer([Message("after", "quite another text")])).results
            assert isinstance(after, Answer)
            assert after.degraded is None
        assert observer.named("level")[0] == [Degradation.NO_ENCODER]
        assert observer.named("level")[-1] == [None]

    asyncio.run(scenario())


REQUESTS = st.lists(
    st.tuples(st.lists(st.integers(0, 99), max_size=9), st.booleans()), min_size=1, max_size=12
)


@settings(max_examples=25)
@given(REQUESTS, st.integers(1, 5), st.integers(0, 20))
def test_in_any_mix_of_requests_each_gets_its_own_answers_and_all_of_them_are_kept(
    trained: Classifier, requests: list[tuple[list[int], bool]], most: int, entries: int
) -> None:
    """Requests of any size, of which some are given up, with any batches and any cache."""
    expected = labels(trained.classify_batch(MESSAGES))

    async def scenario() -> None:
        recorder = MemoryRecorder()
        bounds = Bounds(most_in_batch=most, cache_entries=entries)
        async with open_desk(trained, recorder=recorder, bounds=bounds) as desk:
            tasks = [
                asyncio.create_task(
                    desk.answer([Message(f"{number}-{one}", TEXTS[one]) for one in places])
                )
                for number, (places, _) in enumerate(requests)
            ]
            await asyncio.sleep(0)
            for task, (_, gives_up) in zip(tasks, requests, strict=True):
                if gives_up:
                    task.cancel()
            done = await asyncio.gather(*tasks, return_exceptions=True)
        kept = {one.message_id for one in recorder.records}
        for served, (places, gives_up) in zip(done, requests, strict=True):
            if not isinstance(served, BaseException):
                assert labels(served.results) == [expected[one] for one in places]
                assert {one.message_id for one in served.results} <= kept
            else:
                assert gives_up
        assert desk.figures.waiting == 0

    asyncio.run(scenario())
