"""A tuned encoder on the disk: whole or absent."""

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from safetensors.torch import save_file
from torch import Tensor

from sortyard.training.encoders.weights import (
    CONFIG_FILE,
    TOKENIZER_FILE,
    WEIGHTS_FILE,
    EncoderFiles,
    sha256_of,
)
from sortyard.training.tuning.network import Network
from sortyard.training.whole_files import disk_refusals, put_in_place

HISTORY_FILE = "tuning.json"
TUNED = ", tuned"  # what the name of an encoder ends with after it


def save_tuned(
    network: Network,
    files: EncoderFiles,
    folder: Path,
    history: Mapping[str, Any],
    *,
    also: Mapping[str, Mapping[str, Tensor]] = MappingProxyType({}),
) -> EncoderFiles:
    """
    Write the weights that were published, as they are now, with the files that came with them.

    `history` says how they came about. `also` are files of tensors that belong to it, by name.

    Raises CannotWrite where the disk refuses.
    """
    with disk_refusals(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as beside:
            making = Path(beside) / "making"
            making.mkdir()
            weights = network.model.state_dict()
            kept = {name: one for name, one in weights.items() if name not in network.unpublished}
            save_file(plain(kept), making / WEIGHTS_FILE, metadata={"format": "pt"})
            for name, tensors in also.items():
                save_file(plain(dict(tensors)), making / name)
            shutil.copyfile(files.config, making / CONFIG_FILE)
            shutil.copyfile(files.tokenizer, making / TOKENIZER_FILE)
            told = json.dumps(
                {"from": files.name, "from_sha256": files.sha256, **history}, indent=1
            )
            (making / HISTORY_FILE).write_text(told + "\n", encoding="utf-8")
            put_in_place(making, folder)
    name = files.name.removesuffix(TUNED) + TUNED
    return EncoderFiles(folder, name, sha256_of(folder / WEIGHTS_FILE))


def plain(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Bring tensors to the processor, each with memory of its own, as the format wants them."""
    return {name: one.detach().to("cpu", copy=True).contiguous() for name, one in tensors.items()}
