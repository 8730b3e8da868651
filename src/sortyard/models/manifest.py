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
FINGERPRINTS = "fingerprints.safetensors"  # of the texts that it was trained on
# What tells about a release, and is no part of an answer.
ABOUT = frozenset({"metrics.json", "report.html", "CARD.md", "report.txt", FINGERPRINTS})
ID_LENGTH = 10
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """
    The first file of a bundle: where the release comes from, and the SHA-256 of every other file.

    `created` is ISO 8601; `recipe` is resolved; `versions` maps a library to its version; `sources`
    has the name, the rows and the SHA-256 of each file that was learnt from.
    """

    release: str
    created: str
    recipe: Mapping[str, Any]
    taxonomy_hash: str
    data_hash: str
    split_hash: str
    parents: tuple[str, ...] = ()
    sources: tuple[Mapping[str, str | int], ...] = ()
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
        except (OSError, ValueError, RecursionError) as error:
            raise DamagedBundle(str(folder), MANIFEST, "cannot be read") from error
        try:
            found = stored.pop("format")
            if type(found) is not int or found < 1:
                raise DamagedBundle(str(folder), MANIFEST, "has a format that there is not")
            if found > FORMAT:
                raise NewerFormat(str(folder), found, FORMAT)
            sources = tuple(stored.get("sources", ()))
            manifest = cls(**{**stored, "parents": tuple(stored["parents"]), "sources": sources})
        except (AttributeError, KeyError, TypeError) as error:
            raise DamagedBundle(str(folder), MANIFEST, "lacks what it must say") from error
        if not manifest.makes_sense:
            raise DamagedBundle(str(folder), MANIFEST, "says what it cannot mean")
        return manifest

    @property
    def makes_sense(self) -> bool:
        """Whether every part has the type that is written above, which a file may get wrong."""
        tables = (self.recipe, self.versions, self.files, *self.sources)
        if not all(isinstance(one, dict) for one in tables):
            return False
        words = [self.release, self.created, self.taxonomy_hash, self.data_hash, self.split_hash]
        words += [*self.parents, *self.versions.values(), *self.files.values()]
        return all(isinstance(one, str) for one in words)

    def verify(self, folder: Path) -> None:
        """
        Compare every file with its checksum; raises DamagedBundle for the first that differs.

        A name that leads out of the folder is refused. So is a file beside the listed ones in a
        folder of them: an engine that looks around would find it, and nobody released it. Hidden
        files, which systems leave behind, are no engine's.
        """
        for name, expected in self.files.items():
            if not _stays_inside(name):
                raise DamagedBundle(str(folder), repr(name), "lies outside of the release")
            path = folder / name
            if not path.is_file():
                raise DamagedBundle(str(folder), name, "is missing")
            if _sum_of(path, folder, name) != expected:
                raise DamagedBundle(str(folder), name, "is not the file that was released")
        for name in _names(folder):
            folders, _, last = name.rpartition("/")
            if folders and name not in self.files and not last.startswith("."):
                raise DamagedBundle(str(folder), name, "was not released with it")

    def lists(self, name: str) -> bool:
        """Tell whether a file, or anything in a folder of this name, belongs to the release."""
        return name in self.files or any(one.startswith(f"{name}/") for one in self.files)


def checksums(folder: Path) -> dict[str, str]:
    """Sum every file below a folder, but the manifest; names are relative, with slashes."""
    return {name: sha256(folder / name) for name in _names(folder) if name != MANIFEST}


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


def _names(folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in files)


def _stays_inside(name: str) -> bool:
    """Tell whether a name is a plain relative path, on any system."""
    parts = name.split("/")
    return not any(mark in name for mark in "\\:\0") and not {"", ".", ".."}.intersection(parts)


def _sum_of(path: Path, folder: Path, name: str) -> str:
    try:
        return sha256(path)
    except OSError as error:
        raise DamagedBundle(str(folder), name, "cannot be read") from error
