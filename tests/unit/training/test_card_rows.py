"""Where a label has few messages, what it says of itself teaches beside them."""

from dataclasses import replace

import numpy as np
import pytest

from sortyard.domain.taxonomy import Dimension, Kind, Label, Taxonomy
from sortyard.text.preparation import Preparation
from sortyard.training.card_rows import FEW, Class, labels_with_few, remarks, with_cards
from sortyard.training.lessons import lessons_of
from sortyard.training.material import ALWAYS
from sortyard.training.recipe import Recipe
from sortyard.training.sets import make_sets
from tests.unit.training.archives import WORDS, Row, dataset_of, fit, sentence, tickets

RECIPE = Recipe(name="tiny", folds=3)
LAWYER = Label(
    name="legal",
    definition="attorney and courtroom",
    examples=("our lawyer writes to you", "see you before the judge"),
)


def _taxonomy(*more: Label, kind: Kind = Kind.SINGLE) -> Taxonomy:
    labels = tuple(Label(name=name, definition=f"all about {name}") for name in sorted(WORDS))
    return Taxonomy(dimensions=(Dimension(name="team", kind=kind, labels=(*labels, *more)),))


def _class(rows: list[Row], taxonomy: Taxonomy) -> Class:
    preparation = Preparation.default()
    sets = make_sets(dataset_of(rows), None, preparation, RECIPE, np.random.default_rng(1))
    return with_cards(sets, lessons_of(sets, taxonomy), preparation)


def _added(taught: Class) -> list[str]:
    return list(taught.sets.texts[len(taught.sets.train) :])


def test_the_card_of_a_label_with_few_rows_is_one_row_more(rng: np.random.Generator) -> None:
    taught = _class(tickets(rng, each=5), _taxonomy())
    (lesson,) = taught.lessons
    cards = {
        lesson.labels[label]: taught.sets.texts[row]
        for row, label in zip(lesson.rows, lesson.truth.single, strict=True)
        if row >= len(taught.sets.train)
    }
    assert cards == {name: f"{name}. all about {name}" for name in WORDS}


def test_labels_with_many_rows_need_no_cards(rng: np.random.Generator) -> None:
    assert _added(_class(tickets(rng, each=2 * FEW), _taxonomy())) == []


def test_a_label_without_rows_has_a_card_among_others_with_few(rng: np.random.Generator) -> None:
    (lesson,) = _class(tickets(rng, each=5), _taxonomy(LAWYER)).lessons
    assert lesson.truth.supports()[lesson.labels.index("legal")] == 1 + len(LAWYER.examples)


def test_a_label_without_rows_is_told_apart_where_others_are_well_known(
    rng: np.random.Generator,
) -> None:
    (lesson,) = _class(tickets(rng, each=2 * FEW), _taxonomy(LAWYER)).lessons
    assert (len(labels_with_few(lesson)), lesson.truth.count) == (0, len(WORDS))


@pytest.mark.parametrize("kind", list(Kind))
def test_a_message_in_the_words_of_a_definition_gets_its_label(
    rng: np.random.Generator, kind: Kind
) -> None:
    fitted = fit(tickets(rng, each=6), taxonomy=_taxonomy(LAWYER, kind=kind))
    choice = fitted.classifier.classify("attorney and courtroom")["team"]
    assert choice.candidates[0].label == "legal"


def test_cards_are_never_held_out(rng: np.random.Generator) -> None:
    taught = _class(tickets(rng, each=5), _taxonomy(LAWYER))
    added = taught.sets.folds[len(taught.sets.train) :]
    assert (len(added) > 0, set(added.tolist())) == (True, {ALWAYS})


@pytest.mark.parametrize("place", ["trained on", "tested on"])
def test_an_example_that_is_a_message_of_the_archive_is_left_out(
    rng: np.random.Generator, place: str
) -> None:
    rows = tickets(rng, each=8)
    sets = make_sets(dataset_of(rows), None, Preparation.default(), RECIPE, rng)
    part = sets.train if place == "trained on" else sets.test
    (path,) = part.examples[0].labels["team"]
    known = part.examples[0].message.text
    taxonomy = _taxonomy()
    (team,) = taxonomy.dimensions
    labels = tuple(
        replace(one, examples=(f"{known.upper()}!", "something else")) if one.name == path else one
        for one in team.labels
    )
    taxonomy = Taxonomy(dimensions=(replace(team, labels=labels),))
    taught = with_cards(sets, lessons_of(sets, taxonomy), Preparation.default())
    assert [text for text in _added(taught) if "all about" not in text] == ["something else"]


def test_a_single_row_of_every_label_is_enough_to_choose_by(rng: np.random.Generator) -> None:
    """Each held-out row is the only one of its label, which is known by its card alone."""
    rows: list[Row] = [(sentence(words, rng), {"team": (team,)}) for team, words in WORDS.items()]
    labels = tuple(
        Label(name=name, definition=" ".join(words)) for name, words in sorted(WORDS.items())
    )
    many: list[Row] = [*rows, *tickets(rng, each=1)]
    fitted = fit(many, taxonomy=Taxonomy(dimensions=(Dimension(name="team", labels=labels),)))
    full = fitted.classifier.models[0].full
    assert full is not None
    assert full.weights.meaning != 1.0


def test_the_report_says_which_labels_their_cards_helped(rng: np.random.Generator) -> None:
    sets = make_sets(dataset_of(tickets(rng, each=5)), None, Preparation.default(), RECIPE, rng)
    (said,) = remarks(lessons_of(sets, _taxonomy(LAWYER)))
    assert said.startswith(f"team: 4 of 4 labels have at most {FEW} messages")


def test_the_report_says_nothing_of_cards_where_rows_abound(rng: np.random.Generator) -> None:
    rows = tickets(rng, each=2 * FEW)
    sets = make_sets(dataset_of(rows), None, Preparation.default(), RECIPE, rng)
    assert list(remarks(lessons_of(sets, _taxonomy()))) == []
