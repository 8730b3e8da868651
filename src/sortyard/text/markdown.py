"""Markdown becomes the words that it lays out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from sortyard.text.markup import LINKS

_ROUNDS: Final = 4  # of emphasis within emphasis
_MARKS: Final = str.maketrans(dict.fromkeys("*_#`~|[]"))

# What nobody types by chance. A lone `*`, `_` or `#` is no evidence: people list, multiply, name
# files and count with them.
_HINTS: Final = ("**", "`", "](", "##", "---")
_BOLD: Final = (
    r"(?<![*0-9A-Za-z])\*\*(?=[^\s*])((?:[^*\n]|\*(?!\*)){1,500}?)(?<=[^\s*])\*\*(?![*0-9A-Za-z])"
)
_EVIDENCE: Final = re.compile(
    r"^ {0,3}(?:#{2,6} +[^\W_][^\n]{0,200}[^#\s]$|```(?!`))"  # a heading, or a block of code
    rf"|{_BOLD}"
    r"|!\[[^\[\]\n]{0,500}\]\([^\s()]"
    r"|\]\((?:https?:|mailto:|tel:|www\.|[/#]|\.{1,2}/)",
    re.MULTILINE,
)
_TARGET: Final = (
    r"\(<?((?:https?:|mailto:|tel:|www\.|[/#]|\.{1,2}/)(?:[^()\s]|\([^()\s]{0,200}\)){0,2000})>?"
    r"(?: +[\"'][^\"'\n]{0,300}[\"'])?\)"
)
_PICTURE: Final = re.compile(r"!\[([^\[\]\n]{0,500})\]\((?:[^()\n]|\([^()\s]{0,200}\)){1,2000}\)")
_LINK: Final = re.compile(r"\[([^\[\]\n]{1,500})\]" + _TARGET)
_HOST: Final = re.compile(r"(?:https?://)?(?:www\.)?([\w.-]{1,100})")
_FENCE: Final = re.compile(r"^[ \t]{0,3}(?:```(?!`)|~~~(?!~))[^`\n]{0,100}(?:\n|\Z)", re.MULTILINE)
_HEADING: Final = re.compile(r"^ {0,3}#{1,6}[ \t]+(?=\S)", re.MULTILINE)
_RULE: Final = re.compile(r"^[ \t]{0,3}(?:-{3,}|={3,}|\*{3,}|_{3,})[ \t]*(?:\n|\Z)", re.MULTILINE)
_BELOW_HEAD: Final = re.compile(r" {0,3}\|? *:?-+:? *(?:\| *:?-+:? *)+\|?\s*")
_CODE: Final = re.compile(r"(?<![`\w])(`{1,2})(?=[^`\s])([^`\n]{1,500})(?<=[^`\s])\1(?![`\w])")
_STRONG: Final = re.compile(_BOLD)
_STARS: Final = re.compile(
    r"(?<![*0-9A-Za-z])(\*{1,3})(?=[^\s*])([^*\n]{1,500})(?<=[^\s*])\1(?![*0-9A-Za-z])"
)
_LOW_LINES: Final = re.compile(r"(?<!\w)(_{1,3})(?=[^\s_])([^_\n]{1,500})(?<=[^\s_])\1(?!\w)")
_STRUCK: Final = re.compile(r"(?<!~)~~(?=[^\s~])([^~\n]{1,500})(?<=[^\s~])~~(?!~)")
_ONE_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Markdown:
    """
    Takes the marks of headings, emphasis, links, tables and code away, and leaves their words.

    A text needs to show that it is Markdown first, by what nobody types by chance; in any other a
    `*`, `_` or `#` stays where it is, and only tables and words in backticks are read. With
    `links` as `host`, where a link leads to stays as well.
    """

    links: str = "words"

    name: ClassVar[str] = "markdown"
    version: ClassVar[int] = 1

    def problems(self) -> tuple[str, ...]:
        if self.links in LINKS:
            return ()
        return (f"markdown: links is one of {', '.join(LINKS)}, not {self.links!r}",)

    def __call__(self, text: str) -> str:
        for _ in range(_ROUNDS):
            plain = self._once(text)
            if plain == text or not plain.strip():  # marks alone are what there is to read
                return text
            text = plain
        return text.translate(_MARKS)  # whoever nests deeper than that means no words by it

    def _once(self, text: str) -> str:
        if not any(hint in text for hint in _HINTS):
            return text
        is_markdown = _EVIDENCE.search(text)
        text = _CODE.sub(r"\2", _without_tables(text))
        if not is_markdown:
            return text
        text = _LINK.sub(self._link, _PICTURE.sub(r"\1", text))
        text = _RULE.sub("", _HEADING.sub("", _FENCE.sub("", text)))
        text = _STARS.sub(r"\2", _STRONG.sub(r"\1", text))
        return _STRUCK.sub(r"\1", _LOW_LINES.sub(_emphasised, text))

    def _link(self, link: re.Match[str]) -> str:
        words: str = link[1]
        host = _HOST.match(link[2]) if self.links == "host" else None
        if host is None or "." not in host[1] or host[1] in words:
            return words
        return f"{words} ({host[1]})"


def _emphasised(found: re.Match[str]) -> str:
    """Leave `__init__` alone, which is a name."""
    is_name = found[1] == "__" and _ONE_WORD.fullmatch(found[2])
    whole: str = found[0]
    return whole if is_name else found[2]


def _without_tables(text: str) -> str:
    return "\n".join(_rows(text.split("\n"))) if "---" in text and "|" in text else text


def _rows(lines: list[str]) -> Iterator[str]:
    """Give lines without the bars of tables: the line above a row of dashes, and those below."""
    inside = False
    for place, line in enumerate(lines):
        if "|" not in line:
            inside = False
        elif inside or _is_head(line, lines[place + 1] if place + 1 < len(lines) else ""):
            inside = True
            if _BELOW_HEAD.fullmatch(line):
                continue
            line = " ".join(line.replace("|", " ").split())  # noqa: PLW2901 -- the same line
        yield line


def _is_head(line: str, below: str) -> bool:
    """Tell whether a line has as many columns as the row of dashes below it."""
    if "|" not in below or not _BELOW_HEAD.fullmatch(below):
        return False
    return line.strip().strip("|").count("|") == below.strip().strip("|").count("|")
