"""What an encoder may read before it is tuned: all that was said, and none of what it means."""

from collections.abc import Sequence

from sortyard.data.duplicates import near_duplicate_groups
from sortyard.domain.taxonomy import Dimension
from sortyard.text.preparation import Preparation
from sortyard.training.sets import Sets


def texts_to_read(
    sets: Sets, dimensions: Sequence[Dimension], preparation: Preparation
) -> tuple[str, ...]:
    """
    Collect training texts, unlabelled messages and the cards of all labels, each once.

    The texts of all folds are among them, since none of their labels are. What a test asks is not,
    word for word or nearly: no figure may rest on having read the question.
    """
    asked = [preparation.prepare(one.message) for one in sets.test.examples]
    spare = [preparation.prepare(one) for one in sets.train.unlabelled]
    said = dict.fromkeys((*sets.texts, *_unlike(spare, asked)))
    known = set(asked)
    cards = [node.card for dimension in dimensions for node in dimension.nodes]
    return tuple(dict.fromkeys((*(one for one in said if one and one not in known), *cards)))


def _unlike(texts: Sequence[str], asked: Sequence[str]) -> list[str]:
    """Keep the texts that no asked one says in nearly the same words."""
    if not texts:
        return []
    groups = near_duplicate_groups([*asked, *texts])
    known = set(groups[: len(asked)].tolist())
    own = groups[len(asked) :].tolist()
    return [text for text, group in zip(texts, own, strict=True) if group not in known]
