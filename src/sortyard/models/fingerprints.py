"""
Which texts a release was trained on, without any of them.

Who has a text can ask whether it was among them; nobody can list them. The key is the release's
own, so that two releases of different data do not give away what they share.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from sortyard.domain.errors import DamagedBundle
from sortyard.models.manifest import FINGERPRINTS
from sortyard.text.fingerprint import fingerprint

LONGEST_KEY = 64  # bytes
MOST = 500_000  # 4 MB; of more texts those with the lowest marks are kept, which is a fair sample


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """The marks of the training texts, rising and without doubles, and the key that they need."""

    key: bytes
    marks: NDArray[np.uint64]

    @classmethod
    def of(cls, texts: Iterable[str], *, key: bytes, most: int = MOST) -> Self:
        """Mark prepared texts; more than `most` different ones are told in part."""
        marks = np.unique(np.array([fingerprint(one, key) for one in texts], dtype=np.uint64))
        return cls(key, marks[:most])

    @property
    def is_whole(self) -> bool:
        """Whether every training text can be told; else some are taken for others."""
        return len(self.marks) < MOST

    def count(self, texts: Sequence[str]) -> int:
        """Count the prepared texts that the release was trained on."""
        asked = np.array([fingerprint(one, self.key) for one in texts], dtype=np.uint64)
        return int(np.isin(asked, self.marks).sum())

    def write(self, folder: Path) -> None:
        """Write them into the folder of a release."""
        key = np.frombuffer(self.key, dtype=np.uint8)
        save_file({"key": key, "marks": self.marks}, folder / FINGERPRINTS)

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """Read them from a release; None where it has none. Raises DamagedBundle."""
        if not (folder / FINGERPRINTS).is_file():
            return None
        try:
            arrays = load_file(folder / FINGERPRINTS)
            key, marks = arrays["key"].astype(np.uint8).tobytes(), arrays["marks"]
        except (SafetensorError, KeyError) as error:
            raise DamagedBundle(str(folder), FINGERPRINTS, "cannot be read") from error
        if len(key) > LONGEST_KEY or marks.dtype != np.uint64 or marks.ndim != 1:
            raise DamagedBundle(str(folder), FINGERPRINTS, "says what it cannot mean")
        return cls(key, marks)
