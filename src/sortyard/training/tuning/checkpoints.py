"""A tuning on the disk, half-way or whole, so that a run that was killed goes on where it was."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from sortyard.training.encoders.weights import EncoderFiles, sha256_of
from sortyard.training.tuning.course import Course
from sortyard.training.tuning.learner import Learner
from sortyard.training.tuning.options import Tuning
from sortyard.training.tuning.saving import plain
from sortyard.training.whole_files import disk_refusals, write_whole

FORMAT = 1
NOTES = "notes"
CHANGED, BEST, ADAM, RANDOM = "changed", "best", "adam", "random"
MOMENTS = ("step", "exp_avg", "exp_avg_sq")  # what AdamW remembers of every tensor


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """
    The place of one run's checkpoint: a single file, replaced whole, and no pickle.

    It is named after everything that the run rests on, so that no other run goes on from it.
    """

    file: Path

    @classmethod
    def of(
        cls, folder: Path, files: EncoderFiles, course: Course, options: Tuning, seed: int
    ) -> "Checkpoints":
        """Name the file by a hash of encoder, course, options and seed."""
        return cls(folder / f"tuning-{_fingerprint(files, course, options, seed)}.safetensors")

    def write(self, learner: Learner, best: Mapping[str, Tensor], notes: Mapping[str, Any]) -> None:
        """Replace the checkpoint, notes of the run's own with it; CannotWrite."""
        tensors = {f"{CHANGED}/{name}": one for name, one in learner.changing()}
        tensors |= {f"{BEST}/{name}": one for name, one in best.items()}
        for name, one in learner.changing():
            state = learner.optimiser.state.get(one, {})
            tensors |= {f"{ADAM}/{moment}/{name}": state[moment] for moment in MOMENTS if state}
        self._write(tensors, learner, notes)

    def finish(self, learner: Learner, notes: Mapping[str, Any]) -> None:
        """
        Keep what the run came to in the place of its checkpoint, with nothing to go on by.

        Whoever takes the run up again has only to write it down; who named the folder removes it.
        """
        tensors = {f"{CHANGED}/{name}": one for name, one in learner.changing()}
        self._write(tensors, learner, notes)

    def _write(
        self, tensors: dict[str, Tensor], learner: Learner, notes: Mapping[str, Any]
    ) -> None:
        tensors |= {f"{RANDOM}/{name}": one for name, one in _random_states().items()}
        known = {"format": FORMAT, "step": learner.step, "loss": learner.loss, **notes}
        told = {NOTES: json.dumps(known)}
        with disk_refusals(self.file):
            self.file.parent.mkdir(parents=True, exist_ok=True)
            try:
                write_whole(self.file, lambda draft: save_file(plain(tensors), draft, told))
            except SafetensorError as error:  # hides what the disk said
                raise OSError("the disk may be full") from error

    def read(self, learner: Learner) -> tuple[dict[str, Tensor], dict[str, Any]] | None:
        """
        Put everything back as it was, and return the best weights and the notes.

        None where there is no checkpoint, or none that can be read: then nothing was changed.
        """
        self._sweep()
        try:
            with safe_open(self.file, framework="pt") as stored:
                notes = json.loads((stored.metadata() or {})[NOTES])
                tensors = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118 -- no mapping
        except (OSError, SafetensorError, KeyError, ValueError):
            return None
        if notes.pop("format", None) != FORMAT:
            return None
        groups = _grouped(tensors)
        with torch.no_grad():
            for name, one in learner.changing():
                one.copy_(groups[CHANGED][name])
                if f"step/{name}" in groups[ADAM]:
                    learner.optimiser.state[one] = {
                        moment: _for_adam(groups[ADAM][f"{moment}/{name}"], one)
                        for moment in MOMENTS
                    }
        learner.step, learner.loss = notes.pop("step"), notes.pop("loss")
        _restore(groups[RANDOM])
        return groups[BEST], notes

    def _sweep(self) -> None:
        """Remove the drafts of a run that was killed while it wrote."""
        for draft in self.file.parent.glob(f".{self.file.name}.*"):
            with suppress(OSError):
                draft.unlink()


def _grouped(tensors: Mapping[str, Tensor]) -> dict[str, dict[str, Tensor]]:
    groups: dict[str, dict[str, Tensor]] = {one: {} for one in (CHANGED, BEST, ADAM, RANDOM)}
    for name, tensor in tensors.items():
        group, _, rest = name.partition("/")
        groups[group][rest] = tensor
    return groups


def _for_adam(stored: Tensor, parameter: Tensor) -> Tensor:
    """Bring a moment to where its parameter is, into memory that may change."""
    return stored.to(parameter.device).clone()


def _random_states() -> dict[str, Tensor]:
    states = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        states["cuda"] = torch.cuda.get_rng_state()
    return states


def _restore(states: Mapping[str, Tensor]) -> None:
    torch.set_rng_state(states["cpu"])
    if "cuda" in states and torch.cuda.is_available():
        torch.cuda.set_rng_state(states["cuda"])


def _fingerprint(files: EncoderFiles, course: Course, options: Tuning, seed: int) -> str:
    arrays: list[NDArray[Any]] = []
    for subject in course.subjects:
        arrays += [subject.rows, subject.truth.held]
        for known in (subject.confusions, subject.beliefs):
            if known is not None:
                cells = known.tocoo()
                arrays += [cells.row, cells.col, cells.data]
    told = {
        "options": asdict(options),
        "subjects": [(one.name, one.labels, one.cards) for one in course.subjects],
    }
    return fingerprint(files, told, course.texts, [*arrays, course.judged], seed)


def fingerprint(
    files: EncoderFiles,
    told: Mapping[str, Any],
    texts: Sequence[str],
    arrays: Sequence[NDArray[Any]],
    seed: int,
) -> str:
    """Hash all that a run rests on: weights, what is told in words, texts, arrays and a seed."""
    seen = hashlib.sha256()
    every = {
        "encoder": files.sha256,
        "vocabulary": sha256_of(files.tokenizer),
        "seed": seed,
        "torch": torch.__version__,
        "gpu": torch.cuda.is_available(),
        **told,
    }
    seen.update(json.dumps(every).encode())
    for text in texts:
        seen.update(hashlib.sha256(text.encode(errors="surrogatepass")).digest())
    for one in arrays:
        seen.update(np.ascontiguousarray(one).tobytes())
    return seen.hexdigest()[:32]
