"""What a release on disk says of itself, and the check that it is what it says."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from sortyard.domain.errors import DamagedBundle, MissingBundle, NewerFormat

FORMAT = 1
MANIFEST = "manifest.json"
ABOUT = frozenset({"metrics.json", "report.html", "CARD.md", "report.txt"})  # no part of an answer
ID_LENGTH = 10
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """
    The first file of a bundle: where the release comes from, and the SHA-256 of every other file.

    `created` is ISO 8601; `recipe` is resolved; `versions` maps a library to its version.
    """

    release: str
    created: str
    recipe: Mapping[str, Any]
    taxonomy_hash: str
    data_hash: str
    split_hash: str
    parents: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Write it as JSON into the bundle's folder."""
        content = {"format": FORMAT} | asdict(self)
        text = json.dumps(content, indent=2, ensure_ascii=False)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """
        Read it, and check nothing else.

        Raises MissingBundle where there is none, NewerFormat, or DamagedBundle.
        """
        try:
            stored = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            raise MissingBundle(str(folder)) from None
        except (OSError, ValueError) as error:
            raise DamagedBundle(str(folder), MANIFEST, "cannot be read") from error
        try:
            found = stored.pop("format")
            if found > FORMAT:
                raise NewerFormat(str(folder), found, FORMAT)
            return cls(**{**stored, "parents": tuple(stored["parents"])})
        except (AttributeError, KeyError, TypeError) as error:
            raise DamagedBundle(str(folder), MANIFEST, "lacks what it must say") from error

    def verify(self, folder: Path) -> None:
        """Compare every file with its checksum; raises DamagedBundle for the first that differs."""
        for name, expected in self.files.items():
            path = folder / name
            if not path.is_file():
                raise DamagedBundle(str(folder), name, "is missing")
            if sha256(path) != expected:
                raise DamagedBundle(str(folder), name, "is not the file that was released")


def checksums(folder: Path) -> dict[str, str]:
    """Sum every file below a folder, but the manifest; names are relative, with slashes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in files}
    return {name: sha256(path) for name, path in names.items() if name != MANIFEST}


def release_id(files: Mapping[str, str]) -> str:
    """
    Name a release after what it answers with: the same models have the same name.

    Files that only tell about it, such as its report, do not count.
    """
    lines = [f"{name} {digest}" for name, digest in sorted(files.items()) if name not in ABOUT]
    return "r" + hashlib.sha256("\n".join(lines).encode()).hexdigest()[:ID_LENGTH]


def sha256(path: Path) -> str:
    """Sum one file, a block at a time."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
