"""Many messages at once: answered in batches, written to a file, counted."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sortyard.app.answer_files import answer_file, ending_of
from sortyard.data.line_messages import Arrived
from sortyard.domain.facts import Result
from sortyard.domain.messages import Message
from sortyard.domain.ports import Progress
from sortyard.domain.predictions import Failure
from sortyard.models.classifier import Classifier

Batches = Iterable[tuple[Arrived, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What became of the messages; `routes` counts them for every dimension."""

    messages: int
    failures: int
    routes: Mapping[str, Mapping[str, int]]


def answers(
    classifier: Classifier, batches: Batches
) -> Iterator[tuple[tuple[Arrived, Result], ...]]:
    """Answer batch by batch, as the messages arrive; what is no message stays what it is."""
    for batch in batches:
        found = iter(classifier.classify_batch([o for o in batch if isinstance(o, Message)]))
        yield tuple((one, next(found) if isinstance(one, Message) else one) for one in batch)


def classify_into(
    target: Path, classifier: Classifier, batches: Batches, *, total: int | None, progress: Progress
) -> Tally:
    """
    Write all answers to a file, which appears when it is whole.

    Raises `InvalidUsage` for a name that does not say what kind of file it is.
    """
    ending_of(target)
    messages = failures = 0
    routes: dict[str, Counter[str]] = {name: Counter() for name in classifier.taxonomy.names}
    with (
        answer_file(target, classifier.taxonomy, release=classifier.release) as write,
        progress.stage("Classifying", total) as advance,
    ):
        for answered in answers(classifier, batches):
            results = [result for _, result in answered]
            write(results)
            advance(len(results))
            messages += len(results)
            for one in results:
                if isinstance(one, Failure):
                    failures += 1
                else:
                    for name, choice in one.choices.items():
                        routes[name][choice.route.value] += 1
    return Tally(messages=messages, failures=failures, routes=routes)
