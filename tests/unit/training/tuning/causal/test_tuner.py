"""A language model is tuned, written whole, and opened again."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sortyard.domain.errors import (
    DamagedBundle,
    InvalidSettings,
    InvalidUsage,
    NewerFormat,
    UnusableLanguageModel,
)

torch = pytest.importorskip("torch", reason="needs the extra `tune`")
transformers = pytest.importorskip("transformers", reason="needs the extra `tune`")
peft = pytest.importorskip("peft", reason="needs the extra `tune`")

from sortyard.training.tuning.causal.classifier import CausalClassifier  # noqa: E402 -- after the skips
from sortyard.training.tuning.causal.tuner import TunedLanguageModel  # noqa: E402 -- after the skips
from tests.contracts.tiny_language_models import write_tiny_language_model  # noqa: E402
from tests.unit.training.tuning.causal.toys import (  # noqa: E402
    ENOUGH,
    SHORT,
    Breaking,
    tickets,
    tuned,
)

# They warn about their own dependencies; what they calculate is what matters here.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

ROOT = Path(__file__).resolve().parents[5]
NEW = ("never once more this log", "again the old invoice", "quite gone since day one parcel")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_language_model(tmp_path_factory.mktemp("base") / "tiny", "llama", seed=1)


@pytest.fixture(scope="module")
def done(base: Path, tmp_path_factory: pytest.TempPathFactory) -> TunedLanguageModel:
    """A model that has learnt its task; nobody may change it."""
    return tuned(base, tmp_path_factory.mktemp("done") / "model", ENOUGH)


@pytest.fixture(scope="module")
def classifier(done: TunedLanguageModel) -> CausalClassifier:
    return CausalClassifier.open(done.folder)


def weights(folder: Path) -> bytes:
    return (folder / "adapter" / "adapter_model.safetensors").read_bytes()


def test_it_learns_what_can_be_learnt(
    done: TunedLanguageModel, classifier: CausalClassifier
) -> None:
    """By heart what it was taught, and most of the rest."""
    rows = tickets(90)
    answers = classifier.classify_batch(rows.texts)
    right = [one.label == label for one, (label,) in zip(answers, rows.labels("team"), strict=True)]

    assert sum(right) >= 75
    assert done.facts["loss"] < 0.2 * next(iter(done.facts["losses"].values()))


def test_probabilities_are_calibrated_and_sum_to_one(
    done: TunedLanguageModel, classifier: CausalClassifier
) -> None:
    chances = classifier.probabilities([*NEW, "something else altogether"])
    kind = json.loads((done.folder / "calibration.json").read_text())["kind"]

    assert np.allclose(chances.sum(axis=1), 1.0, atol=1e-5)
    assert kind == classifier.calibrator.kind == done.facts["calibrator"]
    assert done.facts["rows"] == {"taught": 58, "calibration": 14, "test": 18}


def test_an_empty_message_has_no_label_and_no_confidence(classifier: CausalClassifier) -> None:
    empty, full = classifier.classify_batch(["  ", NEW[0]])

    assert (empty.label, empty.confidence, empty.candidates) == (None, None, ())
    assert full.label == full.candidates[0].label is not None
    assert classifier.classify_batch([]) == []
    assert classifier.probabilities([]).shape == (0, 3)


def test_an_answer_does_not_depend_on_its_neighbours(classifier: CausalClassifier) -> None:
    together = classifier.probabilities(NEW)
    alone = np.concatenate([classifier.probabilities([one]) for one in NEW])

    assert np.abs(together - alone).max() < 1e-4


def test_the_merged_model_says_what_base_and_adapter_say(
    base: Path, done: TunedLanguageModel
) -> None:
    """As the libraries themselves open them."""
    published = transformers.AutoModelForCausalLM.from_pretrained(base)
    adapted = peft.PeftModel.from_pretrained(published, done.folder / "adapter").eval()
    merged = transformers.AutoModelForCausalLM.from_pretrained(done.folder / "merged").eval()
    ids = torch.tensor([[5, 9, 40, 7, 7, 260]])
    with torch.no_grad():
        assert (merged(ids).logits - adapted(ids).logits).abs().max() < 1e-3
        with adapted.disable_adapter():
            assert (merged(ids).logits - adapted(ids).logits).abs().max() > 0.1


def test_everything_is_there_and_nothing_is_pickled(done: TunedLanguageModel) -> None:
    names = {one.relative_to(done.folder).as_posix() for one in done.folder.rglob("*.*")}

    assert {one.name for one in done.folder.iterdir()} == {
        *("adapter", "merged", "prompt.json", "labels.json", "calibration.json", "metrics.json"),
        *("vllm.sh", "request.json", "Modelfile", "README.md", "checksums.json"),
    }
    assert {"adapter/adapter_config.json", "merged/model.safetensors"} <= names
    assert {"merged/tokenizer.json", "merged/tokenizer_config.json"} <= names
    assert {Path(one).suffix for one in names} <= {".json", ".safetensors", ".sh", ".md"}
    assert [one.name for one in done.folder.parent.iterdir()] == [done.folder.name]
    assert str(done.folder.parent) not in (done.folder / "adapter/adapter_config.json").read_text()


def test_the_launch_files_fit_the_model(done: TunedLanguageModel) -> None:
    script = (done.folder / "vllm.sh").read_text()
    request = json.loads((done.folder / "request.json").read_text())
    model_file = (done.folder / "Modelfile").read_text()
    prompt = json.loads((done.folder / "prompt.json").read_text())

    assert 'vllm serve "$here/merged"' in script
    assert os.access(done.folder / "vllm.sh", os.X_OK)
    assert request["structured_outputs"] == {"choice": ["access", "billing", "delivery"]}
    assert request["prompt"].startswith(prompt["head"])
    assert "\nFROM ./merged\n" in model_file
    assert f'TEMPLATE """{prompt["head"]}{{{{ .Prompt }}}}{prompt["tail"]}"""' in model_file
    assert "PARAMETER temperature 0\n" in model_file


def test_rotary_positions_are_told_in_the_old_place_too(done: TunedLanguageModel) -> None:
    config = json.loads((done.folder / "merged" / "config.json").read_text())

    assert config["rope_theta"] == config["rope_parameters"]["rope_theta"]


@pytest.mark.parametrize(("family", "source"), [("qwen2", "./merged"), ("gpt2", "./merged.gguf")])
def test_other_families_are_tuned(tmp_path: Path, family: str, source: str) -> None:
    place = write_tiny_language_model(tmp_path / family, family, seed=1)
    found = tuned(place, tmp_path / "out", SHORT, rows=45)
    model_file = (found.folder / "Modelfile").read_text()
    answers = CausalClassifier.open(found.folder).classify_batch(NEW)

    assert found.facts["scoring"] == "tree"
    assert f"\nFROM {source}\n" in model_file
    assert ("convert_hf_to_gguf.py" in model_file) == (family == "gpt2")
    assert {one.label for one in answers} <= {"access", "billing", "delivery"}
    assert found.facts["prompt_form"] == "cards"
    assert 0.0 <= found.facts["order_stability"] <= 1.0


KILLED = """
import os, signal, sys
from dataclasses import replace
from pathlib import Path
from tests.unit.training.tuning.causal.toys import SHORT, Breaking, tuned

