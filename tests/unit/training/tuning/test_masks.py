"""Hidden words: how many, which, and what stands in their place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from sortyard.domain.errors import InvalidSettings, UnsupportedEncoder
from sortyard.models.engines.tokens import Tokeniser
from sortyard.training.encoders.weights import EncoderFiles
from sortyard.training.tuning.masked_options import Masking
from sortyard.training.tuning.masks import MARK, Vocabulary, Words, hidden_one_by_one, masked
from sortyard.training.tuning.tokens import Padded, TokenTable
from tests.unit.training.tuning.courses import tiny_encoder

TEXTS = ("my card was refunded", "", "where is it?")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> EncoderFiles:
    return tiny_encoder(tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="module")
def tokeniser(files: EncoderFiles) -> Tokeniser:
    return Tokeniser.open(files.folder, max_tokens=20)


@pytest.fixture(scope="module")
def vocabulary(files: EncoderFiles, tokeniser: Tokeniser) -> Vocabulary:
    return Vocabulary.of(files, tokeniser.tokenizer, size=tokeniser.vocabulary_size)


def test_pieces_of_one_word_have_one_number(tokeniser: Tokeniser) -> None:
    tokens = TokenTable.of(TEXTS, tokeniser, padding=0)
    found = Words.of(TEXTS, tokeniser, whole=True).take(tokens, np.array([0]))

    assert found.tolist() == [[MARK, 0, 1, 2, 3, 3, 3, MARK]]  # refund ##e ##d


def test_each_piece_can_be_a_word_of_its_own(tokeniser: Tokeniser) -> None:
    tokens = TokenTable.of(TEXTS, tokeniser, padding=0)
    found = Words.of(TEXTS, tokeniser, whole=False).take(tokens, np.array([0]))

    assert found.tolist() == [[MARK, 0, 1, 2, 3, 4, 5, MARK]]


def test_what_is_padded_belongs_to_no_word(tokeniser: Tokeniser) -> None:
    tokens = TokenTable.of(TEXTS, tokeniser, padding=0)
    found = Words.of(TEXTS, tokeniser, whole=True).take(tokens, np.array([1, 0]))

    assert found[0].tolist() == [MARK] * 8


def test_marks_are_never_guessed_and_never_put_in(vocabulary: Vocabulary) -> None:
    assert not set(vocabulary.guessed.tolist()) & {0, 1, 2, 3, 4}
    assert vocabulary.mask == 4


def test_a_vocabulary_without_a_mask_is_refused(files: EncoderFiles, tokeniser: Tokeniser) -> None:
    plain = tokeniser.tokenizer.to_str().replace("[MASK]", "[HOLE]")
    with pytest.raises(UnsupportedEncoder, match="no <mask>") as refused:
        Vocabulary.of(files, Tokenizer.from_str(plain), size=99)

    assert "leave `pretraining` out" in refused.value.remedy


def many_words(count: int = 4_000) -> tuple[Padded, np.ndarray]:
    ids = np.full((count, 10), 7, dtype=np.int64)
    words = np.tile(np.array([MARK, *range(8), MARK], dtype=np.int32), (count, 1))
    return Padded(ids, np.ones_like(ids, dtype=np.bool_)), words


def test_a_share_is_chosen_and_most_of_it_hidden(vocabulary: Vocabulary) -> None:
    """15 %, of which 80 % are hidden, 10 % swapped and 10 % stay (Devlin et al. 2019)."""
    batch, words = many_words()
    found = masked(batch, words, vocabulary, share=0.15, rng=np.random.default_rng(1))
    put = found.read.ids[found.chosen]

    assert found.chosen.sum() / (words != MARK).sum() == pytest.approx(0.15, abs=0.01)
    assert (put == vocabulary.mask).mean() == pytest.approx(0.8, abs=0.02)
    assert (put == 7).mean() == pytest.approx(0.1, abs=0.02)


@given(
    seed=st.integers(0, 2**32 - 1),
    share=st.floats(0.001, 0.9),
    lengths=st.lists(st.integers(0, 12), min_size=1, max_size=6),
)
def test_words_are_chosen_whole_and_something_always_is(
    vocabulary: Vocabulary, seed: int, share: float, lengths: list[int]
) -> None:
    words = np.full((len(lengths), 14), MARK, dtype=np.int32)
    for row, length in enumerate(lengths):
        words[row, 1 : 1 + length] = np.arange(length) // 2
    batch = Padded(np.full(words.shape, 9, dtype=np.int64), np.ones(words.shape, dtype=np.bool_))
    found = masked(batch, words, vocabulary, share=share, rng=np.random.default_rng(seed))

    assert not found.chosen[words == MARK].any()
    assert found.chosen.any() == bool(sum(lengths))
    for row, numbers in enumerate(words):
        for number in set(numbers.tolist()) - {MARK}:
            assert len(set(found.chosen[row, numbers == number].tolist())) == 1
    assert np.array_equal(found.read.ids[~found.chosen], batch.ids[~found.chosen])
    assert found.truth.tolist() == [9] * int(found.chosen.sum())


def test_the_same_random_numbers_hide_the_same_words(vocabulary: Vocabulary) -> None:
    batch, words = many_words(20)
    first, again, other = (
        masked(batch, words, vocabulary, share=0.15, rng=np.random.default_rng(seed)).read.ids
        for seed in ((3, 1, 5), (3, 1, 5), (3, 1, 6))
    )

    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_one_piece_is_hidden_at_a_time(tokeniser: Tokeniser, vocabulary: Vocabulary) -> None:
    tokens = TokenTable.of(TEXTS, tokeniser, padding=0)
    places = np.flatnonzero(Words.of(TEXTS, tokeniser, whole=True).is_said)
    found = hidden_one_by_one(tokens, places, vocabulary)

    assert (found.read.ids == vocabulary.mask).sum(axis=1).tolist() == [1] * len(places)
    assert found.truth.tolist() == tokens.flat[places].tolist()


def test_options_say_everything_that_is_wrong_with_them() -> None:
    with pytest.raises(InvalidSettings) as refused:
        Masking(epochs=0, share=1.0, batch=0, most_tokens=2, decay=-1)
    for name in ("epochs", "share", "batch", "most_tokens", "decay"):
        assert f"{name} is " in str(refused.value)


def test_options_come_back_from_a_file() -> None:
    options = Masking(epochs=2.5, whole_words=False)

    assert Masking.from_dict(options.to_dict()) == options
    with pytest.raises(InvalidSettings, match="epochs"):
        Masking.from_dict({"epoch": 1})
