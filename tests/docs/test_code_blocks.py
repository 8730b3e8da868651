"""The code in the README and the guide runs as it stands there, from top to bottom."""

import json
import tomllib
from itertools import groupby
from pathlib import Path

import pytest

from sortyard.app.settings import BY_NAME, FILE, resolve
from sortyard.data.features_file import parse_features
from sortyard.data.rules_file import parse_rules
from sortyard.data.taxonomy_file import parse_taxonomy
from sortyard.evaluation.gates import parse_gates
from sortyard.evaluation.rule_check import failed_examples
from sortyard.models.rules import Rulebook
from sortyard.text.preparation import Preparation
from sortyard.training.recipe import Recipe
from tests.docs.pages import ROOT, Block, blocks

PAGES = {page: list(found) for page, found in groupby(blocks("python"), lambda one: one.page)}
RULES = [one for one in blocks("yaml") if "\nrules:\n" in one.text]
SETTINGS = [one for one in blocks("toml") if tomllib.loads(one.text).keys() & BY_NAME.keys()]
FEATURES = [one for one in blocks("yaml") if "\nkeywords:\n" in one.text]
TAXONOMIES = [one for one in blocks("yaml") if one not in (*RULES, *FEATURES)]


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_code_of_a_page_runs(page: Path, desk: Path) -> None:
    namespace: dict[str, object] = {"__name__": "guide"}
    for block in PAGES[page]:
        padding = "\n" * block.line  # so that a traceback shows the line of the page
        exec(compile(padding + block.text, str(page), "exec"), namespace)

    assert desk == Path.cwd()


@pytest.mark.parametrize("block", TAXONOMIES, ids=str)
def test_a_taxonomy_in_the_guide_is_one(block: Block) -> None:
    assert parse_taxonomy(block.text, str(block)).dimensions


@pytest.mark.parametrize("block", FEATURES, ids=str)
def test_features_in_the_guide_can_be_declared(block: Block) -> None:
    assert parse_features(block.text, str(block))


@pytest.mark.parametrize("block", RULES, ids=str)
def test_rules_in_the_guide_fit_their_examples(block: Block) -> None:
    rulebook = Rulebook.of(parse_rules(block.text, str(block)))

    assert (bool(rulebook), failed_examples(rulebook, Preparation.default())) == (True, ())


@pytest.mark.parametrize("block", [one for one in blocks("json") if "folds" in one.text], ids=str)
def test_a_recipe_in_the_guide_is_one(block: Block) -> None:
    stored = json.loads(block.text)

    assert Recipe.from_dict(stored).to_dict().items() >= {"name": stored["name"]}.items()


@pytest.mark.parametrize("block", SETTINGS, ids=str)
def test_settings_in_the_guide_are_settings(block: Block, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(block.text, encoding="utf-8")

    assert resolve(tmp_path, given={}, environment={})


@pytest.mark.parametrize("block", [one for one in blocks("toml") if one not in SETTINGS], ids=str)
def test_gates_in_the_guide_are_gates(block: Block) -> None:
    assert parse_gates(block.text, source=str(block)).model_fields_set == set(
        tomllib.loads(block.text)
    )
