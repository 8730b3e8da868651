"""What an encoder may read before it is tuned."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sortyard.domain.errors import InvalidSettings
from sortyard.domain.messages import Message
from sortyard.models.manifest import Manifest
from sortyard.text.preparation import Preparation
from sortyard.training.reading import texts_to_read
from sortyard.training.recipe import Recipe
from sortyard.training.run import train
from sortyard.training.sets import make_sets
from sortyard.training.tuning.masked_options import Masking
from sortyard.training.tuning.options import Tuning
from tests.contracts.tiny_bert import write_tiny_bert
from tests.unit.training.archives import Stumble, dataset_of, noon, order, taxonomy_of, tickets

PREPARATION = Preparation.default()
SPARE = "nobody has labelled this message about a broken lamp yet"


def test_it_reads_all_that_was_said_and_the_cards_and_nothing_of_the_test() -> None:
    rng = np.random.default_rng(4)
    dataset = dataset_of(tickets(rng))
    recipe = Recipe(name="tiny", folds=3)
    sets = make_sets(dataset, None, PREPARATION, recipe, rng)
    asked = sets.test.texts[0]
    unlabelled = (Message("s-1", SPARE), Message("s-2", asked), Message("s-3", f"{asked} !"))
    sets = replace(sets, train=replace(sets.train, unlabelled=unlabelled))
    dimensions = taxonomy_of(dataset).dimensions
    read = texts_to_read(sets, dimensions, PREPARATION)

    assert {*sets.texts, SPARE} <= set(read)
    assert {node.card for one in dimensions for node in one.nodes} <= set(read)
    assert not {PREPARATION.prepare(one.message) for one in sets.test.examples} & set(read)
    assert len(read) == len(sets.texts) + 1 + 3


def test_what_is_said_twice_is_read_once() -> None:
    rng = np.random.default_rng(4)
    dataset = dataset_of(tickets(rng))
    sets = make_sets(dataset, None, PREPARATION, Recipe(name="tiny", folds=3), rng)
    twice = replace(sets, texts=(*sets.texts, *sets.texts))

    assert texts_to_read(twice, (), PREPARATION) == texts_to_read(sets, (), PREPARATION)


def test_a_recipe_that_only_reads_on_is_refused() -> None:
    with pytest.raises(InvalidSettings, match="pretraining"):
        Recipe(name="tiny", pretraining=Masking())


def test_a_recipe_with_pretraining_comes_back_from_a_file() -> None:
    recipe = Recipe(name="tiny", tuning=Tuning(), pretraining=Masking(epochs=2))

    assert Recipe.from_dict(recipe.to_dict()) == recipe


@pytest.mark.filterwarnings("ignore")  # PyTorch warns about its own dependencies
def test_it_reads_on_once_before_the_first_tuning_and_leaves_nothing_behind(
    tmp_path: Path,
) -> None:
    pytest.importorskip("torch", reason="tuning needs the extra `tune`")
    pytest.importorskip("transformers", reason="tuning needs the extra `tune`")
    plain = order(
        tickets(np.random.default_rng(4), each=12),
        write_tiny_bert(tmp_path / "encoder", np.random.default_rng(8)),
    )
    reading = Masking(epochs=0.5, batch=8)
    recipe = replace(plain.recipe, folds=2, tuning=Tuning(epochs=0.5), pretraining=reading)
    seen = Stumble()
    made = train(
        replace(plain, recipe=recipe),
        releases=tmp_path / "releases",
        cache=tmp_path / "cache",
        progress=seen,
        now=noon,
    )
    names = [name for name, _ in seen.stages]

    assert names.count("Preparing the pretraining") == 1
    assert names.index("Preparing the pretraining") < names.index("Preparing the tuning")
    assert Manifest.read(made.folder).recipe["pretraining"] == reading.to_dict()
    assert not (made.folder / "pretrained").exists()
