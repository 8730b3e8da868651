"""Choose a recipe for a budget of time: time what each would take, and take the best that fits."""

import tempfile
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

import numpy as np

from sortyard.data.dataset import Dataset
from sortyard.domain.errors import NotEnoughData, UnsupportedEncoder
from sortyard.domain.ports import Progress
from sortyard.domain.taxonomy import Dimension, Taxonomy
from sortyard.training.budget.choosing import (
    Choice,
    Estimate,
    Learnt,
    Size,
    Timing,
    an_epoch_of,
    choose,
    in_order,
    learns,
    learnt_by,
    seconds_for,
)
from sortyard.training.budget.probe import FEWEST_ROWS, Sample, timing_of
from sortyard.training.budget.step_timing import seconds_of_learning
from sortyard.training.encoders.static_table import generic_table
from sortyard.training.encoders.weights import EncoderFiles
from sortyard.training.recipe import QUICK, RECIPES, Recipe
from sortyard.training.workshop import open_workshop

SHARE = 0.05  # of the budget that each part of a probe may take
LEAST_LEARNT = 2.0  # times as long as reading a text: less, learning from it never takes
NO_PYTORCH = "PyTorch is not installed; `pip install 'sortyard[tune]'` brings it"
NOTHING_TO_TIME = "`quick` was chosen: there are too few rows to spend time on."
TOO_FEW = "there are too few rows to learn it from"
PROBE = 7  # the stream of random numbers that draws the rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a recipe is to be chosen for; without a `test` a part of the rows will be it."""

    dataset: Dataset
    taxonomy: Taxonomy
    test: Dataset | None
    budget: float  # seconds
    seed: int
    encoder: str | None = None  # in place of that of every recipe
    allow_download: bool = False

    def with_encoder(self, recipe: Recipe) -> Recipe:
        """Give a recipe the encoder that is asked for."""
        return recipe if self.encoder is None else replace(recipe, encoder=self.encoder)

    @property
    def dimensions(self) -> list[Dimension]:
        """The dimensions that rows have answers to."""
        return [one for one in self.taxonomy.dimensions if one.name in self.dataset.dimensions]


def recipe_within(asked: Asked, *, cache: Path, progress: Progress) -> Choice:
    """
    Choose the recipe that pays within a budget of time, by timing a small part of each step.

    What the encoder needs once on every machine (its export and its table) is done on the way,
    kept in `cache`, and counted as spent. An encoder that a recipe cannot tune is a reason against
    that recipe. Raises what opening an encoder does.
    """
    began = perf_counter()
    quick = asked.with_encoder(QUICK)
    rng = np.random.default_rng((asked.seed, PROBE))
    sample = Sample.of(asked.dataset, asked.dimensions, rng)
    if len(sample.texts) < FEWEST_ROWS:
        return Choice(recipe=quick, seconds=0.0, remarks=(NOTHING_TO_TIME,))
    size = size_of(asked)
    with tempfile.TemporaryDirectory(prefix="sortyard-probe-") as folder:
        workshop = open_workshop(
            quick,
            Path(folder),
            cache=cache,
            allow_download=asked.allow_download,
            progress=progress,
        )
        generic_table(workshop.encoder, cache=cache, progress=progress)
        with progress.stage("Timing what each recipe would take"):
            most = SHARE * asked.budget
            timing = timing_of(sample, workshop.encoder, most_seconds=most, seed=asked.seed)
            allotting = _Allotting(asked, size, sample, timing, workshop.files, began)
            recipes = in_order(map(asked.with_encoder, RECIPES.values()), size)
            estimates = [allotting.estimate(one) for one in recipes]
    return choose(estimates, asked.budget, size, spent=perf_counter() - began)


def size_of(asked: Asked) -> Size:
    """Count the rows to learn from, those to be tested on, and those of the label in the middle."""
    rows, aside = len(asked.dataset), 0
    if asked.test is None:
        aside = round(rows * QUICK.test_share)
    middles = []
    for dimension in asked.dimensions:
        carried = [path for paths in asked.dataset.labels(dimension.name) for path in paths]
        if carried:
            middles.append(float(np.median(np.unique(carried, return_counts=True)[1])))
    return Size(
        rows=rows - aside,
        tests=aside if asked.test is None else len(asked.test),
        rows_a_label=min(middles, default=0.0) * (rows - aside) / rows,
    )


@dataclass(frozen=True, slots=True)
class _Allotting:
    """A choice on its way; what is timed for one recipe is known for the next."""

    asked: Asked
    size: Size
    sample: Sample
    timing: Timing
    files: EncoderFiles
    began: float

    def estimate(self, recipe: Recipe) -> Estimate:
        """Estimate a recipe; its steps with PyTorch are timed only where it could fit at all."""
        if learns(recipe) and not (find_spec("torch") and find_spec("transformers")):
            return Estimate(recipe=recipe, seconds=0.0, missing=NO_PYTORCH)
        steps = [an_epoch_of(options) for options, _ in learnt_by(recipe, self.size)]
        unknown = [step for step in steps if step not in self.timing.learn]
        known = dict.fromkeys(unknown, LEAST_LEARNT * self.timing.read)
        least = replace(self.timing, learn={**self.timing.learn, **known})
        seconds = seconds_for(recipe, self.size, least)
        if unknown and seconds > self.asked.budget - (perf_counter() - self.began):
            return Estimate(recipe=recipe, seconds=seconds, at_least=True)
        try:
            for step in unknown:
                self.timing.learn[step] = self._time(step)
        except UnsupportedEncoder as error:
            return Estimate(recipe=recipe, seconds=0.0, missing="; ".join(error.problems))
        except NotEnoughData:
            return Estimate(recipe=recipe, seconds=0.0, missing=TOO_FEW)
        return Estimate(recipe=recipe, seconds=seconds_for(recipe, self.size, self.timing))

    def _time(self, step: Learnt) -> float:
        most, seed = SHARE * self.asked.budget, self.asked.seed
        return seconds_of_learning(step, self.sample, self.files, most_seconds=most, seed=seed)
