"""What an archive has too little of to learn or to test."""

from collections import Counter
from collections.abc import Iterator

from sortyard.data.dataset import Dataset
from sortyard.domain.errors import listing


def scarcities(dataset: Dataset) -> Iterator[str]:
    """Say which dimensions have one label only, and which labels have one row only."""
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
        lonely = sorted(label for label, count in rows.items() if count == 1)
        if lonely:
            subject = "1 label has" if len(lonely) == 1 else f"{len(lonely)} labels have"
            yield (
                f"{dimension}: {subject} one row only ({listing(lonely)}); that is too little to "
                "learn and test. Add messages, or unite labels."
            )
