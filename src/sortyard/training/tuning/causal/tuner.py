"""Tune a small language model to spell labels: teach, merge, calibrate, test, and write it down."""

import importlib.metadata
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import torch
from safetensors import SafetensorError

from sortyard.domain.errors import InvalidUsage
from sortyard.domain.ports import Progress
from sortyard.models.calibration import Calibrator
from sortyard.models.calibration_choice import Chosen
from sortyard.models.calibration_file import calibrator_to_dict
from sortyard.models.engines.onnx import usable_processors
from sortyard.training.baseline import NAME
from sortyard.training.encoders.weights import sha256_of
from sortyard.training.tuning.causal.adapter import merged_with, put_on, write_adapter
from sortyard.training.tuning.causal.checkpoints import Checkpoint
from sortyard.training.tuning.causal.classifier import (
    ADAPTER,
    CALIBRATION_FILE,
    FORMAT,
    LABELS_FILE,
    MERGED,
    PROMPT_FILE,
    Reader,
    is_tuned,
    write_checksums,
)
from sortyard.training.tuning.causal.export import write_json, write_merged
from sortyard.training.tuning.causal.figures import CausalFigures
from sortyard.training.tuning.causal.fitting import fit_prompt
from sortyard.training.tuning.causal.language_model import LanguageModel, open_language_model
from sortyard.training.tuning.causal.launch import Launch
from sortyard.training.tuning.causal.learner import CausalLearner, fingerprint
from sortyard.training.tuning.causal.lessons import Lessons
from sortyard.training.tuning.causal.material import CausalMaterial
from sortyard.training.tuning.causal.measuring import Measured
from sortyard.training.tuning.causal.options import CausalTuning
from sortyard.training.tuning.causal.prompt import Prompt
from sortyard.training.tuning.network import best_device
from sortyard.training.tuning.own_torch import torch_of_our_own
from sortyard.training.whole_files import disk_refusals, put_in_place

METRICS_FILE: Final = "metrics.json"
LIBRARIES: Final = ("sortyard", "torch", "transformers", "peft")


@dataclass(frozen=True, slots=True, kw_only=True)
class CausalOrder:
    """What to tune, on what, and how."""

    material: CausalMaterial
    base: Path
    options: CausalTuning
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TunedLanguageModel:
    """Where a tuned model lies, how it measured, and all that `metrics.json` says of it."""

    folder: Path
    figures: CausalFigures
    facts: Mapping[str, Any]
    notes: tuple[str, ...] = field(default=())


def tune_language_model(
    order: CausalOrder, out: Path, *, progress: Progress, threads: int | None = None
) -> TunedLanguageModel:
    """
    Tune a model that lies in a folder, and write adapter, merged model and launch files to `out`.

    They are whole or absent. A run that was killed goes on where it was: it keeps a checkpoint
    beside `out`, and comes to the adapter that it would have come to. What is calibrated and tested
    is the merged model, as written and opened again. The same data, options and seed give the same
    adapter, on a GPU but for rounding. Raises UnusableLanguageModel, NotEnoughData, InvalidUsage,
    InvalidSettings and CannotWrite.
    """
    began = perf_counter()
    out = out.absolute()
    if out.exists() and not is_tuned(out) and (not out.is_dir() or any(out.iterdir())):
        raise InvalidUsage(
            f"{out} holds something else, which would be replaced.", "Name a new folder as OUT."
        )
    with torch_of_our_own(order.seed, threads or usable_processors()):
        with progress.stage("Preparing prompts"):
            run = _Run.prepare(order, out)
        run.learner.learn(progress)
        with disk_refusals(out):
            out.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as beside:
                making = Path(beside) / "making"
                try:
                    figures, facts = run.write(making, progress, began=began)
                except SafetensorError as error:  # hides what the disk said
                    raise OSError("the disk may be full") from error
                put_in_place(making, out)
        run.checkpoint.remove()
    return TunedLanguageModel(folder=out, figures=figures, facts=facts, notes=order.material.notes)


