"""
Cards as rows: where a label has few messages, what it says of itself teaches beside them.

Its card (path, definition and includes) and every example of its definition are rows of every view,
as if somebody had sent them. They are never held out, so nothing is measured on them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from sortyard.data.dataset import Dataset
from sortyard.data.duplicates import near_duplicate_groups
from sortyard.text.preparation import Preparation
from sortyard.training.lessons import Lesson
from sortyard.training.material import ALWAYS
from sortyard.training.sets import Sets

# Chosen on BANKING77 and CLINC150, on rows that neither trained nor tested: a card is worth 13 to
# 17 points of accuracy beside one row, 2 beside five, half a point beside ten, and 0.3 at most
# beside sixteen.
FEW = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """The rows of the archive, those of the cards and those without a label, and what is taught."""

    sets: Sets  # with the cards behind the training rows
    lessons: tuple[Lesson, ...]
    unlabelled: Mapping[str, NDArray[np.intp]] = field(default_factory=dict)  # by dimension


def with_cards(sets: Sets, lessons: Sequence[Lesson], preparation: Preparation) -> Class:
    """
    Add the cards of all labels that have few rows to the rows.

    Labels without rows have theirs among them where most labels have few; else the others are
    known so well that they are better told by how far their cards can be trusted (`fit_cards`). An
    example that is nearly a message of the archive adds nothing, and is left out: a held-out row
    must not be judged by its own twin.
    """
    texts, taught = list(sets.texts), []
    for lesson in lessons:
        found = _cards(lesson, sets, preparation)
        labels = np.array([label for label, _ in found], dtype=np.intp)
        places = np.arange(len(texts), len(texts) + len(found), dtype=np.intp)
        count = max(lesson.truth.count, int(labels.max(initial=-1)) + 1)
        texts += [text for _, text in found]
        taught.append(
            replace(
                lesson,
                rows=np.append(lesson.rows, places),
                truth=lesson.truth.joined(labels, count),
            )
        )
    added = np.full(len(texts) - len(sets.texts), ALWAYS, dtype=np.intp)
    return Class(
        sets=replace(sets, texts=tuple(texts), folds=np.append(sets.folds, added)),
        lessons=tuple(taught),
    )


def remarks(lessons: Sequence[Lesson]) -> Iterator[str]:
    """Say for the report where cards teach beside messages."""
    for lesson in lessons:
        few = len(labels_with_few(lesson))
        if few:
            yield (
                f"{lesson.dimension.name}: {few} of {len(lesson.labels)} labels have at most {FEW} "
                "messages to learn from. What they say of themselves (name, definition, examples) "
                "was learnt from as well."
            )


def labels_with_few(lesson: Lesson) -> NDArray[np.intp]:
    """Find the labels whose cards teach beside their rows, as numbers, rising."""
    supports = np.zeros(len(lesson.labels), dtype=np.intp)
    supports[: lesson.truth.count] = lesson.truth.supports()
    few = supports <= FEW
    return np.flatnonzero(few if few.mean() > 0.5 else few & (supports > 0))  # noqa: PLR2004 -- most


def _cards(lesson: Lesson, sets: Sets, preparation: Preparation) -> list[tuple[int, str]]:
    """List what the labels with few rows say of themselves, each with the number of its label."""
    nodes = {node.path: node for node in lesson.dimension.nodes}
    known = _by_label(sets.train, lesson.dimension.name, sets.texts)
    asked = _by_label(sets.test, lesson.dimension.name, sets.test.texts)
    found = []
    for label in labels_with_few(lesson):
        node = nodes[lesson.labels[label]]
        examples = [preparation(text) for text in node.label.examples]
        seen = [*known[node.path], *map(preparation, asked[node.path])]
        found.append((int(label), node.card))
        found += [(int(label), text) for text in unlike(examples, seen)]
    return found


def _by_label(
    dataset: Dataset, dimension: str, texts: Sequence[str]
) -> Mapping[str, Sequence[str]]:
    carried: defaultdict[str, list[str]] = defaultdict(list)
    if dimension in dataset.dimensions:
        for text, paths in zip(texts, dataset.labels(dimension), strict=True):
            for path in paths:
                carried[path].append(text)
    return carried


def unlike(examples: Sequence[str], seen: Sequence[str]) -> list[str]:
    """Keep the examples that say something, and that no seen text says in nearly those words."""
    if not examples:
        return []
    groups = near_duplicate_groups([*seen, *examples])
    known = set(groups[: len(seen)].tolist())
    own = groups[len(seen) :].tolist()
    return [text for text, group in zip(examples, own, strict=True) if text and group not in known]
