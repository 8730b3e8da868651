"""Word pieces of every kind of vocabulary, as people wrote the words."""

from pathlib import Path

import pytest
from tokenizers import Tokenizer

from sortyard.models.engines.tokens import Pieces, Tokeniser
from tests.contracts.tiny_tokenizers import byte_pairs, unigrams, word_pieces

KINDS = {"word pieces": word_pieces, "byte pairs": byte_pairs, "unigrams": unigrams}
TEXT = "My card, where?"


def opened(tokenizer: Tokenizer, folder: Path) -> Tokeniser:
    tokenizer.save(str(folder / "tokenizer.json"))
    return Tokeniser.open(folder, max_tokens=64)


def words(pieces: Pieces) -> list[str]:
    """The words that `##` joins again, without the marks."""
    joined: list[str] = []
    for token, (start, stop) in zip(pieces.tokens, pieces.spans, strict=True):
        if start == stop:
            continue
        if token.startswith("##"):
            joined[-1] += token.removeprefix("##")
        else:
            joined.append(token)
    return joined


@pytest.mark.parametrize("kind", KINDS)
def test_pieces_join_to_the_words_of_the_text(tmp_path: Path, kind: str) -> None:
    found = words(opened(KINDS[kind](), tmp_path).pieces(TEXT))
    assert [one.lower() for one in found] == ["my", "card", ",", "where", "?"]


@pytest.mark.parametrize("kind", ["byte pairs", "unigrams"])
def test_a_span_is_the_piece_without_blanks(tmp_path: Path, kind: str) -> None:
    pieces = opened(KINDS[kind](), tmp_path).pieces(TEXT)
    written = [TEXT[start:stop] for start, stop in pieces.spans if start != stop]
    assert written == [one.strip() for one in written]
    assert "".join(written) == TEXT.replace(" ", "")


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_has_its_marks_whatever_they_are_called(tmp_path: Path, kind: str) -> None:
    tokeniser = opened(KINDS[kind](), tmp_path)
    first, last = tokeniser.ids([""])[0]
    ids = tokeniser.ids([TEXT])[0]
    assert (ids[0], ids[-1]) == (first, last)


def test_words_of_a_script_without_blanks_stay_apart(tmp_path: Path) -> None:
    """Or an explanation would have one term for a whole sentence."""
    found = words(opened(unigrams(), tmp_path).pieces("カードを二重に請求"))
    assert found == ["カード", "を", "二重", "に", "請求"]


def test_numbers_with_gaps_are_counted_to_the_highest(tmp_path: Path) -> None:
    tokenizer = word_pieces()
    before = tokenizer.get_vocab_size()
    vocabulary = {**tokenizer.get_vocab(), "late": before + 40}
    tokenizer.model = type(tokenizer.model)(vocabulary, unk_token="[UNK]")
    assert opened(tokenizer, tmp_path).vocabulary_size == before + 41
