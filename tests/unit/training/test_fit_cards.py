"""How far a cosine to a card is trusted."""

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.taxonomy import Kind
from sortyard.models.cards import Cards
from sortyard.training.cards import DEFAULT_TRUST, FALSE_STEALS, fit_cards
from sortyard.training.truth import Truth

WIDTH, ROWS = 16, 600


def _directions(rng: np.random.Generator, count: int) -> NDArray[np.float32]:
    vectors = rng.standard_normal((count, WIDTH)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _around(
    cards: NDArray[np.float32], held: NDArray[np.intp], rng: np.random.Generator
) -> NDArray[np.float32]:
    """Draw sentences near their labels' cards."""
    found = cards[held] + 0.15 * rng.standard_normal((len(held), WIDTH)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def _fit(rng: np.random.Generator, labels: int) -> tuple[Cards, NDArray[np.float32]]:
    """Fit the card of one new label; give the known sentences, and their scores as last column."""
    cards = _directions(rng, labels + 1)
    held = rng.integers(labels, size=ROWS)
    sentences = _around(cards, held, rng)
    scores = 5.0 * sentences @ cards[:labels].T
    truth = Truth(Kind.SINGLE, labels, held)
    fitted = fit_cards(sentences, scores, truth, own=cards[:labels], new=cards[labels:])
    return fitted, np.hstack([sentences, scores.max(axis=1, keepdims=True)])


def test_no_new_label_needs_no_card(rng: np.random.Generator) -> None:
    own = _directions(rng, 3)
    truth = Truth(Kind.SINGLE, 3, np.array([0, 1, 2]))
    assert len(fit_cards(own, own @ own.T, truth, own=own, new=own[:0])) == 0


def test_a_new_label_takes_hardly_any_message_of_the_known_ones(rng: np.random.Generator) -> None:
    cards, known = _fit(rng, 6)
    odds = cards.log_odds(known[:, :-1], known[:, -1])
    assert (odds > 0.0).mean() <= FALSE_STEALS + 1.0 / ROWS


def test_a_message_like_its_card_and_like_nothing_known_is_taken(rng: np.random.Generator) -> None:
    cards, _ = _fit(rng, 6)
    assert cards.log_odds(cards.vectors, np.zeros(1, np.float32))[0, 0] > 0.0


def test_what_is_well_known_is_not_new(rng: np.random.Generator) -> None:
    cards, _ = _fit(rng, 6)
    assert cards.against <= 0.0 < cards.slope


def test_two_labels_are_too_few_to_learn_the_trust_from(rng: np.random.Generator) -> None:
    cards, _ = _fit(rng, 2)
    assert (cards.slope, cards.against) == DEFAULT_TRUST[:2]


def test_nothing_held_out_leaves_the_usual_trust(rng: np.random.Generator) -> None:
    own, new = _directions(rng, 4), _directions(rng, 1)
    nothing = Truth(Kind.SINGLE, 4, np.empty(0, np.intp))
    empty = np.empty((0, 4), np.float32)
    cards = fit_cards(np.empty((0, WIDTH), np.float32), empty, nothing, own=own, new=new)
    assert (cards.slope, cards.against, cards.offset) == DEFAULT_TRUST


def test_cards_that_say_nothing_are_not_trusted(rng: np.random.Generator) -> None:
    """Each label's own card lies opposite of its messages."""
    own = _directions(rng, 5)
    held = rng.integers(5, size=ROWS)
    sentences = _around(-own, held, rng)
    truth = Truth(Kind.SINGLE, 5, held)
    new = _directions(rng, 1)
    cards = fit_cards(sentences, -5.0 * sentences @ own.T, truth, own=own, new=new)
    assert cards.slope > 0.0


def test_rows_without_any_label_teach_nothing_about_cards(rng: np.random.Generator) -> None:
    own, new = _directions(rng, 4), _directions(rng, 1)
    sentences = _directions(rng, 10)
    truth = Truth(Kind.MULTI, 4, np.zeros((10, 4), np.bool_))
    cards = fit_cards(sentences, sentences @ own.T, truth, own=own, new=new)
    assert (cards.slope, cards.against) == DEFAULT_TRUST[:2]
