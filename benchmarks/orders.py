"""Trainings with recipes and taxonomies of our own making, in this very process."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from sortyard.app.workspace import cache_folder
from sortyard.data.archive import Archive
from sortyard.domain.ports import Silence
from sortyard.evaluation.gates import Gates
from sortyard.training.recipe import QUICK, Recipe
from sortyard.training.run import Order, Trained, train

SEED = 13


@contextmanager
def trained(archive: Archive, test: Archive, recipe: Recipe = QUICK) -> Iterator[Trained]:
    """Train a release and measure it on the test; its folder is gone afterwards."""
    order = Order(
        dataset=archive.dataset,
        taxonomy=archive.taxonomy,
        recipe=recipe,
        gates=Gates(),
        seed=SEED,
        test=test.dataset,
    )
    folder = Path(mkdtemp(prefix="sortyard-"))
    try:
        yield train(
            order,
            releases=folder,
            cache=cache_folder(os.environ),
            progress=Silence(),
            now=lambda: datetime.now(UTC),
        )
    finally:
        rmtree(folder, ignore_errors=True)


def defined(archive: Archive, definitions: dict[str, str]) -> Archive:
    """Give the labels of a flat archive their definitions."""
    (dimension,) = archive.taxonomy.dimensions
    labels = [replace(one, definition=definitions.get(one.name, "")) for one in dimension.labels]
    own = replace(dimension, labels=tuple(labels))
    return replace(archive, taxonomy=replace(archive.taxonomy, dimensions=(own,)))


def joined(
    before: Sequence[Sequence[str]], lines: Sequence[Sequence[str]], *, key: int
) -> list[Sequence[str]]:
    """
    Put new lines of a table in the places of those that begin with the same `key` cells.

    Lines that are new come last, and `before` is without its header.
    """
    named = {tuple(line[:key]): line for line in [*before, *lines]}
    return list(named.values())
