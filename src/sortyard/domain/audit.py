"""What was done to the system, by whom, in a chain that cannot be changed unnoticed."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

START = "0" * 64  # what the first entry follows


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """
    One administrative act.

    `actor` is the id of a key, or a user of the machine; `subject` is what it was done to. `facts`
    hold JSON values, and no text of any message.
    """

    at: datetime
    actor: str
    act: str
    subject: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """A deed with its place in the chain."""

    number: int
    deed: Deed
    before: str  # the hash of the entry before
    hash: str


def chained(deed: Deed, *, number: int, before: str) -> AuditEntry:
    """Give a deed its place: its hash covers it, its number and the hash of the one before."""
    words = json.dumps(
        [
            number,
            before,
            deed.at.isoformat(),
            deed.actor,
            deed.act,
            deed.subject,
            dict(deed.facts),
        ],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    digest = hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()
    return AuditEntry(number=number, deed=deed, before=before, hash=digest)


def first_break(entries: Iterable[AuditEntry]) -> int | None:
    """Find the number of the first entry that does not follow from the one before; None if all."""
    before, expected = START, 1
    for entry in entries:
        if entry != chained(entry.deed, number=expected, before=before):
            return entry.number
        before, expected = entry.hash, expected + 1
    return None
