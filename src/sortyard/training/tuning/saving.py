"""A tuned encoder on the disk: whole or absent."""

import shutil
import tempfile
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

from sortyard.training.encoder_weights import (
    CONFIG_FILE,
    TOKENIZER_FILE,
    WEIGHTS_FILE,
    EncoderFiles,
    sha256_of,
)
from sortyard.training.whole_files import disk_refusals, put_in_place

TUNED = ", tuned"  # what the name of an encoder ends with after it


def save_tuned(model: nn.Module, files: EncoderFiles, folder: Path) -> EncoderFiles:
    """
    Write the weights, with the configuration and vocabulary that they came with.

    Raises CannotWrite where the disk refuses.
    """
    with disk_refusals(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as beside:
            making = Path(beside) / "making"
            making.mkdir()
            save_file(plain(model.state_dict()), making / WEIGHTS_FILE, metadata={"format": "pt"})
            shutil.copyfile(files.config, making / CONFIG_FILE)
            shutil.copyfile(files.tokenizer, making / TOKENIZER_FILE)
            put_in_place(making, folder)
    name = files.name.removesuffix(TUNED) + TUNED
    return EncoderFiles(folder, name, sha256_of(folder / WEIGHTS_FILE))


def plain(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Bring tensors to the processor, each with memory of its own, as the format wants them."""
    return {name: one.detach().to("cpu", copy=True).contiguous() for name, one in tensors.items()}
