"""Which rows train and which test, and what never straddles the border."""

from dataclasses import replace

import numpy as np
import pytest

from sortyard.data.dataset import Dataset
from sortyard.domain.errors import NotEnoughData
from sortyard.domain.taxonomy import Dimension, Kind, Label
from sortyard.text.preparation import Preparation
from sortyard.training.recipe import Recipe
from sortyard.training.sets import Sets, labels_of, make_sets, usable_rows
from tests.unit.training.archives import Row, dataset_of, tickets

RECIPE = Recipe(name="tiny")


def _sets(
    dataset: Dataset, *, test: Dataset | None = None, seed: int = 5, by_time: bool = False
) -> Sets:
    rng = np.random.default_rng(seed)
    return make_sets(dataset, test, Preparation.default(), RECIPE, rng, by_time=by_time)


def _dated(rows: list[Row]) -> Dataset:
    """Rows that came in one a day."""
    return replace(dataset_of(rows), times=tuple(86_400.0 * day for day in range(len(rows))))


def _with_copies(rng: np.random.Generator) -> list[Row]:
    """Every row three times, with little changed."""
    rows = tickets(rng, each=20)
    changed = (str.upper, lambda text: f"{text}!", lambda text: f"{text}7")
    return [(change(text), labels) for text, labels in rows for change in changed]


def _folds_of(sets: Sets, places: set[str]) -> set[int]:
    """Name the folds of some messages, -1 for the test."""
    folds = dict(zip(sets.train.ids, sets.folds.tolist(), strict=True))
    return {folds.get(place, -1) for place in places}


def test_near_duplicates_never_straddle_the_test_or_a_fold(rng: np.random.Generator) -> None:
    sets = _sets(dataset_of(_with_copies(rng)))
    for first in range(0, 180, 3):
        assert len(_folds_of(sets, {f"m-{first + copy}" for copy in range(3)})) == 1


def test_rows_of_one_group_never_straddle_the_test_or_a_fold(rng: np.random.Generator) -> None:
    rows = tickets(rng, each=30)
    groups = [f"customer {place // 6}" for place in range(len(rows))]
    sets = _sets(dataset_of(rows, groups=groups))
    for first in range(0, 90, 6):
        assert len(_folds_of(sets, {f"m-{first + mate}" for mate in range(6)})) == 1


def test_no_row_is_lost_or_used_twice(rng: np.random.Generator) -> None:
    dataset = dataset_of(tickets(rng))
    sets = _sets(dataset)
    assert sorted(sets.train.ids + sets.test.ids) == sorted(dataset.ids)


def test_every_fold_holds_every_label(rng: np.random.Generator) -> None:
    sets = _sets(dataset_of(tickets(rng)))
    labels = np.array(sets.train.labels("team"))[:, 0]
    assert {len(set(labels[sets.folds == fold])) for fold in range(RECIPE.folds)} == {3}


def test_the_order_of_the_file_decides_nothing(rng: np.random.Generator) -> None:
    dataset = dataset_of(tickets(rng))
    one, other = _sets(dataset), _sets(dataset.select(rng.permutation(len(dataset))))
    assert set(one.test.ids) == set(other.test.ids)
    assert one.split_hash == other.split_hash


def test_the_names_of_labels_decide_nothing(rng: np.random.Generator) -> None:
    rows = tickets(rng)
    names = {"billing": "zz", "access": "mm", "delivery": "aa"}
    renamed = [(text, {"team": (names[labels["team"][0]],)}) for text, labels in rows]
    one, other = _sets(dataset_of(rows)), _sets(dataset_of(renamed))
    assert (one.test.ids, one.split_hash) == (other.test.ids, other.split_hash)
    assert one.folds.tolist() == other.folds.tolist()


def test_a_seed_decides_the_split(rng: np.random.Generator) -> None:
    dataset = dataset_of(tickets(rng))
    hashes = [_sets(dataset, seed=seed).split_hash for seed in (1, 1, 2)]
    assert (hashes[0] == hashes[1], hashes[0] == hashes[2]) == (True, False)


def test_rows_without_text_are_left_out_and_counted(rng: np.random.Generator) -> None:
    empty = [("  \n", {"team": ("billing",)}), ("<p></p>", {"team": ("access",)})]
    sets = _sets(dataset_of([*tickets(rng), *empty]))
    assert len(sets.train) + len(sets.test) == 90
    assert sets.notes == ("No text is left after preparation in 2 rows.",)


