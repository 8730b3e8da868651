"""
Which labels of an archive are probably wrong, with the messages that say so.

Every message is judged by heads that did not learn from it, nor from a copy of it (`court`); what
they say goes on to confident learning (`data.label_errors`). Many rows are dealt into two folds
only: half of them teach enough.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sortyard.data.beliefs import Beliefs, Carried
from sortyard.data.dataset import Dataset
from sortyard.data.label_errors import Suspect, Suspects, suspects
from sortyard.data.splits import folds
from sortyard.data.work_list import Evidence, Suspicion, Suspicions
from sortyard.domain.ports import Advance
from sortyard.domain.taxonomy import Dimension, Kind
from sortyard.training.court import Court
from sortyard.training.recipe import Recipe
from sortyard.training.sight import Sight
from sortyard.training.truth import Truth

FOLDS, FOLDS_OF_MANY = 4, 2
MANY = 20_000  # rows
MOST_LISTED = 2_000  # suspicions; nobody reads more before the next audit
FEWEST_LABELS = 2
SHOWN = 240  # characters of an example
ROWS_AT_ONCE = 512


def suspicions_of(  # noqa: PLR0913 -- what is judged, and by what
    dataset: Dataset,
    dimension: Dimension,
    sight: Sight,
    groups: NDArray[np.integer],
    recipe: Recipe,
    *,
    seed: int,
    advance: Advance,
    most: int = MOST_LISTED,
) -> Suspicions:
    """
    Find the probably wrong labels of one dimension.

    `sight` and `groups` (what must not be parted: near-duplicates, conversations) have one entry
    for each example of the dataset. `advance` is told of at most `FOLDS` steps.
    """
    places = np.array(dataset.answered(dimension.name), dtype=np.intp)
    every = dataset.labels(dimension.name)
    labels = [every[at] for at in places]
    seen = sight.take(places)
    ranked = rank(labels, dimension.kind, seen, groups[places], recipe, seed=seed, advance=advance)
    listed = ranked.suspects.listed[:most]
    likely, given = _nearest(listed, labels, ranked, seen.sentences)
    ids, texts = dataset.ids, dataset.texts

    def shown(near: "_Near | None") -> Evidence | None:
        if near is None:
            return None
        at = int(places[near.row])
        return Evidence(ids[at], _short(texts[at]), near.similarity)

    return Suspicions(
        dimension=dimension.name,
        found=tuple(
            Suspicion(
                id=ids[places[one.row]],
                text=texts[places[one.row]],
                given=ranked.named(one.given),
                likely=ranked.named(one.likely),
                chance_given=one.chance_given,
                chance_likely=one.chance_likely,
                doubt=one.doubt,
                like_likely=shown(likely.get(one.row)),
                like_given=shown(given.get(one.row)),
            )
            for one in listed
        ),
        expected=ranked.suspects.expected,
        judged=ranked.suspects.judged,
        rows=len(places),
        judges=sight.judges,
    )


@dataclass(frozen=True, slots=True)
class Ranked:
    """Suspects by the numbers of rows and labels, and the path of each label."""

    suspects: Suspects
    paths: tuple[str, ...]

    def named(self, labels: Sequence[int]) -> tuple[str, ...]:
        return tuple(self.paths[label] for label in labels)


def rank(  # noqa: PLR0913 -- what is judged, and by what
    labels: Sequence[tuple[str, ...]],
    kind: Kind,
    sight: Sight,
    groups: NDArray[np.integer],
    recipe: Recipe,
    *,
    seed: int,
    advance: Advance,
) -> Ranked:
    """Rank rows, each with its labels, by how much these are in doubt."""
    paths = tuple(sorted({path for held in labels for path in held}))
    if len(paths) < FEWEST_LABELS:
        return Ranked(Suspects((), 0, 0), paths)
    truth = Truth.of(labels, paths, kind)
    rng = np.random.default_rng(seed)
    count = FOLDS if len(labels) <= MANY else FOLDS_OF_MANY
    parts = folds(labels, groups, count=count, rng=rng)
    court = Court.of(sight, truth, parts, recipe, rng=rng, seed=seed, advance=advance)
    beliefs = Beliefs.gather(Carried.of(truth.as_sets(), paths), court.told())
    return Ranked(suspects(beliefs, exclusive=kind is Kind.SINGLE), paths)


@dataclass(frozen=True, slots=True)
class _Near:
    """Another row, and its cosine."""

    row: int
    similarity: float


def _nearest(
    listed: Sequence[Suspect],
    labels: Sequence[tuple[str, ...]],
    ranked: Ranked,
    sentences: NDArray[np.float32] | None,
) -> tuple[Mapping[int, _Near], Mapping[int, _Near]]:
    """Find the nearest other rows that carry what a suspect is likely to be, and what it was."""
    if sentences is None:
        return {}, {}
    likely = {one.row: _only(one.likely, one.given) for one in listed}
    given = {one.row: _only(one.given, one.likely) for one in listed}
    found: list[dict[int, _Near]] = []
    for wanted in (likely, given):
        asked: dict[str, list[int]] = {}
        for row, label in wanted.items():
            if label is not None:
                asked.setdefault(ranked.paths[label], []).append(row)
        carriers: dict[str, list[int]] = {path: [] for path in asked}
        for row, held in enumerate(labels):
            for path in held:
                if path in carriers:
                    carriers[path].append(row)
        near: dict[int, _Near] = {}
        for path, rows in asked.items():
            near |= _nearest_of(np.array(rows), np.array(carriers[path]), sentences)
        found.append(near)
    return found[0], found[1]


def _nearest_of(
    rows: NDArray[np.intp], carriers: NDArray[np.intp], sentences: NDArray[np.float32]
) -> dict[int, _Near]:
    """Find for each row the nearest of some others; none for one that is the only one."""
    found = {}
    if not len(carriers):
        return {}
    others = sentences[carriers]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        part = rows[start : start + ROWS_AT_ONCE]
        cosines = sentences[part] @ others.T
        cosines[part[:, None] == carriers] = -np.inf
        best = cosines.argmax(axis=1)
        for at, row in enumerate(part.tolist()):
            cosine = float(cosines[at, best[at]])
            if np.isfinite(cosine):
                found[row] = _Near(int(carriers[best[at]]), cosine)
    return found


def _only(some: Sequence[int], others: Sequence[int]) -> int | None:
    """Give the first label that is among some and not among others."""
    return next((label for label in some if label not in others), None)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1].rstrip()}…"
