"""The library from Python: open, answer, and scikit-learn's way."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils import estimator_checks

import sortyard
from sortyard import SortyardClassifier
from sortyard.domain.errors import MissingBundle, UnknownRelease
from tests.functional.tickets import WORDS

Check = Callable[[str, object], None]
TEXTS = ("please refund order 3", "where is my parcel 9", "I cannot log in to account 12")


def _examples(count: int, seed: int = 3) -> tuple[list[str], list[str]]:
    random = Random(seed)
    labels = [random.choice(sorted(WORDS)) for _ in range(count)]
    return [
        random.choice(WORDS[label]).format(n=random.randint(1, 9_999)) for label in labels
    ], labels


@pytest.fixture(scope="module")
def fitted() -> SortyardClassifier:
    return SortyardClassifier("edge", random_state=0).fit(*_examples(90))


@pytest.mark.slow
def test_a_release_is_opened_by_its_folder(trained: Path) -> None:
    folder = next((trained / ".sortyard" / "releases").iterdir())

    assert sortyard.load(folder).release == folder.name


@pytest.mark.slow
def test_a_champion_is_opened_by_its_workspace(trained: Path) -> None:
    answer = sortyard.load(workspace=trained).classify(TEXTS[0])

    assert answer["team"].label == "billing"


@pytest.mark.slow
def test_a_release_is_opened_by_its_id(trained: Path) -> None:
    champion = (trained / ".sortyard" / "champion").read_text().strip()

    assert sortyard.load(champion[:6], workspace=trained).release == champion


@pytest.mark.slow
def test_an_id_that_is_none_is_named(trained: Path) -> None:
    with pytest.raises(UnknownRelease):
        sortyard.load("r0000", workspace=trained)


def test_a_folder_without_a_release_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingBundle):
        sortyard.load(tmp_path)


@pytest.mark.slow
def test_threads_share_a_classifier(trained: Path) -> None:
    classifier = sortyard.load(workspace=trained)
    alone = [classifier.classify(text) for text in TEXTS]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(classifier.classify, TEXTS * 20))

    labels = [[one["team"].label for one in some] for some in (alone * 20, together)]
    assert labels[0] == labels[1]


@pytest.mark.slow
def test_it_learns(fitted: SortyardClassifier) -> None:
    assert fitted.score(*_examples(60, seed=5)) > 0.9


@pytest.mark.slow
def test_classes_are_sorted_and_of_the_kind_that_came(fitted: SortyardClassifier) -> None:
    assert list(fitted.classes_) == ["access", "billing", "delivery"]


@pytest.mark.slow
def test_probabilities_sum_to_one(fitted: SortyardClassifier) -> None:
    np.testing.assert_allclose(fitted.predict_proba(TEXTS).sum(axis=1), 1.0)


@pytest.mark.slow
def test_the_best_probability_is_the_answer(fitted: SortyardClassifier) -> None:
    best = fitted.classes_[fitted.predict_proba(TEXTS).argmax(axis=1)]

    assert list(fitted.predict(TEXTS)) == list(best)


@pytest.mark.slow
def test_the_same_state_gives_the_same_model() -> None:
    one, two = (
        SortyardClassifier("edge", random_state=1).fit(*_examples(60)).predict_proba(TEXTS)
        for _ in range(2)
    )

    np.testing.assert_array_equal(one, two)


@pytest.mark.slow
def test_labels_may_be_numbers() -> None:
    texts, labels = _examples(60)
    numbers = [sorted(WORDS).index(label) for label in labels]
    model = SortyardClassifier("edge", random_state=0).fit(texts, numbers)

    assert model.predict([TEXTS[0]]).dtype.kind == "i"


@pytest.mark.slow
def test_labels_may_hold_a_slash() -> None:
    texts, labels = _examples(60)
    model = SortyardClassifier("edge", random_state=0)
    model.fit(texts, [f"{label}/all" if label != "access" else "access-all" for label in labels])

    assert model.predict([TEXTS[0]])[0] == "billing/all"


@pytest.mark.slow
def test_it_takes_part_in_cross_validation() -> None:
    model = make_pipeline(
        FunctionTransformer(lambda texts: [text.lower() for text in texts]),
        SortyardClassifier("edge", random_state=0),
    )

    assert cross_val_score(model, *_examples(90), cv=2).min() > 0.8


@pytest.mark.parametrize(
    "check",
    [
        estimator_checks.check_estimator_cloneable,
        estimator_checks.check_no_attributes_set_in_init,
        estimator_checks.check_do_not_raise_errors_in_init_or_set_params,
        estimator_checks.check_get_params_invariance,
        estimator_checks.check_set_params,
        estimator_checks.check_parameters_default_constructible,
        estimator_checks.check_estimator_repr,
        estimator_checks.check_valid_tag_types,
    ],
)
def test_scikit_learn_finds_nothing_to_complain_about(check: Check) -> None:
    """Its checks that need no table of numbers; it leaves out the others for texts by itself."""
    check("SortyardClassifier", SortyardClassifier())


def test_a_clone_has_the_same_parameters() -> None:
    model = SortyardClassifier("edge", encoder="folder", random_state=3)

    assert clone(model).get_params() == model.get_params()


@pytest.mark.slow
def test_a_clone_is_not_fitted(fitted: SortyardClassifier) -> None:
    with pytest.raises(NotFittedError):
        clone(fitted).predict(TEXTS)


def test_it_wants_texts_and_not_numbers() -> None:
    with pytest.raises(ValueError, match="not a text"):
        SortyardClassifier().fit([[1.0], [2.0]], ["a", "b"])


def test_it_wants_several_texts_and_not_one() -> None:
    with pytest.raises(ValueError, match="list of texts"):
        SortyardClassifier().fit("refund", ["a"])


def test_it_wants_a_label_for_each_text() -> None:
    with pytest.raises(ValueError, match="2 texts and 1 label\\."):
        SortyardClassifier().fit(["a", "b"], ["x"])
