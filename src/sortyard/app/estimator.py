"""Sortyard the scikit-learn way: texts and labels in, labels and probabilities out."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, column_or_1d

from sortyard.app.workspace import cache_folder
from sortyard.data.dataset import Dataset
from sortyard.domain.errors import number
from sortyard.domain.examples import Example, Provenance
from sortyard.domain.messages import Message
from sortyard.domain.ports import Silence
from sortyard.domain.taxonomy import SEPARATOR, Dimension, Label, Taxonomy
from sortyard.models.classifier import Classifier
from sortyard.text.preparation import Preparation
from sortyard.training.fit import fit_classifier
from sortyard.training.recipe import Recipe, recipe_named
from sortyard.training.sets import make_sets
from sortyard.training.workshop import checkpoints_in, open_workshop

DIMENSION = "label"
LARGEST_SEED = 2**31 - 1


class SortyardClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """
    A text classifier with calibrated probabilities, for pipelines and grid searches.

    `fit` takes texts and one label each. `predict` gives the best label without a route, and
    `predict_proba` the calibrated probabilities in the order of `classes_`. `classifier_` is the
    classifier underneath, which also answers with routes and explains itself.

    `encoder` is a folder, or a name that the hub's cache has, in place of the installed one,
    `cache` a folder to keep exported encoders in, `random_state` where the randomness of the folds
    starts.
    """

    def __init__(
        self,
        recipe: str = "quick",
        *,
        encoder: str | None = None,
        cache: str | None = None,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.recipe = recipe
        self.encoder = encoder
        self.cache = cache
        self.random_state = random_state

    def fit(self, X: Iterable[str], y: ArrayLike) -> Self:  # noqa: N803 -- scikit-learn's name
        """Learn from texts and their labels. Raises `NotEnoughData` and `MissingEncoder`."""
        texts = _texts(X)
        labels = column_or_1d(y)
        check_classification_targets(labels)
        if len(texts) != len(labels):
            raise ValueError(
                f"There are {number(len(texts), 'text')} and {number(len(labels), 'label')}."
            )
        self.classes_, places = np.unique(labels, return_inverse=True)
        names = _names(self.classes_)
        dataset = _dataset(texts, [names[place] for place in places])
        seed = int(check_random_state(self.random_state).randint(LARGEST_SEED))
        recipe = recipe_named(self.recipe)
        if self.encoder:
            recipe = replace(recipe, encoder=self.encoder)
        self.classifier_ = _fitted(dataset, names, recipe, seed, self._cache)
        return self

    def predict(self, X: Iterable[str]) -> NDArray[Any]:  # noqa: N803 -- scikit-learn's name
        """Give the best label of every text."""
        best = self.predict_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[best])

    def predict_proba(self, X: Iterable[str]) -> NDArray[np.float64]:  # noqa: N803 -- as above
        """Give the calibrated probability of every label, (texts, labels)."""
        check_is_fitted(self)
        prepare = self.classifier_.preparation
        judged = self.classifier_.judge([prepare(text) for text in _texts(X)])[DIMENSION]
        known = self.classifier_.model_of(DIMENSION).labels
        order = [known.index(name) for name in _names(self.classes_)]
        chances = judged.probabilities[:, order].astype(np.float64)
        return np.asarray(chances / chances.sum(axis=1, keepdims=True))

    @property
    def _cache(self) -> Path:
        return Path(self.cache) if self.cache else cache_folder(os.environ)

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401 -- scikit-learn gives it no type
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        return tags


def _texts(given: Iterable[str]) -> list[str]:
    """Take a list, an array or a column of texts; refuse one text alone, and what is no text."""
    if isinstance(given, str):
        raise ValueError("Give a list of texts, not one text.")  # noqa: TRY004 -- scikit-learn's way
    texts = list(np.asarray(given, dtype=object).ravel())
    for place, text in enumerate(texts):
        if not isinstance(text, str):
            problem = f"Text {place} is {type(text).__name__}, not a text."
            raise ValueError(problem)  # noqa: TRY004 -- as above
    return texts


def _names(classes: Sequence[Any] | NDArray[Any]) -> tuple[str, ...]:
    """Name labels of any kind so that a taxonomy can hold them, and no two alike."""
    names: dict[str, None] = {}
    for place, label in enumerate(classes):
        name = " ".join(str(label).replace(SEPARATOR, "-").split()) or "empty"
        names[name if name not in names else f"{name} ({place})"] = None
    return tuple(names)


def _dataset(texts: Sequence[str], labels: Sequence[str]) -> Dataset:
    return Dataset(
        examples=tuple(
            Example(Message(str(number), text), {DIMENSION: (label,)}, Provenance.ANNOTATED)
            for number, (text, label) in enumerate(zip(texts, labels, strict=True), start=1)
        ),
        dimensions=(DIMENSION,),
    )


def _fitted(
    dataset: Dataset, names: Sequence[str], recipe: Recipe, seed: int, cache: Path
) -> Classifier:
    """Fit on every row: whoever uses scikit-learn measures on their own."""
    taxonomy = Taxonomy(
        dimensions=(Dimension(name=DIMENSION, labels=tuple(Label(name=one) for one in names)),)
    )
    preparation, rng = Preparation.default(), np.random.default_rng(seed)
    sets = make_sets(dataset, dataset, preparation, recipe, rng)
    with TemporaryDirectory(prefix="sortyard-") as folder:
        workshop = open_workshop(
            recipe,
            Path(folder),
            cache=cache,
            allow_download=False,
            progress=Silence(),
            checkpoints=checkpoints_in(cache, sets.split_hash, recipe, seed),
        )
        fitted = fit_classifier(
            sets, taxonomy, preparation, workshop, recipe, seed=seed, rng=rng, progress=Silence()
        )
        workshop.tidy()
        return fitted
