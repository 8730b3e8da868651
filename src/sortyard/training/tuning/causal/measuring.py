"""Calibrate a merged language model on held-out rows, and measure it on a test."""

from dataclasses import dataclass
from time import perf_counter
from typing import Final, Self

import numpy as np

from sortyard.domain.ports import Progress
from sortyard.models.calibration import Calibrator
from sortyard.models.calibration_choice import Chosen, choose_calibrator
from sortyard.training.baseline import baseline_answers
from sortyard.training.tuning.causal.classifier import Reader
from sortyard.training.tuning.causal.figures import CausalFigures
from sortyard.training.tuning.causal.material import CausalMaterial
from sortyard.training.tuning.causal.prompt import Form, write_prompt
from sortyard.training.tuning.causal.scoring import Scores

SHUFFLED_ROWS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """
    A calibrator and what the test says with it.

    `order_stability` is the share of test messages whose label stays when the labels in the prompt
    stand in another order: how little the model leans on where a label stands.
    """

    chosen: Chosen[Calibrator]
    figures: CausalFigures
    messages_per_second: float
    order_stability: float

    @classmethod
    def of(
        cls,
        reader: Reader,
        material: CausalMaterial,
        progress: Progress,
        *,
        seed: int,
    ) -> Self:
        """Read the rows that calibrate, then those that test."""
        rng = np.random.default_rng(seed)
        held_out, test, taught = material.held_out, material.test, material.taught
        with progress.stage("Calibrating"):
            chosen = choose_calibrator(
                reader.scores(held_out.texts),
                held_out.truth.single,
                folds=material.folds,
            )
        with progress.stage("Testing"):
            began = perf_counter()
            scores = reader.scores(test.texts)
            speed = len(test.texts) / (perf_counter() - began)
            simple = baseline_answers(
                taught.texts, taught.truth, material.labels, test.texts, seed=seed
            )
            figures = CausalFigures.of(
                scores,
                chosen.calibrator.probabilities(scores),
                test.truth.single,
                labels=material.labels,
                baseline=[paths[0] for paths in simple],
                rng=rng,
            )
            stability = _order_stability(reader, material, scores, rng)
        return cls(
            chosen=chosen,
            figures=figures,
            messages_per_second=speed,
            order_stability=stability,
        )


def _order_stability(
    reader: Reader, material: CausalMaterial, scores: Scores, rng: np.random.Generator
) -> float:
    prompt = reader.prompt
    if prompt.form is Form.BARE:
        return 1.0
    other = write_prompt(
        [material.nodes[place] for place in rng.permutation(len(material.nodes))],
        form=prompt.form,
        marks=prompt.marks,
        most_tokens=prompt.most_tokens,
    )
    texts = material.test.texts[:SHUFFLED_ROWS]
    shuffled = Reader.of(reader.model, other, reader.labels).scores(texts)
    same = shuffled.argmax(axis=1) == scores[: len(texts)].argmax(axis=1)
    return float(same.mean())
