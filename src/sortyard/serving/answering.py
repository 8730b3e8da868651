"""From prepared messages to answers: looked up where they are known, judged where they are not."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from sortyard.domain.predictions import Answer, Degradation
from sortyard.models.classifier import Prepared
from sortyard.serving.cache import AnswerCache, Key
from sortyard.serving.jobs import Found, Job, Result, each_alone, fault


class Answering:
    """
    Answers a batch, every message by the release of its job.

    Messages with the same sight are judged once, in a batch and, as long as the cache remembers,
    ever. An answer that was made in haste is not remembered. One thread at a time calls it.
    """

    def __init__(
        self,
        cache: AnswerCache,
        *,
        release: Callable[[], str | None],
        degradation: Callable[[], Degradation | None],
    ) -> None:
        self._cache = cache
        self._release = release
        self._degradation = degradation

    def answer(self, asked: Sequence[tuple[Job, Prepared]]) -> list[Found]:
        """Answer every message, in their order."""
        self._cache.turn_to(self._release())
        found: dict[int, Found] = {}
        unknown: defaultdict[Key, list[int]] = defaultdict(list)
        for place, (job, prepared) in enumerate(asked):
            release = job.classifier.release
            key = (release, job.candidates, job.classifier.sight(prepared))
            choices = self._cache.get(key)
            if choices is None:
                unknown[key].append(place)
            else:
                answer = Answer(
                    message_id=job.message.id,
                    release=release,
                    choices=choices,
                    foreign=prepared.foreign,
                )
                found[place] = Found(answer, cached=True)
        degradation = self._degradation()
        for twins in _alike(unknown):
            found |= self._judge(asked, twins, degradation)
        return [found[place] for place in range(len(asked))]

    def _judge(
        self,
        asked: Sequence[tuple[Job, Prepared]],
        twins: Sequence[tuple[Key, Sequence[int]]],
        degradation: Degradation | None,
    ) -> dict[int, Found]:
        """Judge messages of one release together; those of the same key share an answer."""
        job, _ = asked[twins[0][1][0]]
        classifier = job.classifier.degraded(degradation)
        results: list[Result] = each_alone(
            lambda batch: classifier.answer(batch, candidates=job.candidates),
            [asked[places[0]][1] for _, places in twins],
            lambda one: fault(one.message),
        )
        found = {}
        for (key, places), result in zip(twins, results, strict=True):
            for place in places:
                found[place] = Found(replace(result, message_id=asked[place][0].message.id))
            if isinstance(result, Answer) and result.degraded is None:
                text = asked[places[0]][1].text
                self._cache.put(key, result.choices, characters=len(text))
        return found


def _alike(
    unknown: dict[Key, list[int]],
) -> Iterable[Sequence[tuple[Key, Sequence[int]]]]:
    """Group what can be judged together: the same release, and as many candidates."""
    groups: defaultdict[tuple[str, int], list[tuple[Key, Sequence[int]]]] = defaultdict(list)
    for key, places in unknown.items():
        groups[key[:2]].append((key, places))
    return groups.values()
