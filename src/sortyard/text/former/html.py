"""HTML to text, first version."""

import re
from dataclasses import dataclass
from html import unescape
from typing import ClassVar, Final

from selectolax.lexbor import LexborHTMLParser

_BLOCKS: Final = (
    "address article aside blockquote br dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 "
    "h6 header hr li main nav ol p pre section table tbody tfoot thead tr ul"
)
_INLINE: Final = (
    "a abbr b big body center cite code del em font head html i img ins kbd link mark meta noscript"
    " o:p q s samp script small span strike strong style sub sup svg td template th title tt u var"
)
_UNSEEN: Final = ("head", "script", "style", "template", "noscript", "svg", "title")
_HEAD, _TAIL = 160_000, 40_000  # characters of markup to parse, once all that is unseen is gone
_MOST_TAGS: Final = 10_000  # parsing takes quadratic time in the depth of nesting


def _tag(names: str) -> str:
    return rf"</?(?:{'|'.join(names.split())})(?=[\s/>])[^<>]*>"


# `<anna@example.com>` and `a < b` are not markup; a known tag, a comment or a doctype is.
_MARKUP: Final = re.compile(rf"{_tag(f'{_BLOCKS} {_INLINE}')}|<!--|<!doctype\s", re.IGNORECASE)
_BLOCK: Final = re.compile(_tag(_BLOCKS), re.IGNORECASE)
_CELL: Final = re.compile(_tag("td th"), re.IGNORECASE)
_OPENING: Final = re.compile(rf"<(?:!--|({'|'.join(_UNSEEN)})(?=[\s>]))", re.IGNORECASE)
_INLINE_FILE: Final = re.compile(r"data:[\w/+.;=-]{0,99};base64,[A-Za-z0-9+/=]+")
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")


@dataclass(frozen=True, slots=True)
class HtmlToText1:
    """Kept hidden elements, and lost the lines of preformatted text."""

    name: ClassVar[str] = "html"
    version: ClassVar[int] = 1

    def problems(self) -> tuple[str, ...]:
        return ()

    def __call__(self, text: str) -> str:
        if "<" in text and _MARKUP.search(text):
            return _visible(text)
        if "&" in text:
            return _ENTITY.sub(lambda entity: unescape(entity[0]), text)
        return text


def _visible(html: str) -> str:
    whole = html.encode("utf-8", "replace").decode("utf-8")  # the parser refuses lone surrogates
    seen = _INLINE_FILE.sub("", _without_unseen(" ".join(whole.split())))
    if len(seen) > _HEAD + _TAIL:
        seen = f"{seen[:_HEAD]} {seen[-_TAIL:]}"
    broken = _CELL.sub(r" \g<0>", _BLOCK.sub("\n\\g<0>\n", seen))
    if broken.count("<") > _MOST_TAGS:
        return unescape(_MARKUP.sub("", broken))
    tree = LexborHTMLParser(broken)
    tree.strip_tags(list(_UNSEEN))
    return tree.root.text() if tree.root is not None else ""


def _without_unseen(html: str) -> str:
    """Cut out comments, scripts and styles; what never closes is left to the parser."""
    lower = html.lower() if html.isascii() else _ascii_lower(html)
    kept: list[str] = []
    start = 0
    while opening := _OPENING.search(html, start):
        closing = f"</{opening[1].lower()}" if opening[1] else "-->"
        end = lower.find(closing, opening.end())
        if end < 0:
            break
        kept.append(html[start : opening.start()])
        start = lower.find(">", end) + 1 or len(html)
    return "".join((*kept, html[start:]))


def _ascii_lower(text: str) -> str:
    """Lower ASCII letters only, as `str.lower` may change the length of a text."""
    return text.translate(_LOWER)


_LOWER: Final = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
