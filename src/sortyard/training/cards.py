"""Learn how far a cosine to a label's card can be trusted, from the labels that have rows."""

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from sortyard.models.cards import Cards
from sortyard.models.heads import Scores
from sortyard.training.truth import Truth

FEWEST_LABELS = 3  # below this there is nothing to learn the trust from
DEFAULT_SLOPE, DEFAULT_COSINE = 20.0, 0.6  # a cosine of 0.6 to a card is even odds
DEFAULT_TRUST = DEFAULT_SLOPE, 0.0, -DEFAULT_SLOPE * DEFAULT_COSINE
FALSE_STEALS = 0.01  # of the messages of known labels, how many a new label may take
MOST_ROWS = 10_000


def fit_cards(
    sentences: NDArray[np.float32],
    scores: Scores,
    truth: Truth,
    *,
    own: NDArray[np.float32],
    new: NDArray[np.float32],
) -> Cards:
    """
    Fit the cards of labels without rows.

    `sentences` (rows, width) and out-of-fold `scores` (rows, labels) are those of the training
    rows; `own` (labels, width) are the cards of the labels that have rows, `new` (cards, width) of
    those that have none. A row with its own label's score hidden stands for a message of a new
    label.
    """
    if not len(new):
        return Cards.none(own.shape[1])
    if not len(truth):
        return Cards(new, *DEFAULT_TRUST)
    kept = np.linspace(0, len(truth) - 1, min(len(truth), MOST_ROWS)).astype(np.intp)
    sentences, scores, truth = sentences[kept], scores[kept], truth.take(kept)
    slope, against, offset = _trust(sentences @ own.T, scores, truth)
    nearest = (sentences @ new.T).max(axis=1)
    odds = slope * nearest + against * scores.max(axis=1) + offset
    steals = float(np.quantile(odds, 1.0 - FALSE_STEALS))
    return Cards(new, slope, against, offset - max(steals, 0.0))


def _trust(cosines: Scores, scores: Scores, truth: Truth) -> tuple[float, float, float]:
    if truth.count < FEWEST_LABELS:
        return DEFAULT_TRUST
    held = np.zeros(cosines.shape, dtype=np.bool_)
    for row, labels in enumerate(truth.as_sets()):
        held[row, labels] = True
    some = held.any(axis=1)
    cosines, scores, held = cosines[some], scores[some], held[some]
    hidden = np.where(held, -np.inf, scores).max(axis=1)
    as_new = np.stack([np.where(held, cosines, -np.inf).max(axis=1), hidden], axis=1)
    as_known = np.stack([np.where(held, -np.inf, cosines).max(axis=1), scores.max(axis=1)], axis=1)
    usable = np.isfinite(as_new).all(axis=1) & np.isfinite(as_known).all(axis=1)
    if not usable.any():
        return DEFAULT_TRUST
    features = np.concatenate([as_new[usable], as_known[usable]])
    is_new = np.repeat([True, False], usable.sum())
    fitted = LogisticRegression(C=1.0, max_iter=1_000).fit(features, is_new)
    slope, against = (float(one) for one in fitted.coef_[0])
    if slope <= 0.0:  # the cards say nothing here: a new label must be very near
        return DEFAULT_TRUST
    return slope, against, float(fitted.intercept_[0])
