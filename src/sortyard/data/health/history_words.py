"""What became of labels over time, in sentences."""

from collections.abc import Iterator

from sortyard.data.health.finding import percent
from sortyard.data.health.time import History, day
from sortyard.domain.errors import number


def span_in_words(history: History, shown: int | None) -> Iterator[str]:
    """Say what time the archive spans, and which labels turned in it, the largest first."""
    yield f"from {day(history.first)} to {day(history.last)}, {history.dated:,} rows with a time"
    for word, turns in (("stopped", history.stopped), ("began", history.began)):
        for one in turns[:shown]:
            side = "after" if word == "stopped" else "before"
            yield (
                f"{one.label} {word} on {day(one.at)}: {one.rows:,} rows, and none in the "
                f"{percent(one.silence)} of the archive {side} it"
            )
        if shown is not None and len(turns) > shown:
            yield f"and {len(turns) - shown:,} more that {word}"
    for pair in history.relabelled[:shown]:
        names = f"{' + '.join(pair.before) or 'none'} became {' + '.join(pair.after) or 'none'}"
        yield f"{names} later, for {number(pair.texts, 'text')}"
