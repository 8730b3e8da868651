"""A release as one file that can be carried to another machine, and back to a folder there."""

import gzip
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from sortyard.app.files import refusals, replacing, replacing_folder
from sortyard.domain.errors import DamagedBundle, InvalidUsage

ENDINGS = (".tar.gz", ".tgz", ".zip")
TOO_LARGE = 4 << 30  # bytes; a release has tens of megabytes, an archive bomb has more
THE_EPOCH = (1980, 1, 1, 0, 0, 0)  # so that the same release makes the same file


def is_archive(path: Path) -> bool:
    """Tell by the name whether a file is an exported release."""
    return path.name.endswith(ENDINGS)


def pack(release: Path, target: Path) -> None:
    """
    Write a release into one file; the same release always makes the same bytes.

    Raises `InvalidUsage` for another ending, and `CannotWrite`.
    """
    if not is_archive(target):
        raise InvalidUsage(
            f"The name {target.name!r} does not say what kind of archive to write.",
            f"End it with one of {', '.join(ENDINGS)}.",
        )
    files = sorted(path for path in release.rglob("*") if path.is_file())
    with replacing(target) as draft:
        if target.suffix == ".zip":
            _zip(files, release, draft)
        else:
            _tar(files, release, draft)


def unpack(archive: Path, target: Path) -> None:
    """Write the files of an exported release into a new folder. Raises `DamagedBundle`."""
    with replacing_folder(target) as draft, refusals(target):
        try:
            for name, content in _members(archive):
                place = draft / _safe(name, archive)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)
        except (tarfile.TarError, zipfile.BadZipFile, EOFError, gzip.BadGzipFile) as error:
            raise DamagedBundle(str(archive), "it", "cannot be unpacked") from error


@contextmanager
def unpacked(archive: Path) -> Iterator[Path]:
    """Lend the files of an exported release in a folder that vanishes with the block."""
    with TemporaryDirectory(prefix="sortyard-") as folder:
        unpack(archive, Path(folder) / "release")
        yield Path(folder) / "release"


def _tar(files: list[Path], release: Path, target: Path) -> None:
    with (
        target.open("wb") as raw,
        gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0, compresslevel=6) as stream,
        tarfile.open(fileobj=stream, mode="w") as archive,
    ):
        for path in files:
            entry = tarfile.TarInfo(path.relative_to(release).as_posix())
            entry.size = path.stat().st_size
            entry.mode = 0o644
            with path.open("rb") as content:
                archive.addfile(entry, content)


def _zip(files: list[Path], release: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            entry = zipfile.ZipInfo(path.relative_to(release).as_posix(), THE_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())


def _members(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Read the plain files of an archive; links and devices are not ours."""
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as packed:
            _refuse_bombs(archive, sum(one.file_size for one in packed.infolist()))
            for entry in packed.infolist():
                if not entry.is_dir():
                    yield entry.filename, packed.read(entry)
        return
    with tarfile.open(archive, "r:gz") as stream:
        total = 0
        for member in stream:
            total += member.size
            _refuse_bombs(archive, total)
            content = stream.extractfile(member) if member.isfile() else None
            if content is not None:
                yield member.name, content.read()


def _refuse_bombs(archive: Path, size: int) -> None:
    if size > TOO_LARGE:
        raise DamagedBundle(str(archive), "it", "unpacks to more than any release holds")


def _safe(name: str, archive: Path) -> PurePosixPath:
    """Refuse a name that would be written outside of the folder."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        raise DamagedBundle(str(archive), repr(name), "lies outside of the release")
    return path
