"""
Which word pieces are hidden, and what stands in their place.

A mask follows from the batch and the random numbers that are handed in alone, so that a run that
was killed goes on with the same masks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from sortyard.domain.errors import UnsupportedEncoder
from sortyard.models.engines.tokens import Tokeniser
from sortyard.training.encoders.weights import EncoderFiles
from sortyard.training.tuning.tokens import TEXTS_AT_ONCE, Padded, TokenTable

MASKS = ("[MASK]", "<mask>")  # of BERT and its kin; of RoBERTa and of those after XLM
HIDDEN, SWAPPED = 0.8, 0.1  # Devlin et al. 2019; what is left stays as it is
REMEDY = "Choose a BERT-like encoder, or leave `pretraining` out of the recipe."
MARK = -1  # in place of the number of a word: a mark that the encoder puts there itself


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The word pieces that may be guessed, and the one that hides another."""

    mask: int
    guessed: NDArray[np.int64]  # all but the marks

    @classmethod
    def of(cls, files: EncoderFiles, tokenizer: Tokenizer, *, size: int) -> Self:
        """Find the mask; UnsupportedEncoder where the vocabulary has none."""
        found = [tokenizer.token_to_id(one) for one in MASKS]
        mask = next((number for number in found if number is not None), size)
        if mask >= size:
            none = (
                f"its vocabulary has no {' and no '.join(MASKS)}, so it can guess no hidden words"
            )
            raise UnsupportedEncoder(files.name, [none], remedy=REMEDY)
        added = tokenizer.get_added_tokens_decoder()
        marks = [number for number, one in added.items() if one.special]
        known = np.array(sorted(tokenizer.get_vocab().values()), dtype=np.int64)
        return cls(mask, np.setdiff1d(known[known < size], [mask, *marks]))


@dataclass(frozen=True, slots=True)
class Words:
    """
    The number of the word, within its text, that every word piece belongs to, or MARK.

    Flat, and in the order of the table of tokens that it stands beside.
    """

    flat: NDArray[np.int32]

    @classmethod
    def of(cls, texts: Sequence[str], tokeniser: Tokeniser, *, whole: bool) -> Self:
        """Number the words of every text; each piece is its own word unless they are `whole`."""
        parts = [np.empty(0, dtype=np.int32)]
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            read = [tokeniser.readable_part(text) for text in texts[start : start + TEXTS_AT_ONCE]]
            for one in tokeniser.tokenizer.encode_batch(read, add_special_tokens=True):
                numbers = [MARK if word is None else word for word in one.word_ids]
                words = np.array(numbers, dtype=np.int32)
                words[np.array(one.special_tokens_mask, dtype=np.bool_)] = MARK
                if not whole:
                    words[words != MARK] = np.arange((words != MARK).sum())
                parts.append(words)
        return cls(np.concatenate(parts))

    @property
    def is_said(self) -> NDArray[np.bool_]:
        """Whether a piece is the text's, and no mark, (pieces,)."""
        said: NDArray[np.bool_] = self.flat != MARK
        return said

    def take(self, tokens: TokenTable, rows: NDArray[np.intp]) -> NDArray[np.int32]:
        """Lay the words of some texts side by side as their tokens are, (texts, tokens)."""
        return TokenTable(self.flat, tokens.starts, MARK).take(rows).ids.astype(np.int32)


@dataclass(frozen=True, slots=True)
class Masked:
    """A batch of texts with holes in it."""

    read: Padded  # as the encoder reads it
    chosen: NDArray[np.bool_]  # (texts, tokens): what is to be guessed
    truth: NDArray[np.int64]  # (chosen,): what stood there


def masked(
    batch: Padded,
    words: NDArray[np.int32],
    vocabulary: Vocabulary,
    *,
    share: float,
    rng: np.random.Generator,
) -> Masked:
    """
    Choose words, and hide or swap their pieces.

    Every word is chosen by a chance of its own; where chance chooses none, one word is.
    """
    chosen = _chosen(words, share, rng)
    truth = batch.ids[chosen]
    fate = rng.random(len(truth))
    other = rng.choice(vocabulary.guessed, len(truth))
    put = np.where(fate < HIDDEN, vocabulary.mask, np.where(fate < HIDDEN + SWAPPED, other, truth))
    ids = batch.ids.copy()
    ids[chosen] = put
    return Masked(Padded(ids, batch.mask), chosen, truth)


def hidden_one_by_one(
    tokens: TokenTable, places: NDArray[np.int64], vocabulary: Vocabulary
) -> Masked:
    """
    Read a text for every place, with that one piece hidden.

    `places` (texts,) are places in the flat table.
    """
    rows = tokens.rows_of(places)
    batch = tokens.take(rows)
    chosen = np.zeros(batch.ids.shape, dtype=np.bool_)
    chosen[np.arange(len(places)), places - tokens.starts[rows]] = True
    ids = np.where(chosen, vocabulary.mask, batch.ids)
    return Masked(Padded(ids, batch.mask), chosen, batch.ids[chosen])


def _chosen(words: NDArray[np.int32], share: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Choose the places of some words, (texts, tokens)."""
    drawn = rng.random((len(words), int(words.max(initial=0)) + 1)) < share
    chosen = np.take_along_axis(drawn, np.maximum(words, 0), axis=1) & (words != MARK)
    if not chosen.any() and (words != MARK).any():
        text, token = rng.permutation(np.argwhere(words != MARK))[0]
        chosen = (words == words[text, token]) & (np.arange(len(words)) == text)[:, None]
    return np.asarray(chosen, dtype=np.bool_)
