"""A language model half-way tuned: one file, replaced whole, and no pickle."""

import json
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from sortyard.training.tuning.saving import plain
from sortyard.training.whole_files import disk_refusals, write_whole

FORMAT: Final = 1
MOMENTS: Final = ("step", "exp_avg", "exp_avg_sq")  # what AdamW remembers of every tensor


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """
    The place of one run's checkpoint, named after everything that the run rests on.

    Dropout and batches follow from the seed and the step, so that no state of a random generator
    needs to be kept.
    """

    file: Path

    @classmethod
    def beside(cls, out: Path, fingerprint: str) -> "Checkpoint":
        """Find the place of a checkpoint for what will lie in `out`."""
        return cls(out.with_name(f".{out.name}.tuning") / f"{fingerprint}.safetensors")

    def write(
        self,
        weights: Mapping[str, Tensor],
        optimiser: torch.optim.Optimizer,
        notes: Any,  # noqa: ANN401 -- JSON
    ) -> None:
        """Replace the checkpoint; CannotWrite where the disk refuses."""
        tensors = {f"weight/{name}": one for name, one in weights.items()}
        for name, one in weights.items():
            state = optimiser.state.get(one, {})
            tensors |= {f"{moment}/{name}": state[moment] for moment in MOMENTS if state}
        told = {"notes": json.dumps({"format": FORMAT, **notes})}
        with disk_refusals(self.file):
            self.file.parent.mkdir(parents=True, exist_ok=True)
            try:
                write_whole(self.file, lambda draft: save_file(plain(tensors), draft, told))
            except SafetensorError as error:  # hides what the disk said
                raise OSError("the disk may be full") from error

    def read(
        self, weights: Mapping[str, Tensor], optimiser: torch.optim.Optimizer
    ) -> dict[str, Any] | None:
        """Put everything back as it was; None, and nothing changed, where none can be read."""
        try:
            with safe_open(self.file, framework="pt") as stored:
                notes: dict[str, Any] = json.loads((stored.metadata() or {})["notes"])
                tensors = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118 -- no mapping
        except (OSError, SafetensorError, KeyError, ValueError):
            return None
        if notes.pop("format", None) != FORMAT:
            return None
        with torch.no_grad():
            for name, one in weights.items():
                one.copy_(tensors[f"weight/{name}"])
                if f"step/{name}" in tensors:
                    optimiser.state[one] = {
                        moment: tensors[f"{moment}/{name}"].clone().to(one.device)
                        for moment in MOMENTS
                    }
        return notes

    def remove(self) -> None:
        """Forget the checkpoints of a run that is done, and those of others for its place."""
        with suppress(OSError):
            shutil.rmtree(self.file.parent)
