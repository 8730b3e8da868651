"""A release has its rules with it, or none."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sortyard.data.rules_file import read_rules
from sortyard.domain.errors import DamagedBundle, MissingExtra
from sortyard.models.bundle import HEADS, RULES, open_bundle
from sortyard.models.classifier import Classifier
from sortyard.models.rules import Rulebook
from tests.contracts.tiny_release import HASH_ENGINES, TAXONOMY, seal, tiny_dataset, write_tiny
from tests.unit.rules_for_tests import answering

pytest.importorskip("re2", reason="the extra `serve` is not installed here")

TEXTS = tiny_dataset(20, seed=8).texts
REFUNDS = answering("refund", name="refunds", team="privacy", example="refund the invoice")
ALL = replace(
    answering(".", example="x"), labels={"team": ("access",), "topic": ("software",), "flags": ()}
)


def ruled(trained: Classifier) -> Classifier:
    return trained.ruled_by(Rulebook.of([REFUNDS], TAXONOMY))


@pytest.fixture
def folder(trained: Classifier, tmp_path: Path) -> Path:
    write_tiny(ruled(trained), tmp_path / "release")
    return tmp_path / "release"


def test_what_was_written_answers_the_same(trained: Classifier, folder: Path) -> None:
    opened = open_bundle(folder, HASH_ENGINES)

    assert opened.classify_batch(TEXTS) == ruled(trained).named(opened.release).classify_batch(
        TEXTS
    )


def test_the_rules_are_a_file_that_people_can_read(folder: Path) -> None:
    assert read_rules(folder / RULES) == (REFUNDS,)


def test_other_rules_are_another_release(folder: Path, bundle: Path) -> None:
    releases = {open_bundle(one, HASH_ENGINES).release for one in (folder, bundle)}

    assert len(releases) == 2


def test_a_release_without_rules_has_no_file_of_them(bundle: Path) -> None:
    assert not (bundle / RULES).exists()


@pytest.mark.parametrize(
    "content", ["rules: 3\n", "rules: [{name: x}]\n", "rules: [{name: x, match: (, review: all}]\n"]
)
def test_rules_that_cannot_be_are_damage(folder: Path, content: str) -> None:
    (folder / RULES).write_text(content)
    seal(folder)

    with pytest.raises(DamagedBundle):
        open_bundle(folder, HASH_ENGINES)


def test_rules_that_answer_everything_hide_no_damage(trained: Classifier, tmp_path: Path) -> None:
    write_tiny(trained.ruled_by(Rulebook.of([ALL], TAXONOMY)), tmp_path / "release")
    (tmp_path / "release" / HEADS).write_bytes(b"nothing")
    seal(tmp_path / "release")

    with pytest.raises(DamagedBundle):
        open_bundle(tmp_path / "release", HASH_ENGINES)


def test_without_the_library_one_is_told_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "re2", None)

    with pytest.raises(MissingExtra, match=r"sortyard\[serve\]"):
        open_bundle(folder, HASH_ENGINES)


def test_without_the_library_a_release_without_rules_is_opened(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "re2", None)

    assert open_bundle(bundle, HASH_ENGINES).classify("refund").choices
