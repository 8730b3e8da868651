"""One mail as a row: what it says, who wrote it and when, what it answers, and what is attached."""

import re
from collections.abc import Mapping
from datetime import UTC
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import Final

from sortyard.data.cells import Cell
from sortyard.data.mail_text import (
    attachment_kind,
    header,
    headers,
    is_attachment,
    parts_of,
    text_of,
)

# What the columns of every mail are for, as roles name it.
ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    "text": ("subject", "text"),
    "id": ("id",),
    "group": ("conversation",),
    "time": ("date",),
}
OWN: Final = ("references",)  # read to find the conversation, and not kept

# Headers in which people and programs put labels, and others that say what a mail is about.
_TELLING: Final = frozenset({"keywords", "importance", "priority", "list-id", "newsgroups"})
_GMAIL: Final = "x-gmail-labels"
# What Gmail says with labels about the state of a mail, and not about what is in it.
_STATES: Final = frozenset(
    {"inbox", "opened", "unread", "read", "important", "starred", "archived", "sent", "spam"}
    | {"trash", "drafts", "chat", "chats", "snoozed", "muted", "all-mail"}
)
_PASSAGE: Final = re.compile(  # what servers and scanners on the way write
    r"x-(?:received|spam|google|gm-|ms-|microsoft|originating|forefront|exchange|mailer|mime|virus"
    r"|proofpoint|sg-|ses-|amz-|barracuda|yahoo|apple|provags|ui-|tm-|brightmail|ironport|uidl|evolution"
    r"|mozilla|gmail-(?!labels)|auth|dkim|arc|envelope|original|delivered|authority|attachment|message-id"
    r"|sender|to\b|from\b|cc\b|date\b|eopattributed|entity|report-abuse|abuse|feedback|msys|mailgun|campaign)"
)
_LONGEST: Final = 100  # characters; what is longer is no label
_MESSAGE_ID: Final = re.compile(r"<([^<>\s]{1,500})>")


def row_of(raw: bytes) -> dict[str, Cell]:
    """
    Read one mail; whatever it holds, nothing is raised.

    A header that may hold labels is a column of its own, named as the mail writes it.
    """
    try:
        # Not by the modern policy, which raises IndexError and others over wrong headers.
        return _row(message_from_bytes(raw))
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError):
        return {"subject": "", "text": raw.decode("utf-8", "replace")}


def _row(mail: Message) -> dict[str, Cell]:
    parts = parts_of(mail)
    attached = [part for part in parts if is_attachment(part)]
    return {
        "id": _first_id(header(mail, "Message-ID")),
        "subject": header(mail, "Subject"),
        "text": text_of(parts),
        "author": _author(header(mail, "From")),
        "date": _date(header(mail, "Date")),
        "in reply to": _first_id(header(mail, "In-Reply-To")),
        "references": tuple(_MESSAGE_ID.findall(header(mail, "References"))),
        "attachments": len(attached),
        "attachment types": tuple(sorted({attachment_kind(part) for part in attached})),
        **_labels(mail),
    }


def _first_id(value: str) -> str:
    found = _MESSAGE_ID.search(value)
    return found[1] if found else ""


def _author(value: str) -> str:
    addresses = [address for _, address in getaddresses([value]) if "@" in address]
    return addresses[0].lower() if addresses else value


def _date(value: str) -> str:
    try:
        found = parsedate_to_datetime(value)
        aware = found if found.tzinfo else found.replace(tzinfo=UTC)
        return aware.astimezone(UTC).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return value


def _labels(mail: Message) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    for name in mail:
        lower = name.lower()
        if lower == _GMAIL:
            found[name] = _gmail_labels(header(mail, name))
        elif lower in _TELLING or (lower.startswith("x-") and not _PASSAGE.match(lower)):
            values = [value for value in headers(mail, name) if value]
            if values and max(map(len, values)) <= _LONGEST:
                found[name] = values[0] if len(values) == 1 else tuple(values)
    return found


def _gmail_labels(value: str) -> tuple[str, ...]:
    labels = (label.strip(' "') for label in value.split(","))
    return tuple(
        label
        for label in labels
        if label
        and label.lower().replace(" ", "-") not in _STATES
        and not label.lower().startswith("category ")
    )