class Killer(Breaking):
    def _advance(self, steps):
        self.left -= steps
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)

base, out = map(Path, sys.argv[1:])
tuned(base, out, replace(SHORT, checkpoint_steps=2), rows=45, progress=Killer(5))
"""


def test_a_run_that_was_killed_comes_to_the_same_adapter(base: Path, tmp_path: Path) -> None:
    options, out = replace(SHORT, checkpoint_steps=2), tmp_path / "out"
    died = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", KILLED, str(base), str(out)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        check=False,
    )
    assert died.returncode == -signal.SIGKILL
    assert [one.name for one in tmp_path.iterdir()] == [".out.tuning"]
    straight = tuned(base, tmp_path / "straight", options, rows=45)
    with pytest.raises(Breaking.Broken):  # the first step after those that were kept
        tuned(base, out, options, rows=45, progress=Breaking(straight.facts["steps"] - 4))
    resumed = tuned(base, out, options, rows=45)

    assert weights(resumed.folder) == weights(straight.folder)
    assert resumed.facts["losses"] == straight.facts["losses"]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["out", "straight"]


def test_another_seed_gives_another_adapter(base: Path, tmp_path: Path) -> None:
    few = replace(SHORT, epochs=0.5)
    found = [tuned(base, tmp_path / str(seed), few, rows=45, seed=seed) for seed in (1, 2)]

    assert weights(found[0].folder) != weights(found[1].folder)


def test_what_was_changed_afterwards_is_noticed(base: Path, tmp_path: Path) -> None:
    found = tuned(base, tmp_path / "out", replace(SHORT, epochs=0.1), rows=45).folder
    for name in ("calibration.json", "merged/config.json", "labels.json"):
        whole = (found / name).read_bytes()
        (found / name).write_bytes(whole + b" ")
        with pytest.raises(DamagedBundle, match=name):
            CausalClassifier.open(found)
        (found / name).unlink()
        with pytest.raises((DamagedBundle, UnusableLanguageModel)):
            CausalClassifier.open(found)
        (found / name).write_bytes(whole)
    (found / "vllm.sh").write_text("my own port")
    assert CausalClassifier.open(found).dimension == "team"
    sums = json.loads((found / "checksums.json").read_text())
    (found / "labels.json").write_text('{"format": 2}')
    del sums["labels.json"]
    (found / "checksums.json").write_text(json.dumps(sums))
    with pytest.raises(NewerFormat):
        CausalClassifier.open(found)


def test_a_folder_of_something_else_is_never_replaced(base: Path, tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine")
    with pytest.raises(InvalidUsage, match="would be replaced"):
        tuned(base, tmp_path, SHORT)
    with pytest.raises(UnusableLanguageModel):
        CausalClassifier.open(tmp_path)


def test_a_rate_that_runs_away_is_told_and_leaves_nothing(base: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="lower the rate"):
        tuned(base, tmp_path / "out", replace(SHORT, rate=1e30, clip=1e30, epochs=9), rows=45)

    assert list(tmp_path.iterdir()) == []


def test_modules_that_a_model_lacks_are_told(base: Path, tmp_path: Path) -> None:
    with pytest.raises(UnusableLanguageModel, match="no_such_proj"):
        tuned(base, tmp_path / "out", replace(SHORT, modules=("no_such_proj",)), rows=45)


def test_a_model_that_reads_too_little_is_told(tmp_path: Path) -> None:
    place = write_tiny_language_model(tmp_path / "short", "gpt2", seed=1, positions=32)
    with pytest.raises(UnusableLanguageModel, match="32 tokens"):
        tuned(place, tmp_path / "out", SHORT, rows=45)
