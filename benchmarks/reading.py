"""
How a release reads a test file, alone in its process: `python -m benchmarks.reading RELEASE TEST`.

Every part of its line that can be left out is left out once, and a reranker is also made to read
every message. The pairs of message and label card that it reads are counted, for they are what it
costs. Prints one line of JSON.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.archives import read
from sortyard.app.loading import load
from sortyard.evaluation.calibration import log_loss
from sortyard.evaluation.metrics import Confusion
from sortyard.evaluation.ranking import mean_reciprocal_rank, recall_at
from sortyard.evaluation.siblings import (
    sibling_confusion,
    siblings_by_words,
    siblings_in_tree,
)
from sortyard.models.cascade import Depth
from sortyard.models.classifier import Classifier
from sortyard.models.rerank_stage import never
from sortyard.models.reranker import PairScorer

SINGLES = 300  # messages that are timed one by one
SERVED, STUDENT, BARE, BARE_FULL, ALWAYS = (
    *("as served", "student alone", "without reranker", "encoder for all", "reranker for all"),
)


@dataclass(slots=True)
class Counting:
    """A scorer of pairs that counts what it is asked."""

    scorer: PairScorer
    pairs: int = 0

    @property
    def name(self) -> str:
        return self.scorer.name

    def scores(self, texts: Sequence[str], cards: Sequence[str]) -> NDArray[np.float32]:
        self.pairs += len(texts)
        return self.scorer.scores(texts, cards)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path)
    parser.add_argument("test", type=Path)
    parser.add_argument("--label", required=True)
    parser.add_argument("--parent", help="the column whose labels stand above")
    given = parser.parse_args()
    rows = read(given.test)
    texts, truth = ([row[name] for row in rows] for name in ("text", given.label))
    parents = {row[given.label]: row[given.parent] for row in rows} if given.parent else {}
    classifier = load(given.release)
    found = {
        name: read_with(one, given.label, texts, truth, parents)
        for name, one in ways_to_read(classifier)
    }
    size = sum(file.stat().st_size for file in given.release.rglob("*") if file.is_file())
    times = {"ms_single": _single(classifier, texts), "megabytes": size / 1e6}
    json.dump({"ways": found, **times}, sys.stdout)


def ways_to_read(classifier: Classifier) -> Iterator[tuple[str, Classifier]]:
    """List the parts of its line that a release can answer with."""
    yield SERVED, classifier
    if classifier.eyes.encoder is None:
        return
    bare = replace(
        classifier,
        eyes=replace(classifier.eyes, reranker=None),
        models=never(classifier.models),
    )
    yield STUDENT, bare.at_depth(Depth.STATIC)
    yield BARE_FULL, bare.at_depth(Depth.FULL)
    if classifier.eyes.reranker is not None:
        yield BARE, bare
        yield ALWAYS, classifier.reading_everything()


def read_with(
    classifier: Classifier,
    dimension: str,
    texts: Sequence[str],
    truth: Sequence[str],
    parents: Mapping[str, str],
) -> Mapping[str, Any]:
    """Read texts with what a classifier runs, and say how right that is and what it costs."""
    scorer = classifier.eyes.reranker
    counting = None if scorer is None else Counting(scorer)
    asked = replace(classifier, eyes=replace(classifier.eyes, reranker=counting))
    prepared = [asked.preparation(text) for text in texts]
    began = perf_counter()
    probabilities = asked.judge(prepared)[dimension].probabilities
    seconds = perf_counter() - began
    labels = asked.model_of(dimension).labels
    place = {label: number for number, label in enumerate(labels)}
    columns = np.array([place.get(label, -1) for label in truth], dtype=np.intp)
    best = probabilities.argmax(axis=1)
    return {
        "accuracy": float((best == columns).mean()),
        "log_loss": log_loss(probabilities, columns),
        "mean_reciprocal_rank": mean_reciprocal_rank(probabilities, columns),
        "siblings": _siblings(classifier, dimension, truth, [labels[one] for one in best], parents),
        **{f"recall_at_{k}": share for k, share in recall_at(probabilities, columns).items()},
        "pairs": 0 if counting is None else counting.pairs,
        "messages_per_second": len(texts) / seconds,
    }


def _siblings(
    classifier: Classifier,
    dimension: str,
    truth: Sequence[str],
    answers: Sequence[str],
    parents: Mapping[str, str],
) -> float:
    """Measure sibling confusion by the parents of labels, or by the words of their cards."""
    nodes = {node.path: node for node in classifier.taxonomy[dimension].nodes}
    labels = sorted({*truth, *answers})
    if parents:
        siblings = siblings_in_tree([f"{parents.get(one, one)}/{one}" for one in labels])
    else:
        siblings = siblings_by_words([nodes[one].card if one in nodes else one for one in labels])
    return sibling_confusion(Confusion.of(truth, answers), labels, siblings)


def _single(classifier: Classifier, texts: Sequence[str]) -> float:
    classifier.classify(texts[0])
    seconds = []
    for text in texts[:: max(1, len(texts) // SINGLES)]:
        began = perf_counter()
        classifier.classify(text)
        seconds.append(perf_counter() - began)
    return 1_000.0 * median(seconds)


if __name__ == "__main__":
    main()