@dataclass(frozen=True, slots=True)
class _Run:
    """A tuning on its way."""

    order: CausalOrder
    model: LanguageModel
    prompt: Prompt
    learner: CausalLearner
    checkpoint: Checkpoint
    weights: str  # the hash of what was published

    @classmethod
    def prepare(cls, order: CausalOrder, out: Path) -> "_Run":
        options, seed, material = order.options, order.seed, order.material
        model = open_language_model(order.base, device=best_device())
        prompt = fit_prompt(model, material.nodes, options)
        lessons = Lessons(
            model.prompt_ids(prompt, material.taught.texts),
            model.label_ids(material.labels, prompt),
            material.taught.truth,
            model.end,
        )
        weights = _hash_of(order.base)
        torch.manual_seed(seed)
        learner = CausalLearner.of(put_on(model, options), lessons, options, seed=seed)
        facts = {
            "base": weights,
            "options": options.to_dict(),
            "seed": seed,
            "torch": torch.__version__,
            "device": model.device.type,
        }
        checkpoint = Checkpoint.beside(out, fingerprint(lessons, facts))
        learner.go_on(checkpoint)
        return cls(order, model, prompt, learner, checkpoint, weights)

    def write(
        self, folder: Path, progress: Progress, *, began: float
    ) -> tuple[CausalFigures, dict[str, Any]]:
        """Fill a folder, and say how good it is."""
        base, material = self.order.base, self.order.material
        with progress.stage(f"Merging the adapter{self.learner.figures()}"):
            write_adapter(self.learner.adapted, folder / ADAPTER, base=base.resolve().name)
            write_merged(merged_with(base, folder / ADAPTER), base, folder / MERGED)
        with progress.stage("Opening the merged model"):
            served = open_language_model(folder / MERGED, device=best_device())
            reader = Reader.of(served, self.prompt, material.labels)
        measured = Measured.of(reader, material, progress, seed=self.order.seed)
        facts = {
            **self._facts(reader, measured.chosen),
            "messages_per_second": measured.messages_per_second,
            "order_stability": measured.order_stability,
            "seconds": perf_counter() - began,
            "test": measured.figures.to_dict(),
        }
        write_json(folder / PROMPT_FILE, self.prompt.to_dict())
        told = {"format": FORMAT, "dimension": material.dimension, "labels": material.labels}
        write_json(folder / LABELS_FILE, told)
        write_json(folder / CALIBRATION_FILE, calibrator_to_dict(measured.chosen.calibrator))
        write_json(folder / METRICS_FILE, facts)
        self._launch(reader).write(folder)
        write_checksums(folder)
        return measured.figures, facts

    def _facts(self, reader: Reader, chosen: Chosen[Calibrator]) -> dict[str, Any]:
        material, learner = self.order.material, self.learner
        return {
            "dimension": material.dimension,
            "labels": len(material.labels),
            "rows": {
                "taught": len(material.taught.texts),
                "calibration": len(material.held_out.texts),
                "test": len(material.test.texts),
            },
            "base": self.order.base.resolve().name,
            "base_sha256": self.weights,
            "family": self.model.family,
            "options": self.order.options.to_dict(),
            "seed": self.order.seed,
            "steps": learner.step,
            "loss": learner.loss,
            "losses": learner.told,
            "prompt_form": str(self.prompt.form),
            "scoring": "one by one" if reader.scorer.plain else "tree",
            "calibrator": chosen.calibrator.kind,
            "calibration_log_losses": dict(chosen.log_losses),
            "baseline": NAME,
            "data_hash": material.data_hash,
            "split_hash": material.split_hash,
            "notes": list(material.notes),
            "device": self.model.device.type,
            "versions": {name: importlib.metadata.version(name) for name in LIBRARIES},
        }

    def _launch(self, reader: Reader) -> Launch:
        answer = max(map(len, reader.scorer.sequences))
        around = len(reader.model.ids(self.prompt.around("")))
        return Launch(
            prompt=self.prompt,
            dimension=self.order.material.dimension,
            labels=reader.labels,
            base=self.order.base.resolve().name,
            kind=type(reader.model.model).__name__,
            answer=answer,
            most=min(around + 2 * self.prompt.most_tokens + answer, reader.model.positions),
        )


def _hash_of(base: Path) -> str:
    """Name the weights of a folder by their hashes."""
    files: Sequence[Path] = sorted(base.glob("*.safetensors"))
    if len(files) == 1:
        return sha256_of(files[0])
    return ",".join(sha256_of(file) for file in files)
