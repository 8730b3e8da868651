"""What works in an install without any extra, and what says which one it needs."""

import importlib
import re
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

import sortyard
from sortyard.app.extras import MODULES, PURPOSES
from sortyard.cli.program import run
from sortyard.data.archive import read_messages
from sortyard.domain.errors import MissingExtra
from sortyard.text.preparation import Preparation

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "sortyard"
PAGES = ("evaluation.plots", "evaluation.report_html", "evaluation.report_card")
IMPORTED_AS = {
    "google-re2": "re2",
    "grpcio": "grpc",
    "grpcio-health-checking": "grpc_health",
    "opentelemetry-api": "opentelemetry",
    "opentelemetry-exporter-otlp-proto-http": "opentelemetry",
    "opentelemetry-sdk": "opentelemetry",
    "protobuf": "google",
    "scikit-learn": "sklearn",
}
TICKETS = "id,body\n1,Where is the money for my returned shoes?\n2,I cannot log in any more\n"

without_extras = pytest.mark.skipif(
    find_spec("sklearn") is not None, reason="the extra `train` is installed here"
)


def _modules() -> list[str]:
    found = []
    for layer in ("domain", "text", "data", "models", "evaluation", "cli"):
        for path in sorted((PACKAGE / layer).rglob("*.py")):
            name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
            found.append(name.removesuffix(".__init__"))
    return [name for name in found if not name.startswith(PAGES)]


@pytest.mark.parametrize("name", _modules())
def test_a_module_loads_without_any_extra(name: str) -> None:
    assert importlib.import_module(f"sortyard.{name}")


def test_the_program_runs() -> None:
    assert run(["--version"]) == 0


def test_texts_are_prepared() -> None:
    assert Preparation.default()("<p>It&nbsp;works</p>") == "It works"


def test_a_table_is_read(tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text(TICKETS)

    assert len(read_messages(tmp_path / "new.csv")) == 2


@without_extras
def test_training_says_what_to_install(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "tickets.csv").write_text(TICKETS)
    code = run(["train", str(tmp_path / "tickets.csv")])

    assert (code, "sortyard[train]" in capsys.readouterr().err) == (2, True)


@without_extras
def test_the_estimator_says_what_to_install() -> None:
    with pytest.raises(MissingExtra, match=r"sortyard\[train\]"):
        sortyard.SortyardClassifier  # noqa: B018 -- the access is the test


@pytest.mark.parametrize("extra", PURPOSES)
def test_every_library_of_an_extra_is_known(extra: str) -> None:
    """So that its absence is explained, and not reported as a fault."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    others = (line for line in extras[extra] if not line.startswith("sortyard["))
    names = {re.split(r"[\[>=;]", line)[0] for line in others}
    imported = {IMPORTED_AS.get(name, name.replace("-", "_")) for name in names}

    assert imported - {module for module, of in MODULES.items() if of == extra} == set()


@pytest.mark.skipif(find_spec("sqlalchemy") is not None, reason="the extra `serve` is here")
@pytest.mark.parametrize("words", [["serve"], ["keys", "list"], ["store", "status"]])
def test_serving_says_what_to_install(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sortyard.toml").write_text("")
    code = run([*words, "--workspace", str(tmp_path)])

    assert (code, "sortyard[serve]" in capsys.readouterr().err) == (2, True)
