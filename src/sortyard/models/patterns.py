"""
Patterns that are looked for in linear time, all of them in one pass over a text.

The engine is google-re2: no text makes it slow, because it never tries a second way to match. What
would need that, looking around and referring back, is refused with a reason.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from sortyard.domain.errors import InvalidRules, MissingExtra

MEMORY = 1 << 25  # bytes, for the automaton of all patterns together
_LOOKS_AROUND = re.compile(r"\(\?<?[=!]")
_REFERS_BACK = re.compile(r"\\[1-9]|\(\?P=|\\k<")


@dataclass(frozen=True, slots=True)
class Patterns:
    """Some patterns, compiled together. Case does not matter where a pattern does not say so."""

    texts: tuple[str, ...]
    _compiled: Any = field(compare=False, repr=False)  # what google-re2 makes has no types

    @classmethod
    def of(cls, texts: Sequence[str], source: str) -> Self:
        """
        Compile patterns that are right one by one.

        Raises InvalidRules where they are too large together, and MissingExtra.
        """
        re2 = _re2()
        compiled = re2.Set.SearchSet(_options(re2, memory=MEMORY))
        try:
            for text in texts:
                compiled.Add(text)
            compiled.Compile()
        except re2.error:
            raise InvalidRules(source, ["its patterns are too large together"]) from None
        return cls(tuple(texts), compiled)

    def found_in(self, text: str) -> frozenset[int]:
        """Tell which of the patterns are in a text, by their places."""
        # Half of a surrogate pair has no UTF-8, and no pattern can ask for it.
        return frozenset(self._compiled.Match(text.encode(errors="replace")) or ())


def problem_of(pattern: str) -> str | None:
    """Say what is wrong with a pattern; None where nothing is. Raises MissingExtra."""
    re2 = _re2()
    try:
        re2.compile(pattern, _options(re2))
    except re2.error as error:
        return f"the pattern {pattern!r} {_why(pattern, error)}"
    except UnicodeEncodeError:
        return f"the pattern {pattern!r} has half of a surrogate pair"
    return None


def _why(pattern: str, error: Exception) -> str:
    if _LOOKS_AROUND.search(pattern):
        return "looks around, which can take for ever; use `all` and `none` for that"
    if _REFERS_BACK.search(pattern):
        return "refers back to a group, which can take for ever"
    (said,) = error.args
    words = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    return f"is not RE2 ({words})"


def _options(re2: Any, *, memory: int | None = None) -> Any:  # noqa: ANN401 -- it has no types
    options = re2.Options()
    options.case_sensitive = False
    options.never_capture = True
    options.log_errors = False  # it would write patterns to standard error
    if memory is not None:
        options.max_mem = memory
    return options


def _re2() -> Any:  # noqa: ANN401 -- it has no types
    try:
        import re2  # type: ignore[import-untyped]  # noqa: PLC0415 -- an extra: few need rules
    except ModuleNotFoundError:
        raise MissingExtra("serve", "use rules") from None
    return re2
