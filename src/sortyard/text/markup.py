"""HTML becomes the text that its reader sees."""

import re
from dataclasses import dataclass
from html import unescape
from typing import ClassVar

from selectolax.lexbor import LexborHTMLParser

_BLOCKS = (
    "address article aside blockquote br dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 "
    "h6 header hr li main nav ol p pre section table tbody tfoot thead tr ul"
)
_INLINE = (
    "a abbr b big body center cite code del em font head html i img ins kbd link mark meta noscript"
    " o:p q s samp script small span strike strong style sub sup svg td template th title tt u var"
)
_UNSEEN = ["head", "script", "style", "template", "noscript", "svg"]


def _tag(names: str) -> str:
    return rf"</?(?:{'|'.join(names.split())})(?=[\s/>])[^<>]*>"


# `<anna@example.com>` and `a < b` are not markup; a known tag, a comment or a doctype is.
_MARKUP = re.compile(rf"{_tag(_BLOCKS + ' ' + _INLINE)}|<!--|<!doctype\s", re.IGNORECASE)
_BLOCK = re.compile(_tag(_BLOCKS), re.IGNORECASE)
_CELL = re.compile(_tag("td th"), re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")


@dataclass(frozen=True, slots=True)
class HtmlToText:
    """
    Drops tags, scripts and styles, and keeps line breaks where a browser shows them.

    A text without a known HTML tag is left as it is, but for entities such as `&amp;`.
    """

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
    spaced = _CELL.sub(r" \g<0>", _BLOCK.sub("<br>\n\\g<0>", " ".join(whole.split())))
    tree = LexborHTMLParser(spaced)
    tree.strip_tags(_UNSEEN)
    root = tree.root
    return root.text() if root is not None else ""
