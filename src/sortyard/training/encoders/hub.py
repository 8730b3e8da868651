"""The hub of Hugging Face, and what it left on this disk the last time."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from sortyard.domain.errors import MissingExtra, SortyardError


class Refused(Exception):
    """The hub did not give what it was asked for; says why, to stand behind `the hub`."""


class Hub(Protocol):
    """
    Brings files of a published encoder to this disk.

    A revision is a commit, a branch or a tag. Both methods give a folder that is named after the
    commit, as the hub's own cache has it.
    """

    def kept(self, name: str, revision: str, files: Sequence[str]) -> Path | None:
        """Find what was fetched before, by whatever program, without asking anybody."""

    def fetched(self, name: str, revision: str, files: Sequence[str]) -> Path:
        """Fetch these files, where they exist; raises Refused."""


class HuggingFace:
    """The real one; `HF_HOME` says where files are kept, and `HF_ENDPOINT` who is asked."""

    def kept(self, name: str, revision: str, files: Sequence[str]) -> Path | None:
        try:
            return _snapshot(name, revision, files, local=True)
        except (SortyardError, Refused):  # also where its library is not installed
            return None

    def fetched(self, name: str, revision: str, files: Sequence[str]) -> Path:
        return _snapshot(name, revision, files, local=False)


def _snapshot(name: str, revision: str, files: Sequence[str], *, local: bool) -> Path:
    """Ask the hub's library for these files alone: nothing that can run is ever fetched."""
    try:
        from huggingface_hub import snapshot_download  # noqa: PLC0415 -- optional, and slow
    except ImportError as error:
        raise MissingExtra("train", "download an encoder") from error
    try:
        folder = snapshot_download(
            name, revision=revision, allow_patterns=list(files), local_files_only=local
        )
    except Exception as error:  # what its transport raises changes with its version
        kind = type(error).__name__
        absent = kind in {"RepositoryNotFoundError", "RevisionNotFoundError", "HFValidationError"}
        why = f"does not have it ({kind})" if absent else f"did not answer ({kind})"
        raise Refused(why) from error
    return Path(folder)
