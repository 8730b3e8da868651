"""A tuned language model that classifies: what `sortyard tune-lm` wrote, opened again."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.errors import DamagedBundle, NewerFormat, UnusableLanguageModel
from sortyard.domain.predictions import Candidate
from sortyard.models.calibration import Calibrator, Probabilities
from sortyard.models.calibration_file import calibrator_from_dict
from sortyard.text.preparation import Preparation
from sortyard.training.tuning.causal.language_model import LanguageModel, open_language_model
from sortyard.training.tuning.causal.prompt import Prompt, read_json
from sortyard.training.tuning.causal.scoring import LabelScorer, Scores
from sortyard.training.tuning.network import best_device

FORMAT: Final = 1
ADAPTER, MERGED = "adapter", "merged"
PROMPT_FILE, LABELS_FILE = "prompt.json", "labels.json"
CALIBRATION_FILE, CHECKSUMS_FILE = "calibration.json", "checksums.json"
MOST_CANDIDATES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelled:
    """
    The label that a language model spells for one message, and the runners-up.

    `confidence` is calibrated on held-out messages. Both are None where preparation left nothing to
    read.
    """

    label: str | None
    confidence: float | None
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """A language model, its prompt and its labels: texts in, scores of all labels out."""

    model: LanguageModel
    prompt: Prompt
    labels: tuple[str, ...]
    scorer: LabelScorer

    @classmethod
    def of(cls, model: LanguageModel, prompt: Prompt, labels: Sequence[str]) -> Self:
        """Choose how the labels are scored; raises UnusableLanguageModel."""
        sequences = model.label_ids(labels, prompt)
        probe = model.prompt_ids(prompt, ["."])[0]
        most = len(probe) + prompt.most_tokens + max(map(len, sequences))
        return cls(
            model,
            prompt,
            tuple(labels),
            LabelScorer.open(model, sequences, probe, most=most),
        )

    def scores(self, texts: Sequence[str]) -> Scores:
        """Give every label its log-probability after each prepared text, (texts, labels)."""
        return self.scorer.log_probabilities(self.model.prompt_ids(self.prompt, texts))


@dataclass(frozen=True, slots=True)
class CausalClassifier:
    """
    Answers with the labels that it was tuned on, and no other.

    It needs PyTorch and reads a message in many milliseconds, so that it is no part of a release,
    and `sortyard serve` does not know it.
    """

    dimension: str
    reader: Reader
    calibrator: Calibrator
    preparation: Preparation

    @classmethod
    def open(cls, folder: str | Path) -> Self:
        """
        Open what `sortyard tune-lm` wrote, after its files were checked.

        Raises UnusableLanguageModel, DamagedBundle and NewerFormat.
        """
        folder = Path(folder)
        _check(folder)
        told = read_json(_read(folder / LABELS_FILE), LABELS_FILE)
        if told.get("format") != FORMAT:
            raise NewerFormat(LABELS_FILE, int(told.get("format", FORMAT + 1)), FORMAT)
        prompt = Prompt.from_dict(read_json(_read(folder / PROMPT_FILE), PROMPT_FILE))
        model = open_language_model(folder / MERGED, device=best_device())
        return cls(
            dimension=str(told["dimension"]),
            reader=Reader.of(model, prompt, tuple(map(str, told["labels"]))),
            calibrator=calibrator_from_dict(
                read_json(_read(folder / CALIBRATION_FILE), CALIBRATION_FILE)
            ),
            preparation=Preparation.default(),
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels, in the order of the columns of `probabilities`."""
        return self.reader.labels

    def probabilities(self, texts: Sequence[str]) -> Probabilities:
        """Give every label its calibrated probability, (texts, labels); rows sum to one."""
        prepared = [self.preparation(text) for text in texts]
        if not prepared:
            return np.empty((0, len(self.labels)), dtype=np.float32)
        return self.calibrator.probabilities(self.reader.scores(prepared))

    def classify_batch(self, texts: Sequence[str]) -> list[Spelled]:
        """Answer many texts; at each place the answer to the text that stands there."""
        some = [place for place, text in enumerate(texts) if self.preparation(text)]
        found = self.probabilities([texts[place] for place in some])
        answers = [Spelled(label=None, confidence=None)] * len(texts)
        for place, chances in zip(some, found, strict=True):
            answers[place] = self._spelled(chances)
        return answers

    def _spelled(self, chances: NDArray[np.floating]) -> Spelled:
        best = np.argsort(-chances, kind="stable")[:MOST_CANDIDATES]
        candidates = tuple(
            Candidate(self.labels[label], min(float(chances[label]), 1.0)) for label in best
        )
        return Spelled(
            label=candidates[0].label,
            confidence=candidates[0].confidence,
            candidates=candidates,
        )


def write_checksums(folder: Path) -> None:
    """Sum every file that answers depend on; those for starting servers may be edited."""
    files = [*sorted((folder / MERGED).iterdir())]
    files += [folder / name for name in (PROMPT_FILE, LABELS_FILE, CALIBRATION_FILE)]
    sums = {one.relative_to(folder).as_posix(): _sum(one) for one in files}
    (folder / CHECKSUMS_FILE).write_text(json.dumps(sums, indent=1) + "\n", encoding="utf-8")


def is_tuned(folder: Path) -> bool:
    """Tell whether `sortyard tune-lm` wrote a folder."""
    return all((folder / name).is_file() for name in (CHECKSUMS_FILE, PROMPT_FILE, LABELS_FILE))


def _check(folder: Path) -> None:
    if not is_tuned(folder):
        problem = f"it has no {CHECKSUMS_FILE}, {PROMPT_FILE} and {LABELS_FILE}"
        raise UnusableLanguageModel(str(folder), [problem])
    for name, expected in read_json(_read(folder / CHECKSUMS_FILE), CHECKSUMS_FILE).items():
        file = folder / name
        if not file.is_file():
            raise DamagedBundle(str(folder), name, "is missing")
        if _sum(file) != expected:
            raise DamagedBundle(str(folder), name, "does not match its checksum")


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def _sum(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