def test_a_given_test_is_taken_whole(rng: np.random.Generator) -> None:
    dataset, test = dataset_of(tickets(rng)), dataset_of(tickets(rng, each=2))
    sets = _sets(dataset, test=test)
    assert (len(sets.train), sets.test) == (90, test)


def test_a_given_test_has_the_hash_of_the_split_that_would_make_it(
    rng: np.random.Generator,
) -> None:
    made = _sets(dataset_of(tickets(rng)))
    given, other = _sets(made.train, test=made.test), _sets(made.test, test=made.train)
    assert given.split_hash == made.split_hash
    assert other.split_hash != made.split_hash


def test_by_time_the_newest_are_the_test(rng: np.random.Generator) -> None:
    sets = _sets(_dated(tickets(rng)), by_time=True)
    assert sorted(sets.test.ids) == sorted(f"m-{day}" for day in range(72, 90))
    assert sets.notes == ("The test is the newest part of the archive.",)


def test_by_time_near_duplicates_never_straddle_the_border(rng: np.random.Generator) -> None:
    rows = tickets(rng)
    sets = _sets(_dated([*rows[:-1], (f"{rows[0][0]}!", rows[0][1])]), by_time=True)
    assert {"m-0", "m-89"} <= set(sets.test.ids)


def test_a_split_by_time_is_a_function_of_data_and_settings(rng: np.random.Generator) -> None:
    dataset = _dated(tickets(rng))
    turned = dataset.select(rng.permutation(len(dataset)))
    later = replace(dataset, times=tuple(reversed(dataset.times or ())))
    one, same, seeded, otherwise, by_chance = (
        _sets(dataset, by_time=True),
        _sets(turned, by_time=True),
        _sets(dataset, by_time=True, seed=6),
        _sets(later, by_time=True),
        _sets(dataset),
    )
    assert one.split_hash == same.split_hash == seeded.split_hash
    assert len({one.split_hash, otherwise.split_hash, by_chance.split_hash}) == 3


def test_rows_of_one_moment_have_no_newest_part(rng: np.random.Generator) -> None:
    with pytest.raises(NotEnoughData) as refused:
        _sets(dataset_of(tickets(rng)), by_time=True)
    assert "newer messages" in refused.value.problem


def test_what_a_given_test_shares_with_training_is_told(rng: np.random.Generator) -> None:
    rows = tickets(rng)
    sets = _sets(dataset_of(rows), test=dataset_of([*tickets(rng, each=1), *rows[:2]]))
    assert sets.notes == ("2 of 5 test messages are word for word in the training data.",)


def test_too_few_texts_are_refused() -> None:
    rows: list[Row] = [("one text", {"team": ("a",)}), ("another", {"team": ("b",)})]
    with pytest.raises(NotEnoughData) as refused:
        _sets(dataset_of(rows))
    assert refused.value.problem == "Cannot train: 2 labelled texts, at least 4 needed."


@pytest.mark.parametrize(
    ("rows", "found", "needed"),
    [
        ([(word, {"team": (word,)}) for word in ("refund", "login", "parcel", "legal")], 4, 5),
        ([("where is my refund", {"team": ("a",)})] * 30, 1, 5),
    ],
)
def test_a_test_needs_texts_that_training_can_spare(
    rows: list[Row], found: int, needed: int
) -> None:
    with pytest.raises(NotEnoughData) as refused:
        _sets(dataset_of(rows))
    assert (refused.value.found, refused.value.needed) == (found, needed)


TREE = Dimension(
    name="team",
    labels=(
        Label(name="billing", children=(Label(name="refunds"), Label(name="fees"))),
        Label(name="legal"),
    ),
)


def test_labels_are_those_with_rows_then_leaves_without() -> None:
    with_rows, without = labels_of(TREE, [("legal",), ("billing",)])
    assert (with_rows, without) == (("billing", "legal"), ("billing/refunds", "billing/fees"))


def test_a_parent_without_rows_is_no_label() -> None:
    assert labels_of(TREE, [("billing/fees",)]) == (("billing/fees",), ("billing/refunds", "legal"))


def test_only_rows_that_were_asked_and_answered_teach_a_single_dimension() -> None:
    dataset = dataset_of(
        [("a", {"team": ("x",)}), ("b", {}), ("c", {"team": ()}), ("d", {"team": ("x", "y")})]
    )
    asked = Dimension(name="team", labels=(Label(name="x"), Label(name="y")))
    assert usable_rows(dataset, asked).tolist() == [0]
    assert usable_rows(dataset, replace(asked, kind=Kind.MULTI)).tolist() == [0, 2, 3]
