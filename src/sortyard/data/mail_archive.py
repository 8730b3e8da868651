"""A mailbox, a single mail, or a folder of mails as a table; only the texts are kept in memory."""

import gzip
import hashlib
import os
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Final

from sortyard.data.cells import Cell, is_empty
from sortyard.data.conversations import conversations
from sortyard.data.mails import OWN, ROLES, row_of
from sortyard.data.mbox import looks_like_mbox, mails_of
from sortyard.data.tables import Table
from sortyard.domain.errors import EmptyArchive, UnreadableArchive

SUFFIX: Final = ".eml"
FOLDER: Final = "folder"
_GZIP: Final = b"\x1f\x8b"
_HEAD: Final = 1 << 16
_FIELD: Final = re.compile(rb"[A-Za-z][A-Za-z0-9-]{0,60}:[ \t\r\n]")
_SURE: Final = re.compile(
    rb"^(?:message-id|received|return-path|mime-version|delivered-to|in-reply-to):",
    re.IGNORECASE | re.MULTILINE,
)
_USUAL: Final = re.compile(rb"^(?:from|to|subject|date):", re.IGNORECASE | re.MULTILINE)
_FEWEST: Final = 3  # usual headers, where none is sure


@dataclass(frozen=True, slots=True)
class _Mail:
    """One mail's row, the line on which it starts, the folder it lies in, and its own file."""

    line: int
    row: dict[str, Cell]
    folder: str = ""
    file: str = ""


def is_mail_archive(path: Path) -> bool:
    """Tell whether a path is a folder, or a file that holds mails, by how it begins."""
    if path.is_dir():
        return True
    head = _head(path)
    return looks_like_mbox(head) or _is_one_mail(path, head)


def read_mail_archive(path: Path) -> Table:
    """
    Read mails as rows; a mailbox is read one mail after the other, however large it is.

    The columns: `id`, `subject`, `text`, `author`, `date`, `conversation`, `in reply to`,
    `attachments` (how many), `attachment types`, `folder` for a folder of mails that lie in
    several, and every header that may hold labels, such as `X-Gmail-Labels` or `Keywords`.
    Raises UnreadableArchive and EmptyArchive.
    """
    source = str(path)
    digest = hashlib.sha256()
    try:
        if path.is_dir():
            mails = list(_of_folder(path, digest))
        elif looks_like_mbox(_head(path)):
            with _opened(path) as stream:
                lines = mails_of(_hashed(stream, digest))
                mails = [_Mail(line, row_of(raw)) for line, raw in lines]
        else:
            with _opened(path) as stream:
                mails = [_Mail(1, row_of(b"".join(_hashed(stream, digest))))]
    except (EOFError, zlib.error, gzip.BadGzipFile):
        why = "its gzip compression is damaged or cut off"
        raise UnreadableArchive(source, why) from None
    except OSError as error:
        why = (error.strerror or "it cannot be opened").lower()
        raise UnreadableArchive(source, why) from None
    if not mails:
        raise EmptyArchive(source, "it holds no mail")
    return _table(mails, source, digest.hexdigest())


def _of_folder(folder: Path, digest: "hashlib._Hash") -> Iterator[_Mail]:
    files = sorted(one for one in folder.rglob("*") if one.suffix.lower() == SUFFIX)
    if not files:
        raise UnreadableArchive(str(folder), "it is a folder without any .eml file")
    for number, file in enumerate(files, start=1):
        raw = file.read_bytes()
        place = file.relative_to(folder)
        digest.update(f"{place.as_posix()}\0{len(raw)}\0".encode(errors="surrogateescape"))
        digest.update(raw)
        parent = place.parent.as_posix()
        name = os.fsencode(place.as_posix()).decode("utf-8", "backslashreplace")
        yield _Mail(number, row_of(raw), "" if parent == "." else parent, name)


def _table(mails: list[_Mail], source: str, digest: str) -> Table:
    threads = conversations([_links(mail.row) for mail in mails])
    names = dict.fromkeys(name for mail in mails for name in mail.row if name not in OWN)
    cells: dict[str, tuple[Cell, ...]] = {
        name: tuple(mail.row.get(name) for mail in mails) for name in names
    }
    cells["conversation"] = tuple(threads)
    if len({mail.folder for mail in mails}) > 1:
        cells[FOLDER] = tuple(mail.folder for mail in mails)
    return Table(
        source=source,
        sha256=digest,
        cells={name: column for name, column in cells.items() if _has_any(name, column)},
        lines=tuple(mail.line for mail in mails),
        roles=ROLES,
        files={mail.line: mail.file for mail in mails if mail.file},
    )


def _has_any(name: str, column: tuple[Cell, ...]) -> bool:
    """Tell whether a column is worth having; those with a role always are."""
    has_role = any(name in columns for columns in ROLES.values())
    return has_role or not all(is_empty(cell) or cell == () for cell in column)


def _links(row: dict[str, Cell]) -> tuple[str, ...]:
    references = row.get("references")
    named = references if isinstance(references, tuple) else ()
    own, answered = row.get("id"), row.get("in reply to")
    return tuple(str(one) for one in (own, answered, *reversed(named)) if one)


def _hashed(lines: Iterable[bytes], digest: "hashlib._Hash") -> Iterator[bytes]:
    for line in lines:
        digest.update(line)
        yield line


def _opened(path: Path) -> BufferedReader | gzip.GzipFile:
    with path.open("rb") as stream:
        is_packed = stream.read(len(_GZIP)) == _GZIP
    return gzip.open(path, "rb") if is_packed else path.open("rb")


def _head(path: Path) -> bytes:
    try:
        with _opened(path) as stream:
            return stream.read(_HEAD)
    except (OSError, EOFError, zlib.error):
        return b""  # whoever reads the file says what is wrong with it


def _is_one_mail(path: Path, head: bytes) -> bool:
    if path.suffix.lower() == SUFFIX and head.strip():
        return True
    if not _FIELD.match(head):
        return False
    fields = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    return bool(_SURE.search(fields) and _USUAL.search(fields)) or (
        len(set(map(bytes.lower, _USUAL.findall(fields)))) >= _FEWEST
    )
