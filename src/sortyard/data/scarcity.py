"""What an archive has too little of to learn or to test, and what it has twice."""

from collections import Counter
from collections.abc import Iterator, Sequence

from sortyard.data.dataset import Dataset
from sortyard.data.health.spelling import Spelling, spellings
from sortyard.domain.errors import listing

NAMED = 5


def scarcities(dataset: Dataset) -> Iterator[str]:
    """Say which dimensions have one label only, which labels one row only or two spellings."""
    for dimension in dataset.dimensions:
        every = dataset.labels(dimension)
        sets = [every[at] for at in dataset.answered(dimension)]
        rows = Counter(label for labels in sets for label in set(labels))
        if len(rows) == 1 and all(sets):
            (label,) = rows
            yield (
                f"{dimension} has one label only, {label!r}, so there is nothing to choose: every "
                "message gets it. Add messages with other labels."
            )
            continue
        pairs = spellings(rows).pairs
        lonely = sorted(label for label, count in rows.items() if count == 1)
        if lonely:
            subject = "1 label has" if len(lonely) == 1 else f"{len(lonely)} labels have"
            slips = [one for one in pairs if one.rarer_rows == 1 and not one.difference.is_sure]
            yield (
                f"{dimension}: {subject} one row only ({listing(lonely)}); that is too little to "
                f"learn and test. Add messages, or unite labels.{_perhaps(slips)}"
            )
        yield from _twice(dimension, [one for one in pairs if one.difference.is_sure])


def _twice(dimension: str, pairs: Sequence[Spelling]) -> Iterator[str]:
    if pairs:
        named = ", ".join(f"{one.rarer!r} beside {one.usual!r}" for one in pairs[:NAMED])
        more = f" and {len(pairs) - NAMED} more" if len(pairs) > NAMED else ""
        yield (
            f"{dimension}: labels that differ in case or marks only are two labels to every model: "
            f"{named}{more}. Write each in one way, and train again."
        )


def _perhaps(slips: Sequence[Spelling]) -> str:
    named = ", ".join(f"{one.rarer!r} is {one.usual!r}" for one in slips[:NAMED])
    return f" Perhaps {named}." if named else ""
