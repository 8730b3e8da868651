"""
A release before anybody has labelled a message: labels are told by what they say of themselves.

Every label is a label without rows, recognised by the cosine to its card. No message has shown how
often that is right, so no answer has a confidence, and a person decides all of them.
"""

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.policy import DimensionPolicy, Thresholds
from sortyard.domain.ports import Progress
from sortyard.domain.taxonomy import Dimension, Kind, Taxonomy
from sortyard.models.calibration import Temperature
from sortyard.models.cards import Cards
from sortyard.models.cascade import Depth, Eyes
from sortyard.models.classifier import Classifier
from sortyard.models.dimension import DimensionModel
from sortyard.models.encoders import Encoder
from sortyard.models.heads import Head
from sortyard.models.hierarchy import LabelTree
from sortyard.models.independent import Sigmoids
from sortyard.models.line import Line, Weights
from sortyard.models.novelty import Familiarity
from sortyard.models.wording import Wording
from sortyard.text.preparation import Preparation
from sortyard.training.cards import DEFAULT_TRUST
from sortyard.training.leads import NEVER
from sortyard.training.lessons import card_vectors
from sortyard.training.recipe import Recipe
from sortyard.training.workshop import Workshop

UNNAMED = "unnamed"
REMARK = (
    "No message is labelled yet. Labels are told by what they say of themselves (name, definition, "
    "examples) alone; no confidence can be given, and a person decides everything."
)


def cold_classifier(
    taxonomy: Taxonomy,
    preparation: Preparation,
    workshop: Workshop,
    recipe: Recipe,
    *,
    progress: Progress,
) -> Classifier:
    """Read the cards of all labels of a taxonomy; that is all that is learnt."""
    nothing = np.empty((0, workshop.encoder.width * workshop.encoder.blocks), dtype=np.float32)
    eyes = Eyes(
        wording=Wording.fit(()),
        static=workshop.student((), nothing, progress=progress),
        encoder=workshop.encoder if recipe.cascade else None,
    )
    models = []
    with progress.stage("Reading the labels", total=len(taxonomy.dimensions)) as advance:
        for dimension in taxonomy.dimensions:
            models.append(_model(dimension, eyes, recipe))
            advance(1)
    return Classifier(
        release=UNNAMED,
        taxonomy=taxonomy,
        preparation=preparation,
        eyes=eyes,
        models=tuple(models),
        depth=Depth.CASCADE if recipe.cascade else Depth.STATIC,
    )


def _model(dimension: Dimension, eyes: Eyes, recipe: Recipe) -> DimensionModel:
    labels = tuple(dimension.leaves)
    cards = card_vectors(dimension, labels, eyes)
    full = None
    if eyes.encoder is not None and cards.encoded is not None:
        full = _line(dimension.kind, eyes.encoder, cards.encoded)
    return DimensionModel(
        dimension=dimension,
        tree=LabelTree.of(labels),
        student=_line(dimension.kind, eyes.static, cards.static),
        full=full,
        lead=NEVER,
        cuts=np.full(len(labels), 0.5, dtype=np.float32),
        whole=None,
        policy=DimensionPolicy.of(
            dimension,
            target_precision=recipe.target_precision,
            fallback=Thresholds(None, recipe.confirm_precision),
            unproven=True,
        ),
    )


def _line(kind: Kind, encoder: Encoder, cards: NDArray[np.float32]) -> Line:
    single = kind is Kind.SINGLE
    return Line(
        meaning=_no_head(encoder.width * encoder.blocks),
        wording=_no_head(0),
        weights=Weights(1.0, 1.0),
        calibrator=Temperature(1.0) if single else Sigmoids((), ()),
        familiarity=Familiarity.fit(np.empty(0)),
        exclusive=single,
        cards=Cards(cards, *DEFAULT_TRUST),
    )


def _no_head(width: int) -> Head:
    """Score no label, since none has rows."""
    return Head(np.empty((width, 0), dtype=np.float32), np.empty(0, dtype=np.float32))
