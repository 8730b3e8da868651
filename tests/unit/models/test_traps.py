"""What broke others: labels without rows, one label alone, and names that should not matter."""

from dataclasses import replace

import numpy as np
import pytest

from sortyard.data.dataset import Dataset
from sortyard.domain.errors import NotEnoughData
from sortyard.domain.predictions import Answer
from sortyard.domain.taxonomy import Dimension, Kind, Label, Taxonomy
from sortyard.models.bundle import open_bundle
from sortyard.models.cascade import Depth
from sortyard.models.classifier import Classifier
from sortyard.models.decide import decide
from sortyard.models.hierarchy import LabelTree
from tests.contracts.tiny_release import (
    HASH_ENGINES,
    TAXONOMY,
    tiny_dataset,
    train_tiny,
    write_tiny,
)

TEXTS = tiny_dataset(60, seed=21).texts


def only(dimension: str, dataset: Dataset, names: dict[str, str]) -> Dataset:
    """Keep one dimension of an archive, its labels under other names."""
    examples = tuple(
        replace(one, labels={dimension: tuple(names[path] for path in one.labels[dimension])})
        for one in dataset.examples
        if dimension in one.labels
    )
    return Dataset(examples=examples, dimensions=(dimension,))


def answer(classifier: Classifier, text: str) -> Answer:
    return classifier.at_depth(Depth.FULL).classify(text)


@pytest.mark.parametrize("text", ["please erase all personal data", "i withdraw my consent"])
def test_a_label_without_rows_is_reached_through_its_definition(
    trained: Classifier, text: str
) -> None:
    assert answer(trained, text)["team"].label == "privacy"


def test_a_label_without_rows_takes_no_message_of_the_others(trained: Classifier) -> None:
    taken = [answer(trained, text)["team"].label == "privacy" for text in TEXTS]
    assert sum(taken) <= 1


def test_one_label_alone_trains_and_answers(tmp_path) -> None:
    dataset = tiny_dataset(30)
    single = only("team", dataset, dict.fromkeys(TAXONOMY["team"].paths, "only"))
    taxonomy = Taxonomy(dimensions=(Dimension(name="team", labels=(Label(name="only"),)),))
    named = write_tiny(train_tiny(single, taxonomy), tmp_path / "one")
    opened = open_bundle(tmp_path / "one", HASH_ENGINES)
    choice = opened.classify("refund the invoice")["team"]
    assert (choice.label, choice.confidence) == ("only", 1.0)
    assert opened.classify_batch(TEXTS) == named.classify_batch(TEXTS)


def test_flags_that_nothing_carries_cannot_be_learnt_and_it_says_so() -> None:
    dataset = tiny_dataset(30)
    examples = tuple(replace(one, labels={"flags": ()}) for one in dataset.examples)
    taxonomy = Taxonomy(
        dimensions=(Dimension(name="flags", kind=Kind.MULTI, labels=(Label(name="angry"),)),)
    )
    with pytest.raises(NotEnoughData, match="'flags'"):
        train_tiny(Dataset(examples=examples, dimensions=("flags",)), taxonomy)


NAMES = ("billing", "access", "delivery")


def fitted(names: dict[str, str], order: tuple[str, ...]) -> Classifier:
    labels = tuple(Label(name=names[name]) for name in order)
    taxonomy = Taxonomy(dimensions=(Dimension(name="team", labels=labels),))
    return train_tiny(only("team", tiny_dataset(90), names), taxonomy)


@pytest.fixture(scope="module")
def plain() -> Classifier:
    return fitted({name: name for name in NAMES}, NAMES)


@pytest.mark.parametrize(
    "names", [("zz", "mm", "aa"), ("Über uns 👩‍👩‍👧", "nan", "1")], ids=["turned", "odd"]
)
def test_the_spelling_and_order_of_labels_decide_nothing(
    plain: Classifier, names: tuple[str, ...]
) -> None:
    spelt = dict(zip(NAMES, names, strict=True))
    other = fitted(spelt, NAMES[::-1])
    found = [choice(other, text) for text in TEXTS]
    expected = [spelt[choice(plain, text)] for text in TEXTS]
    agreement = np.mean([one == two for one, two in zip(found, expected, strict=True)])
    assert agreement >= 0.98


def choice(classifier: Classifier, text: str) -> str:
    return str(answer(classifier, text)["team"].label)


def test_a_model_with_its_labels_in_another_order_says_the_same(trained: Classifier) -> None:
    """The columns of one fitted model, permuted: nothing but their places may change."""
    model = trained.models[1]
    judged = trained.at_depth(Depth.FULL).judge(TEXTS)["topic"]
    order = np.array([2, 0, 3, 1])
    turned = replace(
        model, tree=LabelTree.of([model.labels[label] for label in order]), cuts=model.cuts[order]
    )
    permuted = replace(judged, probabilities=judged.probabilities[:, order])
    for one, other in zip(decide(model, judged), decide(turned, permuted), strict=True):
        assert (one.labels, one.confidence, one.route) == (
            other.labels,
            other.confidence,
            other.route,
        )
