"""Take personal data out of texts, as a policy says."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from sortyard.domain.errors import InvalidSettings
from sortyard.text.personal.entities import PLACEHOLDER, Entity, Span
from sortyard.text.personal.finding import blotted_out, find
from sortyard.text.personal.names import NameFinder, NoNames
from sortyard.text.personal.policy import Policy, Treatment
from sortyard.text.personal.tokens import Tokens

_ROUNDS: Final = 3  # of what a treatment brings to light; nobody writes two
_LETTERS: Final = re.compile(r"[\W\d_]+")
_KNOWS_NOBODY: Final = NoNames()


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without what was personal in it, and how much of each kind that was."""

    text: str
    counts: Mapping[Entity, int]


@dataclass(frozen=True, slots=True)
class Redactor:
    """
    Treats texts as a policy says.

    It never raises, whatever the text, takes time in proportion to it, and leaves a text as it is
    that it has been through. A text that was written to hide one thing in another without end
    keeps its letters only.
    """

    policy: Policy
    tokens: Tokens | None = None
    names: NameFinder = field(default=_KNOWS_NOBODY)
    _kept: frozenset[Entity] = field(init=False, repr=False)
    _nothing: bool = field(init=False, repr=False)

    def __post_init__(self) -> None:
        kept = frozenset(self.policy.those(Treatment.KEEP))
        object.__setattr__(self, "_kept", kept)
        object.__setattr__(self, "_nothing", len(kept) == len(Entity))

    @classmethod
    def of(
        cls, policy: Policy, tokens: Tokens | None, names: NameFinder | None, *, source: str
    ) -> Self:
        """Put together what a policy takes. Raises `InvalidSettings` where something is missing."""
        problems = []
        if policy.hashes and tokens is None:
            problems.append("`hash` takes a key, and there is none")
        if policy.needs_a_model and names is None:
            problems.append("names and places are found by a model of language, and there is none")
        if problems:
            raise InvalidSettings(source, problems)
        return cls(policy, tokens, names or _KNOWS_NOBODY)

    def __call__(self, text: str) -> str:
        return self.redact(text).text

    def redact(self, text: str) -> Redacted:
        """Treat a text, and count what was treated."""
        counts: Counter[Entity] = Counter()
        if self._nothing:
            return Redacted(text, counts)
        spans = [*self._patterned(text), *self._named(text)]
        for _ in range(_ROUNDS):
            if not spans:
                return Redacted(text, counts)
            counts.update(span.entity for span in spans)
            text = self._treated(text, sorted(spans))
            spans = [*self._patterned(text)]
        kept = PLACEHOLDER.split(text)
        return Redacted(" ".join(_LETTERS.sub(" ", part).strip() for part in kept), counts)

    def _patterned(self, text: str) -> tuple[Span, ...]:
        return find(text, kept=self._kept)

    def _named(self, text: str) -> list[Span]:
        """Look for names where nothing else was found, once: a model sees others in each round."""
        if self.names is _KNOWS_NOBODY:
            return []
        seen = blotted_out(text, find(text)).replace("\0", " ")
        return [span for span in self.names.find(seen) if span.entity not in self._kept]

    def _treated(self, text: str, spans: list[Span]) -> str:
        parts, start = [], 0
        for span in spans:
            parts += [text[start : span.start], self._instead(text, span)]
            start = span.end
        return "".join((*parts, text[start:]))

    def _instead(self, text: str, span: Span) -> str:
        match self.policy.treatment(span.entity):
            case Treatment.DROP:  # what stood on both sides of it is no word together
                joined = text[span.start - 1 : span.start].strip() and text[span.end :][:1].strip()
                return " " if joined else ""
            case Treatment.HASH if self.tokens is not None:
                return self.tokens.placeholder(span.entity, text[span.start : span.end])
            case _:
                return span.entity.placeholder
