"""Quotations and signatures that HTML marks with tags, as plain text marks them."""

import re
from typing import Final

_OPENED: Final = "\x03"
_CLOSED: Final = "\x04"

_QUOTE: Final = re.compile(r"<(/?)blockquote(?=[\s>])[^<>]*>", re.IGNORECASE)
_SIGNATURE: Final = re.compile(
    r"<div\s[^<>]{0,500}\b(?:class|id)\s*=\s*[\"']?(?:[\w -]{0,200}[ -])?"
    r"(?:gmail_signature|moz-signature|ms-outlook-mobile-signature|protonmail_signature_block"
    r"|x_?signature|signature)\b[^<>]{0,500}>",
    re.IGNORECASE,
)
_DELIMITER: Final = "<div>--</div>"


def with_marks(html: str) -> str:
    """Write into HTML where its quotations and signatures begin and end; `as_plain` reads it."""
    html = html.replace(_OPENED, "").replace(_CLOSED, "")
    html = _QUOTE.sub(lambda tag: f"{_CLOSED}{tag[0]}" if tag[1] else f"{tag[0]}{_OPENED}", html)
    return _SIGNATURE.sub(rf"{_DELIMITER}\g<0>", html)


def as_plain(text: str) -> str:
    """Begin every line of a quotation with `> `, in the text that is left of marked HTML."""
    if _OPENED not in text and _CLOSED not in text:
        return text
    lines: list[str] = []
    depth = 0
    for line in text.split("\n"):
        opened, closed = line.count(_OPENED), line.count(_CLOSED)
        inside = depth + opened > 0
        depth = max(0, depth + opened - closed)
        words = line.replace(_OPENED, "").replace(_CLOSED, "")
        if words.strip() or not (opened or closed):
            lines.append(f"> {words.strip()}".rstrip() if inside else words)
    return "\n".join(lines)
