"""Texts to word pieces, for every engine that reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tokenizers import Encoding, Tokenizer

from sortyard.domain.errors import DamagedBundle

TOKENIZER_FILE = "tokenizer.json"
CHARACTERS_PER_TOKEN = 16  # English needs about five; what lies beyond would be cut anyway


@dataclass(frozen=True, slots=True)
class Pieces:
    """One text as word pieces, with the marks that the encoder puts around it."""

    ids: tuple[int, ...]
    tokens: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]  # characters of the text, end exclusive


@dataclass(frozen=True, slots=True)
class Tokeniser:
    """
    Splits texts into the word pieces of one vocabulary, at most `max_tokens` each.

    With `marks` the encoder's own tokens stand around every text, and count.

    Only the first 16 characters per allowed token are looked at, 4,096 for 256 tokens, so
    that a text of ten megabytes costs no more than a page. Any string is accepted: half a
    surrogate pair, which no encoding can carry, is read as a question mark.
    """

    tokenizer: Tokenizer
    max_tokens: int
    marks: bool = True

    @classmethod
    def open(cls, folder: Path, *, max_tokens: int, marks: bool = True) -> Self:
        """Read the vocabulary and its rules from a folder; DamagedBundle if that fails."""
        try:
            content = (folder / TOKENIZER_FILE).read_text(encoding="utf-8")
            tokenizer = Tokenizer.from_str(content)
        except OSError as error:
            raise DamagedBundle(str(folder), TOKENIZER_FILE, "cannot be read") from error
        except Exception as error:  # the library raises nothing narrower
            raise DamagedBundle(str(folder), TOKENIZER_FILE, "is no vocabulary") from error
        tokenizer.no_padding()
        tokenizer.enable_truncation(max_tokens)
        return cls(tokenizer, max_tokens, marks)

    @property
    def vocabulary_size(self) -> int:
        return self.tokenizer.get_vocab_size()

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Look up the word pieces of many texts at once."""
        encodings: list[Encoding] = self.tokenizer.encode_batch_fast(
            [self.readable_part(text) for text in texts], add_special_tokens=self.marks
        )
        return [encoding.ids for encoding in encodings]

    def pieces(self, text: str) -> Pieces:
        """Split one text and keep where every piece came from."""
        encoding = self.tokenizer.encode(self.readable_part(text), add_special_tokens=self.marks)
        return Pieces(tuple(encoding.ids), tuple(encoding.tokens), tuple(encoding.offsets))

    def readable_part(self, text: str) -> str:
        """Cut the text to what can matter; every character keeps its place."""
        head = text[: self.max_tokens * CHARACTERS_PER_TOKEN]
        if head.isascii():
            return head
        return head.encode("utf-8", errors="replace").decode("utf-8")
