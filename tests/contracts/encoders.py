"""What every encoder promises; run on each engine and on the fake."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from sortyard.models.encoders import Encoder, Vectors, sentence_block

PLAIN = ("my card was charged twice", "where is my refund?", "reset the password", "my card")
ODD = (
    "",
    " \n\t ",
    "\x00",
    "\ud800 alone",  # half of a surrogate pair
    "👩‍👩‍👧 ½ ﬁ ﷺ",
    "ÅNGSTRÖM e\u0301",
    "a" * 5_000,
    "word " * 5_000,
    "漢字と仮名",
    "[CLS] [SEP] [PAD] [MASK]",
    "\u200b\u00ad\ufeff",
)


def check_encoder(encoder: Encoder, *, tolerance: float = 1e-4) -> None:
    """Hold an encoder against its contract; tolerance is how far batch mates may pull."""
    _has_the_stated_shape(encoder)
    _takes_any_text(encoder)
    _ignores_batch_mates(encoder, tolerance)
    _tells_progress(encoder)
    _can_be_shared(encoder, tolerance)
    for text in (*PLAIN, *ODD):
        _terms_sum_to_the_vector(encoder, text, tolerance)


def _has_the_stated_shape(encoder: Encoder) -> None:
    assert encoder.name
    assert encoder.encode([]).shape == (0, encoder.blocks * encoder.width)
    vectors = encoder.encode(PLAIN)
    assert vectors.shape == (len(PLAIN), encoder.blocks * encoder.width)
    assert vectors.dtype == np.float32
    assert sentence_block(vectors, encoder).shape == (len(PLAIN), encoder.width)


def _takes_any_text(encoder: Encoder) -> None:
    vectors = encoder.encode(ODD)
    lengths = np.linalg.norm(vectors.reshape(-1, encoder.width), axis=1)
    np.testing.assert_allclose(lengths, 1.0, atol=1e-3)


def _ignores_batch_mates(encoder: Encoder, tolerance: float) -> None:
    texts = (*PLAIN, *ODD)
    together = encoder.encode(texts)
    _assert_near(together[::-1], encoder.encode(texts[::-1]), tolerance)
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    _assert_near(together, alone, tolerance)


def _tells_progress(encoder: Encoder) -> None:
    told: list[int] = []
    encoder.encode(PLAIN, progress=told.append)
    assert sum(told) == len(PLAIN)
    assert all(count > 0 for count in told)


def _can_be_shared(encoder: Encoder, tolerance: float) -> None:
    expected = encoder.encode(PLAIN)

    def again(_: int) -> Vectors:
        return encoder.encode(PLAIN)

    with ThreadPoolExecutor(4) as pool:
        for vectors in pool.map(again, range(8)):
            _assert_near(vectors, expected, tolerance)


def _terms_sum_to_the_vector(encoder: Encoder, text: str, tolerance: float) -> None:
    terms = encoder.token_terms(text)
    assert len(terms.tokens) == len(terms.spans) == len(terms.vectors)
    for start, end in terms.spans:
        assert 0 <= start <= end <= len(text)
    _assert_near(terms.vectors.sum(axis=0), encoder.encode([text])[0], tolerance)


def _assert_near(found: object, expected: object, tolerance: float) -> None:
    np.testing.assert_allclose(np.asarray(found), np.asarray(expected), atol=tolerance)
