"""Which recipe pays within a time budget: what each would take, and the best that fits."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sortyard.domain.durations import told
from sortyard.evaluation.examine import DISTURBED_ROWS, TIMED_MESSAGES
from sortyard.evaluation.robustness import DISTURBANCES
from sortyard.training.card_rows import FEW
from sortyard.training.recipe import RECIPES, Recipe
from sortyard.training.rereading import TURNS
from sortyard.training.tuning.cross_options import Cross
from sortyard.training.tuning.masked_options import Masking
from sortyard.training.tuning.options import Tuning

KEPT_BACK = 0.15  # of the budget: what an estimate may be wrong by
DEPTHS = 3  # at which a test is answered; the middle one reads a part of it
# From what is expected to be most accurate to what is least; a recipe that stands in neither is
# expected to be worth what it takes. Where labels have few rows, tuning out of fold leaves too few
# of them in every fold to choose by.
ORDER = ("full", "standard", "quick", "edge")
ORDER_OF_FEW = ("full", "quick", "standard", "edge")

Learnt = Tuning | Masking | Cross


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much there is to learn from and to be tested on."""

    rows: int
    tests: int
    rows_a_label: float  # of the label in the middle, in the scarcest dimension

    @property
    def is_few(self) -> bool:
        """Whether most labels of some dimension have few rows."""
        return self.rows_a_label <= FEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """
    What this machine takes for these texts and labels, in seconds, as a probe timed it.

    `row` is for preparing a row and counting its words, `read` for reading it with the encoder,
    and `head` for fitting all heads on it once. `learn` is for learning from a text once, by the
    options of the step (`an_epoch_of`).
    """

    row: float
    read: float
    head: float
    learn: dict[Learnt, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """
    What a recipe would take, in seconds, and what stands against it whatever the time.

    `at_least` says that only a part of it was counted, since that alone was too much.
    """

    recipe: Recipe
    seconds: float
    missing: str = ""
    at_least: bool = False

    @property
    def name(self) -> str:
        """The recipe, with what was cut of it."""
        epochs = _epochs_cut(self.recipe)
        if epochs is None:
            return self.recipe.name
        return f"{self.recipe.name} ({epochs:g} epoch{'s' if epochs > 1 else ''})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The recipe that was chosen for a budget, and why."""

    recipe: Recipe
    seconds: float  # as estimated
    remarks: tuple[str, ...]


def seconds_for(recipe: Recipe, size: Size, timing: Timing) -> float:
    """
    Estimate how long a recipe takes, reading and measuring and all.

    A tuning sees every row once for the encoder that serves, and in every fold but one for those
    that judge: `folds` times in all. The same holds for heads.
    """
    tuned = recipe.folds if recipe.tuning is not None else 0
    asked = size.tests * (DEPTHS - 1) + TIMED_MESSAGES
    asked += min(size.tests, DISTURBED_ROWS) * (len(DISTURBANCES) + 1)
    seconds = timing.row * (size.rows + size.tests)
    seconds += timing.read * (size.rows * (1 + tuned) + (asked if recipe.cascade else 0))
    seconds += timing.head * size.rows * recipe.folds
    for options, texts in learnt_by(recipe, size):
        seconds += timing.learn[an_epoch_of(options)] * texts
    return seconds


def an_epoch_of(options: Learnt) -> Learnt:
    """Name a step by its options, whatever its epochs."""
    return replace(options, epochs=1.0)


def learnt_by(recipe: Recipe, size: Size) -> Iterator[tuple[Learnt, float]]:
    """List the steps that learn with PyTorch, and how many texts each learns from in all."""
    if recipe.pretraining is not None:
        yield recipe.pretraining, recipe.pretraining.epochs * size.rows
    if recipe.tuning is not None:
        yield recipe.tuning, recipe.tuning.epochs * size.rows * recipe.folds
    if recipe.taught_by is not None:
        outside = size.rows * (1.0 - 1.0 / recipe.folds)
        courses = [size.rows, *[outside] * recipe.folds]
        yield recipe.taught_by, sum(_taught_on(recipe.taught_by, rows) for rows in courses)
    if recipe.cross is not None:
        lists = min(recipe.cross.lists, size.rows)
        judged = min(recipe.cross.judged, size.rows) / 3  # a step forward is a third of one
        yield recipe.cross, recipe.cross.epochs * lists * (recipe.folds + 1) + judged


def _taught_on(options: Cross, rows: float) -> float:
    """Count the lists that teach the cross-encoders of one course, and what they then read."""
    lists = TURNS * min(options.lists, rows / TURNS)
    return options.epochs * lists + min(options.judged, rows) / 3


def learns(recipe: Recipe) -> bool:
    """Whether a recipe needs PyTorch."""
    return any(one is not None for one in (recipe.pretraining, recipe.tuning, recipe.cross))


def in_order(recipes: Iterable[Recipe], size: Size) -> list[Recipe]:
    """
    Put recipes in the order of what they are worth here, each followed by shorter courses of it.

    A tuning of fewer epochs is worth less than a whole one, and more than the next recipe.
    """
    order = ORDER_OF_FEW if size.is_few else ORDER
    known = sorted(
        recipes, key=lambda one: order.index(one.name) if one.name in order else len(order)
    )
    return [shorter for recipe in known for shorter in _with_shorter(recipe)]


def choose(
    estimates: Sequence[Estimate], budget: float, size: Size, *, spent: float = 0.0
) -> Choice:
    """
    Choose the first that fits; where none does, the one that takes least.

    `estimates` are in the order of what they are worth; `spent` is gone from the budget already.
    A larger budget never chooses what takes less: what comes earlier and fits now did not before.
    """
    left = max(budget - spent, 0.0) * (1.0 - KEPT_BACK)
    possible = [one for one in estimates if not one.missing]
    fitting = [one for one in possible if one.seconds <= left]
    whole = [one for one in possible if not one.at_least]
    chosen = fitting[0] if fitting else min(whole, key=lambda one: one.seconds)
    said = (
        f"Within {told(budget)}, `{chosen.name}` was chosen: it takes about "
        f"{told(chosen.seconds)} on this machine, as a probe of these messages says."
    )
    if not fitting:
        said += " No recipe fits; this one takes least."
    remarks = (said, *_why_not(estimates, chosen, left, size))
    return Choice(recipe=chosen.recipe, seconds=chosen.seconds, remarks=remarks)


def _why_not(
    estimates: Sequence[Estimate], chosen: Estimate, left: float, size: Size
) -> Iterator[str]:
    """Say of every other recipe why it was not chosen."""
    seen: set[str] = set()
    at = estimates.index(chosen)
    for place, one in enumerate(estimates):
        name = one.recipe.name
        if name in seen or one is chosen:
            seen.add(name)
            continue
        seen.add(name)
        if one.missing:
            yield f"Not `{one.name}`: {one.missing.rstrip('.')}."
        elif one.seconds > left:
            more = "at least" if one.at_least else "about"
            part = "the whole of " if name == chosen.recipe.name else ""
            yield f"Not {part}`{one.name}`: no time, it takes {more} {told(one.seconds)}."
        elif place > at and size.is_few and one.recipe.tuning is not None:
            yield (
                f"Not `{one.name}`, though there is time: most labels have at most {FEW} rows, too "
                "few to tune by."
            )
        elif place > at:
            yield f"Not `{one.name}`: it takes about {told(one.seconds)}, and is worth less."


def _with_shorter(recipe: Recipe) -> Iterator[Recipe]:
    yield recipe
    tuning = recipe.tuning
    for epochs in range(int(tuning.epochs), 0, -1) if tuning is not None else ():
        if tuning is not None and epochs < tuning.epochs:
            yield replace(recipe, tuning=replace(tuning, epochs=float(epochs)))


def _epochs_cut(recipe: Recipe) -> float | None:
    """Tell the epochs of a tuning that was made shorter than its recipe's."""
    whole = RECIPES.get(recipe.name)
    if recipe.tuning is None or whole is None or whole.tuning is None:
        return None
    return recipe.tuning.epochs if recipe.tuning.epochs < whole.tuning.epochs else None
