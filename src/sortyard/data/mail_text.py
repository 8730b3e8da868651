"""What of a mail is read: the plain text, or else what its HTML shows."""

import re
from collections.abc import Iterator
from email.header import decode_header
from email.message import Message
from typing import Final

from sortyard.data.encodings import decode
from sortyard.text.markup import HtmlToText

_MOST_PARTS: Final = 1_000  # a mail of more was built to cost time
_SHOW_HTML: Final = HtmlToText()
_MOST_ENCODED: Final = 10_000  # characters of one header
_SPLIT_WORD: Final = re.compile(r"(\?=)\s+(=\?)")


def parts_of(mail: Message) -> list[Message]:
    """List the parts that hold something, in their order; a mail inside of one is one part."""
    found: list[Message] = []
    waiting = [mail]
    while waiting and len(found) < _MOST_PARTS:
        part = waiting.pop()
        is_sent_on = part is not mail and part.get_content_type() == "message/rfc822"
        if is_sent_on or not part.is_multipart():
            found.append(part)
        else:
            inside = part.get_payload()
            waiting.extend(one for one in reversed(list(inside)) if isinstance(one, Message))
    return found


def is_attachment(part: Message) -> bool:
    """Tell whether a part lies beside the text, and is not the text."""
    if part.get_content_maintype() != "text":
        return True
    return part.get_content_disposition() == "attachment" or bool(_file_name(part))


def text_of(parts: list[Message]) -> str:
    """
    Return the plain text of a mail; of one that has only HTML, what its reader sees.

    Several parts of plain text are read one after the other.
    """
    texts = [part for part in parts if not is_attachment(part)]
    plain = "\n".join(_content(part) for part in texts if part.get_content_type() == "text/plain")
    if plain.strip():
        return plain
    shown = "\n".join(
        _SHOW_HTML(_content(part)) for part in texts if part.get_content_subtype() == "html"
    )
    if shown.strip():
        return shown
    return "\n".join(_content(part) for part in texts)


def header(mail: Message, name: str) -> str:
    """Return a header in plain words, on one line; empty where there is none."""
    return next(headers(mail, name), "")


def headers(mail: Message, name: str) -> Iterator[str]:
    """Give every header of this name in plain words."""
    wanted = name.lower()
    for found, value in mail.raw_items():
        if found.lower() == wanted:
            yield " ".join(_decoded(str(value)[:_MOST_ENCODED]).split())


def _decoded(value: str) -> str:
    """Decode the words of a header that are encoded (RFC 2047), and bytes that should have been."""
    if "=?" in value:
        try:
            pieces = decode_header(_SPLIT_WORD.sub(r"\1 \2", value))
        except (ValueError, LookupError, AttributeError, TypeError):
            return _repaired(value)
        words = "".join(
            _as_text(words, charset) if isinstance(words, bytes) else _repaired(words)
            for words, charset in pieces
        )
        return words if words.strip() else value
    return _repaired(value)


def _repaired(words: str) -> str:
    """Decode the bytes that a parser could not, which it keeps as halves of surrogate pairs."""
    if words.isascii():
        return words
    try:
        return decode(words.encode("utf-8", "surrogateescape")).text
    except UnicodeEncodeError:
        return words


def _content(part: Message) -> str:
    try:
        raw = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        raw = None
    if not isinstance(raw, bytes):
        return ""
    return _as_text(raw, _charset(part)).replace("\r\n", "\n").replace("\r", "\n")


def _charset(part: Message) -> str | None:
    try:
        return part.get_content_charset()
    except (ValueError, LookupError):
        return None


def _as_text(raw: bytes, charset: str | None) -> str:
    """Decode bytes as they say they are written; where that is wrong or unknown, guess."""
    name = _SAME.get((charset or "").lower(), charset)
    if name:
        try:
            return raw.decode(name)
        except (UnicodeError, LookupError, ValueError):
            pass
    return decode(raw).text


# Programs name a narrow set, and write the wider one.
_SAME: Final = {
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "iso-8859-8-i": "iso-8859-8",
    "utf8": "utf-8",
}


def _file_name(part: Message) -> str:
    try:
        return part.get_filename() or ""
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""


def attachment_kind(part: Message) -> str:
    """Name what an attachment is: by its file's ending, or else by its type."""
    _, dot, ending = _file_name(part).rpartition(".")
    if dot and ending.isascii() and ending.isalnum() and len(ending) <= _LONGEST_ENDING:
        return ending.lower()
    return part.get_content_subtype() if part.get_content_maintype() != "image" else "image"


_LONGEST_ENDING: Final = 5
