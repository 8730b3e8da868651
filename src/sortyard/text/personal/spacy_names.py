"""Names and places, as a spaCy model sees them; needs the extra `names`, and a model beside it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Self

from sortyard.domain.errors import InvalidSettings
from sortyard.text.personal.entities import Entity, Span

if TYPE_CHECKING:  # whoever takes no names out needs no spaCy
    from spacy.language import Language

# What models call them: those trained on OntoNotes, and those on Wikipedia's names.
_KINDS: Final = {
    "PERSON": Entity.NAME,
    "PER": Entity.NAME,
    "GPE": Entity.PLACE,
    "LOC": Entity.PLACE,
    "LOCATION": Entity.PLACE,
}
_UNUSED: Final = ("lemmatizer", "parser", "textcat")  # they take time, and tell no names
_MOST: Final = 50_000  # characters that a model reads at once; its memory grows with them
_PIECE: Final = re.compile(rf"(?s).{{1,{_MOST}}}(?:(?<=\s)|\Z)|.{{1,{_MOST}}}")  # up to a blank


@dataclass(frozen=True, slots=True)
class SpacyNames:
    """A `NameFinder` that asks a spaCy pipeline."""

    pipeline: "Language" = field(repr=False)

    @classmethod
    def load(cls, model: str) -> Self:
        """Load a model from a folder, or an installed one by its name. Raises `InvalidSettings`."""
        import spacy  # noqa: PLC0415 -- as above

        try:
            return cls(spacy.load(model, exclude=_UNUSED))
        except (OSError, ValueError):
            problem = f"there is no spaCy model {model!r}; `python -m spacy download` gets one"
            raise InvalidSettings("names_model", [problem]) from None

    def find(self, text: str) -> Iterable[Span]:
        """Read a long text piece by piece; halves of characters are passed over."""
        whole = text.encode("utf-8", "replace").decode("utf-8")
        for piece in _PIECE.finditer(whole):
            yield from self._found(piece[0], piece.start())

    def _found(self, piece: str, before: int) -> Iterator[Span]:
        for one in self.pipeline(piece).ents:
            entity = _KINDS.get(one.label_)
            words = one.text.strip()
            if entity is not None and any(letter.isalpha() for letter in words):
                start = before + one.start_char + one.text.index(words)
                yield Span(start, start + len(words), entity)
