"""`sortyard train --budget` takes what pays within the time, says why, and can be repeated."""

import json
from importlib.util import find_spec
from pathlib import Path
from random import Random

import numpy as np
import pytest

import sortyard as library
from sortyard.domain.errors import InvalidUsage
from tests.contracts import tiny_bert
from tests.functional.conftest import Ended, Sortyard
from tests.functional.tickets import write_tickets

# PyTorch warns about its own dependencies.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("encoder")
    return tiny_bert.write_tiny_bert(place / "tiny", np.random.default_rng(8))


@pytest.fixture
def taller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An encoder of a layer more, so that some are left to learn where three are frozen."""
    monkeypatch.setattr(tiny_bert, "LAYERS", 4)
    return tiny_bert.write_tiny_bert(tmp_path / "taller", np.random.default_rng(8))


@pytest.fixture
def tickets(tmp_path: Path) -> Path:
    return write_tickets(tmp_path / "tickets.csv", count=150, random=Random(1))


def _recipe(folder: Path, said: Ended) -> dict[str, object]:
    release = json.loads(said.out)["release"]
    manifest = folder / ".sortyard" / "releases" / str(release) / "manifest.json"
    recipe: dict[str, object] = json.loads(manifest.read_text(encoding="utf-8"))["recipe"]
    return recipe


def test_where_there_is_time_the_best_recipe_is_taken(
    sortyard: Sortyard, tickets: Path, taller: Path, tmp_path: Path
) -> None:
    pytest.importorskip("torch", reason="tuning needs the extra `tune`")
    said = sortyard("train", tickets, "--budget", "2h", "--encoder", taller, "--json")

    assert _recipe(tmp_path, said)["tuning"] is not None
    assert "Within 2 h" in said.err
    assert "Not `quick`: it takes about" in " ".join(said.err.split())
    assert any("Within 2 h" in note for note in json.loads(said.out)["notes"])


def test_an_encoder_that_cannot_be_tuned_is_a_reason(
    sortyard: Sortyard, tickets: Path, encoder: Path, tmp_path: Path
) -> None:
    pytest.importorskip("torch", reason="tuning needs the extra `tune`")
    said = sortyard("train", tickets, "--budget", "2h", "--encoder", encoder, "--json")

    assert _recipe(tmp_path, said)["name"] == "quick"
    assert "Not `standard`: it has 3 layers, and 3 are frozen." in " ".join(said.err.split())


def test_where_there_is_none_the_cheapest_is_taken_and_it_says_so(
    sortyard: Sortyard, tickets: Path, encoder: Path, tmp_path: Path
) -> None:
    said = sortyard("train", tickets, "--budget", "0.001s", "--encoder", encoder, "--json")
    words = " ".join(said.err.split())

    assert _recipe(tmp_path, said)["name"] in {"edge", "quick"}
    assert "No recipe fits; this one takes least." in words
    assert "`standard`: no time, it takes at least" in words or find_spec("torch") is None


def test_a_release_can_be_made_again_by_its_manifest(
    sortyard: Sortyard, tickets: Path, encoder: Path, tmp_path: Path
) -> None:
    """With the same seed, although the workspace has another one."""
    one, two = tmp_path / "one", tmp_path / "two"
    first = sortyard(
        "train", tickets, "-w", one, "--budget", "1s", "--seed", "7", "--encoder", encoder, "--json"
    )
    release = json.loads(first.out)["release"]
    manifest = one / ".sortyard" / "releases" / release / "manifest.json"
    again = sortyard("train", tickets, "-w", two, "--recipe", manifest, "--json")

    assert json.loads(again.out)["release"] == release
    assert _recipe(two, again) == _recipe(one, first)
    assert "\nrecipe =" not in (two / "sortyard.toml").read_text(encoding="utf-8")


def test_a_release_is_a_recipe_too(
    sortyard: Sortyard, tickets: Path, encoder: Path, tmp_path: Path
) -> None:
    first = sortyard("train", tickets, "--recipe", "edge", "--encoder", encoder, "--json")
    release = json.loads(first.out)["release"]
    place = tmp_path / ".sortyard" / "releases" / release
    again = sortyard("train", tickets, "-w", tmp_path / "two", "--recipe", place, "--json")

    assert json.loads(again.out)["release"] == release


def test_odd_archives_are_timed_too(sortyard: Sortyard, encoder: Path, tmp_path: Path) -> None:
    """One label, a rare second question, and texts of which preparation leaves nothing."""
    lines = ["body,team,flag"]
    lines += [
        f"the card {at} was charged twice,cards,{'odd' if at < 3 else ''}" for at in range(40)
    ]
    lines += ['"<br>",cards,'] * 3
    (tmp_path / "odd.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    columns = ("--text", "body", "--label", "team", "--label", "flag")
    named = sortyard("train", "odd.csv", *columns, "--recipe", "quick", "--encoder", encoder)
    said = sortyard("train", "odd.csv", *columns, "--budget", "5m", "--encoder", encoder)

    assert (said.code, "was chosen" in said.err) == (named.code, True)


def test_too_few_rows_take_no_time(sortyard: Sortyard, encoder: Path, tmp_path: Path) -> None:
    lines = ["body,team", "where is my card,cards", "my card is lost,cards", "card twice,cards"]
    lines += ["reset my login,login", "the login is locked,login", "no login,login"]
    (tmp_path / "few.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    said = sortyard("train", "few.csv", "--budget", "5m", "--encoder", encoder)

    assert "too few rows to spend time on" in " ".join(said.err.split())


def test_labels_alone_take_no_time(sortyard: Sortyard, encoder: Path, tmp_path: Path) -> None:
    (tmp_path / "taxonomy.yaml").write_text(
        "dimensions:\n  team:\n    labels:\n"
        "      cards:\n        definition: a card\n"
        "      login:\n        definition: a login\n",
        encoding="utf-8",
    )
    said = sortyard("train", "--budget", "5m", "--encoder", encoder)

    assert (said.code, "too few rows to spend time on" in " ".join(said.err.split())) == (0, True)


def test_a_budget_and_a_recipe_contradict_each_other(sortyard: Sortyard, tickets: Path) -> None:
    said = sortyard("train", tickets, "--budget", "10m", "--recipe", "quick")

    assert said.code == 2
    assert "`--budget` or `--recipe`" in " ".join(said.err.split())


@pytest.mark.parametrize("written", ["soon", "0m", "10", "-5m", "9000h", "1m1h"])
def test_what_is_no_length_of_time_is_refused(
    sortyard: Sortyard, tickets: Path, tmp_path: Path, written: str
) -> None:
    said = sortyard("train", tickets, f"--budget={written}")

    assert said.code == 2
    assert "`90s`, `10m` or `1h30m`" in " ".join(said.err.split())
    assert not (tmp_path / "sortyard.toml").exists()


def test_a_recipe_that_makes_no_sense_is_refused(
    sortyard: Sortyard, tickets: Path, tmp_path: Path
) -> None:
    for content in (
        "[1]",
        "{",
        '{"recipe": {"nam": "x"}}',
        '{"name": "x", "seed": "y"}',
        '{"name": "x", "folds": 2.5}',
    ):
        (tmp_path / "wrong.json").write_text(content, encoding="utf-8")
        said = sortyard("train", tickets, "--recipe", tmp_path / "wrong.json")
        assert (said.code, "recipe" in said.err) == (2, True), content
    assert sortyard("train", tickets, "--recipe", tmp_path / "none.json").code == 2


def test_python_takes_a_budget_too(tickets: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidUsage):
        library.train(tickets, workspace=tmp_path / "w", budget="10m", recipe="quick")


def test_an_encoder_that_is_named_takes_the_place_of_a_stored_one(
    sortyard: Sortyard, tickets: Path, tmp_path: Path
) -> None:
    """The folder that a manifest names may lie on another machine."""
    (tmp_path / "stored.json").write_text('{"name": "x", "encoder": "./gone"}', encoding="utf-8")
    said = sortyard("train", tickets, "--recipe", "stored.json", "--encoder", "./elsewhere")

    assert said.code != 0
    assert "elsewhere" in said.err
    assert "gone" not in said.err
