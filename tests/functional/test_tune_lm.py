"""`sortyard tune-lm` from an archive and a published model to files that answer."""

import json
from pathlib import Path

import pytest

from tests.docs.pages import blocks
from tests.functional.conftest import Sortyard

pytest.importorskip("torch", reason="needs the extra `tune`")
pytest.importorskip("transformers", reason="needs the extra `tune`")
pytest.importorskip("peft", reason="needs the extra `tune`")

from sortyard.training.tuning.causal.classifier import CausalClassifier
from tests.contracts.tiny_language_models import write_tiny_language_model
from tests.unit.training.tuning.causal.toys import tickets

# They warn about their own dependencies; what they calculate is what matters here.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_language_model(tmp_path_factory.mktemp("base") / "tiny", "qwen2", seed=1)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """An archive of 45 tickets, with a team and a second answer each."""
    lines = ["body,team,urgency"]
    for number, one in enumerate(tickets(45).examples):
        lines.append(
            f"{one.message.text},{one.labels['team'][0]},{'high' if number % 4 else 'low'}"
        )
    path = tmp_path / "tickets.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_model_is_tuned_from_the_shell(sortyard: Sortyard, base: Path, small: Path) -> None:
    """One epoch teaches it too little: the answer is no, and everything is there all the same."""
    ended = sortyard(
        "tune-lm", small, "--base", base, "--out", "model", "--label", "team", "--epochs", "1",
        "--rank", "4", "--seed", "3",
    )  # fmt: skip
    facts = json.loads(Path("model/metrics.json").read_text())

    assert (ended.code, facts["seed"], facts["options"]["rank"]) == (1, 3, 4)
    assert "accuracy" in ended.out
    assert "calibration error" in ended.out
    assert "do not use it" in ended.out
    assert not Path("sortyard.toml").exists()
    assert CausalClassifier.open("model").labels == ("access", "billing", "delivery")


def test_what_it_found_is_one_json_object(sortyard: Sortyard, base: Path, small: Path) -> None:
    """And the guide's code opens it."""
    ended = sortyard(
        "tune-lm", small, "--base", base, "--out", "team-model", "--label", "team",
        "--epochs", "0.1", "--json",
    )  # fmt: skip
    told = json.loads(ended.out)
    for block in blocks("py"):
        exec(block.text, {"__name__": "guide"})

    assert told["dimension"] == "team"
    assert told["test"]["rows"] == told["rows"]["test"]
    assert Path(told["folder"]).name == "team-model"


def test_a_wrong_base_is_told_with_a_remedy(
    sortyard: Sortyard, small: Path, tmp_path: Path
) -> None:
    ended = sortyard("tune-lm", small, "--base", tmp_path, "--out", "model", "--label", "team")

    assert ended.code == 2
    assert "error[unusable-language-model]" in ended.err
    assert "no config.json" in ended.err
    assert "fix: Give a folder with config.json" in ended.err


def test_one_of_two_dimensions_has_to_be_named(sortyard: Sortyard, base: Path, small: Path) -> None:
    both = ("tune-lm", small, "--base", base, "--out", "model", "--label", "team")
    ended = sortyard(*both, "--label", "urgency")
    unknown = sortyard(*both, "--label", "urgency", "--dimension", "tean")

    assert (ended.code, unknown.code) == (2, 2)
    assert "--dimension" in ended.err
    assert "'team' for 'tean'" in unknown.err


def test_options_out_of_bounds_are_told(sortyard: Sortyard, base: Path, small: Path) -> None:
    ended = sortyard("tune-lm", small, "--base", base, "--out", "model", "--rank", "0")

    assert (ended.code, "rank is 1 or more" in ended.err) == (2, True)
