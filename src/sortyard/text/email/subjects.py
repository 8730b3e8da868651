"""A subject above the text, which says that there is something to quote."""

import re
from typing import Final

_PREFIX: Final = re.compile(
    r"(?:(?:re|aw|antw|antwort|sv|svar|vs|bsv|odp|ref|res|rif|r|ynt|atb|回复|答复|回覆|返信|回信|답장|회신"
    r"|fwd?|fw|wg|tr|rv|enc|vl|vb|vd|doorst|pd|pren|i|ilt|továbbítás|прс|на|转发|轉寄|転送|전달)"
    r"(?:\s?[\[(]\d{1,3}[\])])?\s?[:\uff1a]\s*)+(?=\S)",
    re.IGNORECASE,
)


def is_answered_subject(line: str) -> bool:
    """Tell whether a stripped line is the subject of a mail that answers, or sends on, another."""
    return _PREFIX.match(line) is not None


def same_subject(one: str, other: str) -> bool:
    """Tell whether two subjects are the same but for `Re:` and its like."""
    return _bare(one) == _bare(other) != ""


def _bare(subject: str) -> str:
    match = _PREFIX.match(subject)
    return " ".join(subject[match.end() if match else 0 :].casefold().split())
