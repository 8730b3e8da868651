"""HTML becomes the text that its reader sees."""

import re
from dataclasses import dataclass
from html import unescape
from typing import ClassVar, Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from sortyard.text.ballast import UNSEEN, ascii_lower, without_files, without_unseen
from sortyard.text.email.html_marks import as_plain, with_marks
from sortyard.text.personal.entities import shielded

LINKS: Final = ("words", "host")

_BLOCKS: Final = (
    "address article aside blockquote dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 "
    "h6 header hr li main nav ol p pre section table tbody tfoot thead tr ul"
)
_INLINE: Final = (
    "a abbr b big body center cite code del em font head html i img ins kbd link mark meta noscript"
    " o:p q s samp script small span strike strong style sub sup svg td template th title tt u var"
)
# Blocks as well, but words that people put in angle brackets, so they tell nothing on their own.
_RARE: Final = "button caption details figcaption hgroup legend option select summary textarea"
_HEAD, _TAIL = 160_000, 40_000  # characters of markup to parse, once all that is unseen is gone
_MOST_TAGS: Final = 10_000  # parsing takes quadratic time in the depth of nesting


def _tag(names: str) -> str:
    return rf"</?(?:{'|'.join(names.split())})(?=[\s/>])[^<>]*>"


# `<anna@example.com>` and `a < b` are not markup; a known tag, a comment or a doctype is.
_MARKUP: Final = re.compile(rf"{_tag(f'{_BLOCKS} {_INLINE} br')}|<!--|<!doctype\s", re.IGNORECASE)
_BLOCK: Final = re.compile(_tag(f"{_BLOCKS} {_RARE}"), re.IGNORECASE)
_PARAGRAPH: Final = re.compile(_tag("p h1 h2 h3 h4 h5 h6 pre"), re.IGNORECASE)
_BREAK: Final = re.compile(_tag("br"), re.IGNORECASE)
_CELL: Final = re.compile(_tag("td th"), re.IGNORECASE)
_PRE: Final = re.compile(r"<pre(?=[\s>])", re.IGNORECASE)
_ANCHOR: Final = re.compile(r"<(/?)a(?=[\s>])([^<>]*)>", re.IGNORECASE)
_HOST: Final = re.compile(
    r"\bhref\s*=\s*[\"']?\s*https?://(?:www\.)?([\w.-]{1,100})", re.IGNORECASE
)
_PICTURE: Final = re.compile(r"<img\s([^<>]*)>", re.IGNORECASE)
_ALT: Final = re.compile(r"\balt\s*=\s*[\"']?([^\x00-\x7f]{1,16})(?=[\"'\s]|\Z)", re.IGNORECASE)
_MAY_HIDE: Final = re.compile(
    r"\bhidden\b|display\s*:\s*none|mso-hide|max-height\s*:\s*0", re.IGNORECASE
)
_HIDING: Final = re.compile(
    r"(?:\A|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)\b",
    re.IGNORECASE,
)
_FLAT: Final = re.compile(r"(?:\A|;)\s*max-height\s*:\s*0(?![.\d]*[1-9])", re.IGNORECASE)
_CLIPPED: Final = re.compile(r"(?:\A|;)\s*overflow\s*:\s*hidden\b", re.IGNORECASE)
_LONGEST_STYLE: Final = 2_000  # characters of an attribute
# A block ends a line and a paragraph leaves one free, however many tags say so.
_SOFT: Final = "\x01"
_WIDE: Final = "\x02"
_GAP: Final = re.compile(r" ?(?:[\n\x01\x02] ?)+")
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")


@dataclass(frozen=True, slots=True)
class HtmlToText:
    """
    Drops tags, scripts, styles and what is hidden, and keeps line breaks where a browser has them.

    Of a link the words stay, and with `links` as `host` also where it leads to. What is quoted is
    marked with `> `, line by line. A text without a known HTML tag is left as it is, but for
    entities such as `&amp;`.
    """

    links: str = "words"

    name: ClassVar[str] = "html"
    version: ClassVar[int] = 2

    def problems(self) -> tuple[str, ...]:
        if self.links in LINKS:
            return ()
        return (f"html: links is one of {', '.join(LINKS)}, not {self.links!r}",)

    def __call__(self, text: str) -> str:
        if "<" in text and _MARKUP.search(text):
            return _visible(text, with_hosts=self.links == "host")
        if "&" in text:
            return _ENTITY.sub(lambda entity: unescape(entity[0]), text)
        return text


