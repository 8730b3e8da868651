"""A spaCy pipeline finds names and places; here one that was told them, as no model comes along."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.domain.errors import InvalidSettings
from sortyard.text.personal.entities import Entity, Span
from sortyard.text.personal.spacy_names import SpacyNames
from tests.contracts.name_finders import KnownNames, check_name_finder
from tests.unit.text.personal.pieces import nasty

spacy = pytest.importorskip("spacy", reason="the extra `names` is not installed here")

KNOWN = {"Anna": "PERSON", "Kim": "PER", "Paris": "GPE", "Alps": "LOC", "Acme": "ORG"}


def told() -> SpacyNames:
    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": label, "pattern": name} for name, label in KNOWN.items()])
    return SpacyNames(pipeline)


NAMES = told()
texts = st.lists(st.sampled_from(sorted(KNOWN)) | st.just(" ") | nasty).map("".join)


@given(texts)
def test_it_is_a_name_finder(text: str) -> None:
    check_name_finder(NAMES, text)


@given(texts)
def test_so_is_the_one_in_memory(text: str) -> None:
    check_name_finder(KnownNames({"Anna": Entity.NAME}), text)


def test_people_are_names_and_cities_and_mountains_are_places() -> None:
    assert list(NAMES.find("Anna of Acme met Kim in Paris, near the Alps")) == [
        Span(0, 4, Entity.NAME),
        Span(17, 20, Entity.NAME),
        Span(24, 29, Entity.PLACE),
        Span(40, 44, Entity.PLACE),
    ]


def test_a_long_text_is_read_to_its_end() -> None:
    """Models refuse a text of more than a million characters."""
    text = "word " * 240_000 + "Anna"

    assert list(NAMES.find(text)) == [Span(len(text) - 4, len(text), Entity.NAME)]


def test_a_pipeline_is_loaded_from_its_folder(tmp_path: Path) -> None:
    NAMES.pipeline.to_disk(tmp_path)

    assert list(SpacyNames.load(str(tmp_path)).find("Anna")) == [Span(0, 4, Entity.NAME)]


def test_a_model_that_is_not_there_is_named() -> None:
    with pytest.raises(InvalidSettings, match="there is no spaCy model 'nobody'"):
        SpacyNames.load("nobody")
