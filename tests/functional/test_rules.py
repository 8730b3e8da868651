"""Rules answer beside a real release, as a release of their own that can be taken back."""

import json
from pathlib import Path

import pytest

import sortyard as library
from sortyard.models.manifest import Manifest
from tests.functional.conftest import Sortyard, objects

pytest.importorskip("re2", reason="the extra `serve` is not installed here")
pytestmark = pytest.mark.slow

RULES = """\
rules:
  - name: bounces
    match: 'mail delivery (failed|failure)'
    answer: {team: delivery}
    examples: ["Mail delivery failed: returning message"]
"""
BOUNCE = "Mail delivery failed: returning message to sender"


@pytest.fixture
def ruled(sortyard: Sortyard, workspace: Path) -> str:
    """A workspace whose champion has rules, and the release that they made."""
    (workspace / "rules.yaml").write_text(RULES)
    return json.loads(sortyard("rules", "apply", "-w", workspace, "--json").out)["release"]


def _answer(sortyard: Sortyard, workspace: Path, text: str) -> dict[str, object]:
    (found,) = objects(sortyard("classify", "-w", workspace, text, "--json").out)
    return {"release": found["release"], **found["dimensions"]["team"]}  # type: ignore[index, dict-item]


def test_a_rule_answers(sortyard: Sortyard, workspace: Path, ruled: str) -> None:
    found = _answer(sortyard, workspace, BOUNCE)

    assert (found["release"], found["label"], found["confidence"]) == (ruled, "delivery", None)
    assert (found["source"], found["rule"], found["route"]) == ("rule", "bounces", "auto")


def test_a_person_sees_which_rule_it_was(sortyard: Sortyard, workspace: Path, ruled: str) -> None:
    said = sortyard("classify", "-w", workspace, BOUNCE).out

    assert (bool(ruled), "by a rule (bounces)" in said) == (True, True)


def test_every_other_message_is_answered_as_before(
    sortyard: Sortyard, workspace: Path, release: str, ruled: str
) -> None:
    after = _answer(sortyard, workspace, "refund for order 12")
    sortyard("rollback", "-w", workspace)
    before = _answer(sortyard, workspace, "refund for order 12")

    assert (before.pop("release"), after.pop("release")) == (release, ruled)
    assert before == after


def test_a_rollback_takes_the_rules_back(
    sortyard: Sortyard, workspace: Path, release: str, ruled: str
) -> None:
    sortyard("rollback", "-w", workspace)
    found = _answer(sortyard, workspace, BOUNCE)

    assert (found["release"], found["source"], release != ruled) == (release, "model", True)


def test_the_same_rules_are_the_same_release(
    sortyard: Sortyard, workspace: Path, ruled: str
) -> None:
    again = json.loads(sortyard("rules", "apply", "-w", workspace, "--json").out)

    assert (again["release"], again["changed"]) == (ruled, False)


def test_without_its_rules_it_is_the_release_before(
    sortyard: Sortyard, workspace: Path, release: str, ruled: str
) -> None:
    (workspace / "rules.yaml").write_text("rules: []\n")
    again = json.loads(sortyard("rules", "apply", "-w", workspace, "--json").out)

    assert (again["release"], again["before"]) == (release, ruled)


def test_the_new_release_says_where_it_comes_from(
    workspace: Path, release: str, ruled: str
) -> None:
    manifest = Manifest.read(workspace / ".sortyard" / "releases" / ruled)

    assert (manifest.parents, manifest.lists("rules.yaml")) == ((release,), True)


@pytest.mark.parametrize("name", ["metrics.json", "report.txt", "report.html", "CARD.md"])
def test_its_reports_say_as_what_it_was_measured(
    workspace: Path, release: str, ruled: str, name: str
) -> None:
    releases = workspace / ".sortyard" / "releases"
    note = f"measured as {release}; since then only its rules have changed"

    assert note in (releases / ruled / name).read_text(encoding="utf-8")
    assert note not in (releases / release / name).read_text(encoding="utf-8")


def test_what_was_learnt_lies_on_the_disk_once(workspace: Path, release: str, ruled: str) -> None:
    one, other = (
        (workspace / ".sortyard" / "releases" / name / "heads.safetensors").stat()
        for name in (release, ruled)
    )

    assert one.st_ino == other.st_ino


def test_rules_that_fail_their_examples_do_not_answer(
    sortyard: Sortyard, workspace: Path, release: str
) -> None:
    (workspace / "rules.yaml").write_text(RULES.replace("(failed|failure)", "failure"))
    said = sortyard("rules", "apply", "-w", workspace)

    assert (said.code, "error[invalid-rules]" in said.err) == (2, True)
    assert _answer(sortyard, workspace, BOUNCE)["release"] == release


def test_labels_that_the_release_does_not_have_are_refused(
    sortyard: Sortyard, workspace: Path
) -> None:
    (workspace / "rules.yaml").write_text(RULES.replace("team: delivery", "team: delivry"))

    assert "Did you mean 'delivery'" in sortyard("rules", "apply", "-w", workspace).err


def test_an_export_has_its_rules(sortyard: Sortyard, workspace: Path, ruled: str) -> None:
    file = workspace / "out.zip"
    sortyard("export", "-w", workspace, "--output", file)
    answer = library.load(file).classify(BOUNCE)

    assert (answer.release, answer["team"].rule) == (ruled, "bounces")


def test_training_takes_the_rules_along(sortyard: Sortyard, workspace: Path, archive: Path) -> None:
    (workspace / "rules.yaml").write_text(RULES)
    found = json.loads(sortyard("train", archive, "-w", workspace, "--json").out)
    answer = library.load(found["folder"]).classify(BOUNCE)

    assert answer["team"].rule == "bounces"
    assert any("One rule has a say" in note for note in found["notes"])


def test_training_on_wrong_rules_ends_before_it_begins(
    sortyard: Sortyard, workspace: Path, archive: Path
) -> None:
    (workspace / "rules.yaml").write_text(RULES.replace("delivery}", "delivry}"))
    said = sortyard("train", archive, "-w", workspace)

    assert (said.code, "error[invalid-rules]" in said.err) == (2, True)