def _visible(html: str, *, with_hosts: bool) -> str:
    whole = shielded(html).encode("utf-8", "replace").decode("utf-8")  # no lone surrogates
    lined = _with_lines_of_pre(without_unseen(whole))
    seen = without_files(" ".join(lined.replace(_SOFT, "").replace(_WIDE, "").split()))
    if len(seen) > _HEAD + _TAIL:
        seen = f"{seen[:_HEAD]} {seen[-_TAIL:]}"
    drawn = _PICTURE.sub(_emoji_of, seen)
    linked = _with_hosts(drawn) if with_hosts else drawn
    return as_plain(_GAP.sub(_line_breaks, _words(_marked(with_marks(linked)))))


def _marked(html: str) -> str:
    """Say in the text itself where its lines end, before the tags that mean it are gone."""
    html = _CELL.sub(r" \g<0>", _BREAK.sub("\n", html))
    html = _PARAGRAPH.sub(rf"{_WIDE}\g<0>{_WIDE}", html)
    return _BLOCK.sub(rf"{_SOFT}\g<0>{_SOFT}", html)


def _line_breaks(gap: re.Match[str]) -> str:
    """Give as many line breaks as a browser shows; a break after a block leaves a line free."""
    breaks = gap[0].count("\n")
    first = gap[0].lstrip(" ")[0]
    shown = breaks + (first != "\n")
    return "\n" * max(shown, 2 if _WIDE in gap[0] else 1)


def _words(html: str) -> str:
    """Give the words of marked HTML that its reader sees."""
    if html.count("<") > _MOST_TAGS:
        return unescape(_MARKUP.sub("", html))
    tree = LexborHTMLParser(html)
    tree.strip_tags(list(UNSEEN))
    if tree.root is None:
        return ""
    everything: str = tree.root.text()
    if not _MAY_HIDE.search(html):
        return everything
    for node in reversed(tree.css("[hidden], [style]")):  # the inner ones first
        if _is_hidden(node):
            node.decompose()
    shown: str = tree.root.text() if tree.root is not None else ""
    # Where all of it is hidden, a script would have shown it, or a style sheet.
    return shown if shown.strip(" \n\x01\x02") else everything


def _with_lines_of_pre(html: str) -> str:
    """Make the line breaks of preformatted text such that they survive."""
    if not _PRE.search(html):
        return html
    lower = html.lower() if html.isascii() else ascii_lower(html)
    parts: list[str] = []
    start = 0
    while opening := _PRE.search(html, start):
        end = lower.find("</pre", opening.end())
        if end < 0:
            break
        inside = lower.find(">", opening.end()) + 1
        parts.append(html[start:inside])
        parts.append(html[inside:end].replace("\r\n", "\n").replace("\n", "<br>"))
        start = max(end, inside)
    return "".join((*parts, html[start:]))


def _emoji_of(picture: re.Match[str]) -> str:
    """Give what a mail program draws in the place of a character, which is no letter."""
    alt = _ALT.search(picture[1])
    is_symbol = alt and not any(character.isalnum() for character in alt[1])
    return alt[1] if alt and is_symbol else picture[0]


def _with_hosts(html: str) -> str:
    """Write the host that a link leads to behind its words, unless they name it."""
    parts: list[str] = []
    start, host, began = 0, "", 0
    for anchor in _ANCHOR.finditer(html):
        if host:
            words = html[began : anchor.start()]
            parts += [html[start : anchor.start()], "" if host in words else f" ({host})"]
            start = anchor.start()
        found = None if anchor[1] else _HOST.search(anchor[2])
        host, began = (found[1].rstrip("."), anchor.end()) if found else ("", 0)
    return "".join((*parts, html[start:]))


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    if "hidden" in attributes:
        return True
    style = (attributes.get("style") or "")[:_LONGEST_STYLE]
    return bool(_HIDING.search(style) or (_FLAT.search(style) and _CLIPPED.search(style)))
