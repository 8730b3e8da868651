"""Texts to word pieces, for every engine that reads them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tokenizers import Encoding, Tokenizer
from tokenizers.models import WordPiece

from sortyard.domain.errors import DamagedBundle
from sortyard.models.encoders import CONTINUES

TOKENIZER_FILE = "tokenizer.json"
CHARACTERS_PER_TOKEN = 16  # English needs about five; what lies beyond would be cut anyway
BLANKS = "▁Ġ "  # how vocabularies write a blank, which may be a token of its own
# Thai, Lao, Burmese, Khmer, kana and Han: words follow each other without a blank.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)


@dataclass(frozen=True, slots=True)
class Pieces:
    """
    One text as word pieces, with the marks that the encoder puts around it.

    A token that goes on with the word before it begins with `##`, whatever its vocabulary has.
    """

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
        """One more than the highest number of a token; numbers may have gaps."""
        return max(self.tokenizer.get_vocab().values(), default=-1) + 1

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Look up the word pieces of many texts at once."""
        encodings: list[Encoding] = self.tokenizer.encode_batch_fast(
            [self.readable_part(text) for text in texts], add_special_tokens=self.marks
        )
        return [encoding.ids for encoding in encodings]

    def pieces(self, text: str) -> Pieces:
        """Split one text and keep where every piece came from."""
        part = self.readable_part(text)
        encoding = self.tokenizer.encode(part, add_special_tokens=self.marks)
        tokens, spans = encoding.tokens, encoding.offsets
        if not isinstance(self.tokenizer.model, WordPiece):
            spans = [
                _without_blanks(part, *span) if token.strip(BLANKS) else (span[0], span[0])
                for token, span in zip(tokens, spans, strict=True)
            ]
            tokens = list(_as_written(part, tokens, spans))
        return Pieces(tuple(encoding.ids), tuple(tokens), tuple(spans))

    def readable_part(self, text: str) -> str:
        """Cut the text to what can matter; every character keeps its place."""
        head = text[: self.max_tokens * CHARACTERS_PER_TOKEN]
        if head.isascii():
            return head
        return head.encode("utf-8", errors="replace").decode("utf-8")


def _without_blanks(text: str, start: int, stop: int) -> tuple[int, int]:
    """Leave out the blanks around a stretch: other vocabularies have them in their tokens."""
    stretch = text[start:stop]
    start += len(stretch) - len(stretch.lstrip())
    return start, max(start, start + len(stretch.strip()))


def _as_written(
    text: str, tokens: Iterable[str], spans: Iterable[tuple[int, int]]
) -> Iterator[str]:
    """Write tokens as they stand in the text; vocabularies write blanks and bytes oddly."""
    end = -1
    for token, (start, stop) in zip(tokens, spans, strict=True):
        if start == stop:
            yield token
            continue
        goes_on = start == end and _one_word(text[start - 1], text[start])
        yield CONTINUES + text[start:stop] if goes_on else text[start:stop]
        end = stop


def _one_word(last: str, first: str) -> bool:
    both = last + first
    return both.isalnum() and UNSPACED.search(both) is None
