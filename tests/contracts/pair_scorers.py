"""What every scorer of pairs promises; run on the engine and on the fake."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from sortyard.models.reranker import PairScorer
from tests.contracts.encoders import ODD, PLAIN

CARDS = ("card: charged twice", "refund. where my money is", "", "word " * 400)
PAIRS = tuple((text, card) for text in (*PLAIN, *ODD) for card in CARDS)


def check_pair_scorer(scorer: PairScorer, *, tolerance: float = 1e-4) -> None:
    """Hold a scorer against its contract; tolerance is how far batch mates may pull."""
    texts, cards = map(list, zip(*PAIRS, strict=True))
    together = scorer.scores(texts, cards)
    assert scorer.name
    assert scorer.scores([], []).shape == (0,)
    assert together.shape == (len(PAIRS),)
    assert together.dtype == np.float32
    assert np.isfinite(together).all()
    backwards = scorer.scores(texts[::-1], cards[::-1])
    np.testing.assert_allclose(backwards[::-1], together, atol=tolerance)
    alone = np.concatenate([scorer.scores([text], [card]) for text, card in PAIRS])
    np.testing.assert_allclose(alone, together, atol=tolerance)

    def again(_: int) -> NDArray[np.float32]:
        return scorer.scores(texts, cards)

    with ThreadPoolExecutor(4) as pool:
        for scores in pool.map(again, range(4)):
            np.testing.assert_allclose(scores, together, atol=tolerance)
