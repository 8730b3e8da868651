"""Messages without a label are learnt from where labels have few, and are never judged on."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sortyard.domain.messages import Message
from sortyard.domain.ports import Silence
from sortyard.domain.taxonomy import Kind
from sortyard.text.preparation import Preparation
from sortyard.training.card_rows import FEW, Class, with_cards
from sortyard.training.fit import fit_classifier
from sortyard.training.lessons import lessons_of
from sortyard.training.material import ALWAYS
from sortyard.training.recipe import Recipe
from sortyard.training.sets import Sets, make_sets
from sortyard.training.unlabelled import MOST, with_unlabelled
from tests.unit.training.archives import (
    WORDS,
    HashWorkshop,
    Row,
    dataset_of,
    sentence,
    taxonomy_of,
    tickets,
)

RECIPE = Recipe(name="tiny", folds=3)
PREPARATION = Preparation.default()


def spare(rng: np.random.Generator, *, each: int = 40) -> list[str]:
    return [sentence(words, rng) for _ in range(each) for words in WORDS.values()]


def sets_of(rows: Sequence[Row], texts: Sequence[str]) -> Sets:
    unlabelled = tuple(Message(f"u-{place}", text) for place, text in enumerate(texts))
    dataset = replace(dataset_of(rows), unlabelled=unlabelled)
    return make_sets(dataset, None, PREPARATION, RECIPE, np.random.default_rng(1))


def taught(rows: Sequence[Row], texts: Sequence[str], *multi: str) -> Class:
    sets = sets_of(rows, texts)
    lessons = lessons_of(sets, taxonomy_of(dataset_of(rows), *multi))
    return with_unlabelled(with_cards(sets, lessons, PREPARATION), lessons, PREPARATION)


def added(found: Class) -> set[str]:
    rows = found.unlabelled.get("team", np.empty(0, dtype=np.intp))
    return {found.sets.texts[row] for row in rows}


def test_they_stand_behind_all_rows_and_are_never_held_out(rng: np.random.Generator) -> None:
    texts = spare(rng)
    found = taught(tickets(rng, each=5), texts)
    assert added(found) == {PREPARATION(text) for text in texts}
    assert set(found.sets.folds[found.unlabelled["team"]].tolist()) == {ALWAYS}
    assert not np.isin(found.unlabelled["team"], found.lessons[0].rows).any()


def test_none_is_tested_on(rng: np.random.Generator) -> None:
    rows, texts = tickets(rng, each=5), spare(rng)
    bare, found = sets_of(rows, ()), sets_of(rows, texts)
    assert (found.test.ids, found.split_hash) == (bare.test.ids, bare.split_hash)


def test_labels_with_many_rows_need_none(rng: np.random.Generator) -> None:
    assert added(taught(tickets(rng, each=2 * FEW), spare(rng))) == set()


def test_a_dimension_of_several_labels_guesses_none(rng: np.random.Generator) -> None:
    assert added(taught(tickets(rng, each=5), spare(rng), "team")) == set()


def test_a_twin_of_a_known_or_a_tested_message_is_left_out(rng: np.random.Generator) -> None:
    rows, texts = tickets(rng, each=5), spare(rng)
    twins = [text for text, _ in rows]
    assert added(taught(rows, [*texts, *twins])) == {PREPARATION(text) for text in texts}


def test_the_order_of_the_file_decides_nothing(rng: np.random.Generator) -> None:
    rows, texts = tickets(rng, each=5), spare(rng)
    once, again = taught(rows, texts), taught(rows, [*reversed(texts), *texts[:5], ""])
    assert once.sets.texts == again.sets.texts


def test_there_is_a_limit(rng: np.random.Generator) -> None:
    texts = [" ".join(rng.permutation(20).astype(str)) for _ in range(MOST + 200)]
    assert len(added(taught(tickets(rng, each=5), texts))) <= MOST


def test_a_report_says_what_was_learnt_from(rng: np.random.Generator) -> None:
    rows = tickets(rng, each=6)
    sets = sets_of(rows, spare(rng, each=80))
    told: list[str] = []
    classifier = fit_classifier(
        sets,
        taxonomy_of(dataset_of(rows)),
        PREPARATION,
        HashWorkshop(),  # type: ignore[arg-type] -- the same two members
        RECIPE,
        seed=3,
        rng=np.random.default_rng(3),
        progress=Silence(),
        tell=told.append,
    )
    assert classifier.taxonomy["team"].kind is Kind.SINGLE
    assert [note for note in told if "messages without a label were learnt" in note]
