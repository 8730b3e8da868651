"""Which recipe is trained: by its name, from the file of an earlier one, or by a time budget."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from sortyard.app.settings import Settings
from sortyard.data.archive import Archive
from sortyard.data.dataset import Dataset
from sortyard.domain.durations import seconds_of
from sortyard.domain.errors import InvalidSettings, InvalidUsage
from sortyard.domain.ports import Progress
from sortyard.models.manifest import MANIFEST
from sortyard.training.budget.allotting import Asked, recipe_within
from sortyard.training.recipe import SOURCE, Recipe, recipe_named

RESOLVED = ("seed", "encoder_sha256")  # what a manifest says beside the recipe's own settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """
    What a caller says about the recipe: at most one of a name, a file, and a budget in seconds.

    With none of them the settings name it. An `encoder` that was named takes the place of a file's,
    which may lie on another machine.
    """

    name: str | None = None
    file: Path | None = None
    budget: float | None = None
    encoder: str | None = None

    @classmethod
    def of(cls, recipe: str | None, budget: str | None, encoder: str | None = None) -> Self:
        """Understand what was written; InvalidUsage where both were, or a time makes no sense."""
        if budget is None:
            file = None if recipe is None else _file(recipe)
            return cls(name=recipe if file is None else None, file=file, encoder=encoder)
        if recipe is not None:
            raise InvalidUsage(
                "A budget chooses the recipe, and a recipe is named as well.",
                "Leave out `--budget` or `--recipe`.",
            )
        return cls(budget=seconds_of(budget))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The recipe to train, the seed that it was stored with, if any, and why it is this one."""

    recipe: Recipe
    seed: int | None = None
    remarks: tuple[str, ...] = ()


def find_recipe(  # noqa: PLR0913 -- what a choice rests on
    wanted: Wanted,
    settings: Settings,
    archive: Archive,
    *,
    test: Dataset | None,
    cache: Path,
    progress: Progress,
) -> Found:
    """Find the recipe that is wanted; raises InvalidSettings, and what timing a probe does."""
    if wanted.file is not None:
        found = read_recipe(wanted.file)
        named = wanted.encoder or found.recipe.encoder
        return replace(found, recipe=replace(found.recipe, encoder=named))
    if wanted.budget is None:
        recipe = recipe_named(settings.recipe)
        return Found(
            recipe=replace(recipe, encoder=settings.encoder) if settings.encoder else recipe
        )
    asked = Asked(
        dataset=archive.dataset,
        taxonomy=archive.taxonomy,
        test=test,
        budget=wanted.budget,
        seed=settings.seed,
        encoder=settings.encoder or None,
        allow_download=settings.download,
    )
    choice = recipe_within(asked, cache=cache, progress=progress)
    return Found(recipe=choice.recipe, remarks=choice.remarks)


def read_recipe(file: Path) -> Found:
    """
    Read a recipe as it is stored: a release's `manifest.json`, or the settings of a recipe alone.

    Trained again on the same data it makes the same release. Raises InvalidSettings.
    """
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        settings = dict(stored.get("recipe", stored))
        seed = settings.get("seed")
        plain = {name: value for name, value in settings.items() if name not in RESOLVED}
        recipe = Recipe.from_dict(plain)
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
        problem = f"{file} is no recipe ({type(error).__name__})"
        raise InvalidSettings(SOURCE, [problem]) from error
    if seed is not None and (type(seed) is not int or seed < 0):
        raise InvalidSettings(SOURCE, [f"seed is a number from 0, not {seed!r}"])
    return Found(recipe=recipe, seed=seed, remarks=(f"The recipe was read from {file.name}.",))


def _file(recipe: str) -> Path | None:
    """Tell a file, or the folder of a release, from the name of a recipe."""
    path = Path(recipe).expanduser()
    if path.suffix == ".json":
        return path
    return path / MANIFEST if (path / MANIFEST).is_file() else None
