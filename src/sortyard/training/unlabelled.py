"""
Messages of the archive that nobody has labelled: which of them teach.

They teach a `single` dimension where most of its labels have few messages, by what they are likely
to be (`self_training`). Where labels have many messages, theirs say more than any guess.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.taxonomy import Kind
from sortyard.models.calibration import evenly
from sortyard.text.preparation import Preparation
from sortyard.training.card_rows import Class, labels_with_few, unlike
from sortyard.training.lessons import Lesson
from sortyard.training.material import ALWAYS, Material
from sortyard.training.self_training import FEWEST
from sortyard.training.sets import Sets

MOST = 8_192  # texts; more of them take time and teach hardly more
NONE = np.empty(0, dtype=np.intp)
MOST_ROWS = 20_000  # with those that are labelled: bounds the memory of who is near to whom


def has_use(lesson: Lesson) -> bool:
    """Tell whether guesses may teach a dimension: before cards are added to its rows."""
    single = lesson.dimension.kind is Kind.SINGLE and lesson.truth.count > 1
    return single and 2 * len(labels_with_few(lesson)) > len(lesson.labels)


def with_unlabelled(taught: Class, lessons: Sequence[Lesson], preparation: Preparation) -> Class:
    """
    Add the unlabelled texts behind the rows and the cards, in no lesson, where they have use.

    `lessons` are those without cards. What is nearly a message of the training or of the test adds
    nothing to the one and would give the other away, and is left out.
    """
    sets = taught.sets
    taking = [lesson.dimension.name for lesson in lessons if has_use(lesson)]
    spare = _usable_texts(sets, preparation) if taking else []
    rows = np.arange(len(spare), dtype=np.intp) + len(sets.texts)
    added = np.full(len(spare), ALWAYS, dtype=np.intp)
    return replace(
        taught,
        sets=replace(sets, texts=(*sets.texts, *spare), folds=np.append(sets.folds, added)),
        unlabelled=dict.fromkeys(taking, rows) if spare else {},
    )


def _usable_texts(sets: Sets, preparation: Preparation) -> list[str]:
    """Prepare what is unlabelled, at most so much; the order of a file decides nothing."""
    most = min(MOST, MOST_ROWS - len(sets.texts))
    found = sorted({preparation.prepare(one) for one in sets.train.unlabelled} - {""})
    if min(most, len(found)) < FEWEST:
        return []
    found = [found[place] for place in evenly(len(found), most)]
    asked = [preparation.prepare(one.message) for one in sets.test.examples]
    texts = unlike(found, [*sets.texts, *asked])
    return texts if len(texts) >= FEWEST else []


def beside(part: Material, material: Material, unlabelled: NDArray[np.intp]) -> Material:
    """Put unlabelled rows of the material beside the part of it that one dimension learns from."""
    return replace(part, unlabelled=material.take(unlabelled)) if len(unlabelled) else part


def remark(dimension: str, material: Material) -> Iterator[str]:
    """Say for the report where unlabelled messages were learnt from."""
    if material.unlabelled is not None:
        yield (
            f"{dimension}: {len(material.unlabelled.texts):,} messages without a label were learnt "
            "from too, by guessing what they are (self-training), since labelled messages that "
            "were held out were told better with them. Nothing was measured on them."
        )
