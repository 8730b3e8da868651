"""The code in the README and the guide runs as it stands there, from top to bottom."""

import tomllib
from itertools import groupby
from pathlib import Path

import pytest

from sortyard.data.taxonomy_file import parse_taxonomy
from sortyard.evaluation.gates import parse_gates
from tests.docs.pages import ROOT, Block, blocks

PAGES = {page: list(found) for page, found in groupby(blocks("python"), lambda one: one.page)}


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_code_of_a_page_runs(page: Path, desk: Path) -> None:
    namespace: dict[str, object] = {"__name__": "guide"}
    for block in PAGES[page]:
        padding = "\n" * block.line  # so that a traceback shows the line of the page
        exec(compile(padding + block.text, str(page), "exec"), namespace)

    assert desk == Path.cwd()


@pytest.mark.parametrize("block", blocks("yaml"), ids=str)
def test_a_taxonomy_in_the_guide_is_one(block: Block) -> None:
    assert parse_taxonomy(block.text, str(block)).dimensions


@pytest.mark.parametrize("block", blocks("toml"), ids=str)
def test_gates_in_the_guide_are_gates(block: Block) -> None:
    assert parse_gates(block.text, source=str(block)).model_fields_set == set(
        tomllib.loads(block.text)
    )
