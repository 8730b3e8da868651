"""Cut a mailbox file into its mails, while it is read."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

MARK: Final = b"From "
_BETWEEN: Final = re.compile(rb"From (?:\S.*)?\d{1,2}:\d{2}")  # and when it came
_ESCAPED: Final = re.compile(rb">+From ")


def looks_like_mbox(raw: bytes) -> bool:
    """Tell by its first line whether a file is a mailbox."""
    return raw.startswith(MARK) and _BETWEEN.match(raw[:_LONGEST].split(b"\n", 1)[0]) is not None


def mails_of(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """
    Give each mail with the line (from 1) on which it starts.

    One begins where a line says `From`, an address and a time, below an empty line; other lines of
    a text that begin so are escaped as `>From`, and come back without the mark.
    """
    mail: list[bytes] = []
    start, was_empty = 1, True
    for number, line in enumerate(lines, start=1):
        if was_empty and line.startswith(MARK) and _BETWEEN.match(line[:_LONGEST]):
            if mail:
                yield start, b"".join(mail)
            mail, start = [], number
        else:
            mail.append(line[1:] if line.startswith(b">") and _ESCAPED.match(line) else line)
        was_empty = not line.strip()
    if mail:
        yield start, b"".join(mail)


_LONGEST: Final = 1_000  # bytes of a line to look at
