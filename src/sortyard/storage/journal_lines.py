"""The lines of the journal: a record each, with a checksum, so that damage shows."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

from sortyard.domain.errors import InvalidPrediction
from sortyard.domain.records import Record

# What `Record.from_dict` says of something that is no record, or one of a later version.
NO_RECORD = (KeyError, TypeError, ValueError, AttributeError, InvalidPrediction)

# Plain ASCII, so that half of a surrogate pair comes back as it was; a record has no circles.
_to_json = json.JSONEncoder(check_circular=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Lines:
    """What a segment of the journal holds: records, and lines that cannot be read."""

    records: Sequence[Record]
    damaged: Sequence[bytes] = ()


def line_of(record: Record) -> bytes:
    """Give a record as a line: the CRC-32 of its JSON as eight hex digits, a space, the JSON."""
    facts = _to_json(record.to_dict()).encode("ascii")
    return b"%08x %b\n" % (crc32(facts), facts)


def lines_of(records: Iterable[Record]) -> bytes:
    """Give one line a record."""
    return b"".join(map(line_of, records))


def read_lines(content: bytes) -> Lines:
    """
    Read lines back, and tell the damaged ones apart.

    A last line without an end was being written when its writer died; it counts as never written,
    because nobody was answered on its strength.
    """
    *ended, _begun = content.split(b"\n")
    records: list[Record] = []
    damaged: list[bytes] = []
    for line in filter(None, ended):
        record = _record_in(line)
        if record is None:
            damaged.append(line + b"\n")
        else:
            records.append(record)
    return Lines(records, damaged)


def _record_in(line: bytes) -> Record | None:
    """Read one line; None where it is not what was written, or no record."""
    checksum, _, facts = line.partition(b" ")
    if checksum != b"%08x" % crc32(facts):
        return None
    try:
        return Record.from_dict(json.loads(facts))
    except NO_RECORD:
        return None
