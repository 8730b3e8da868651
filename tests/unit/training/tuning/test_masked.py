"""An encoder reads on: it learns the words of its texts, and nothing else changes."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from sortyard.domain.errors import NotEnoughData, UnsupportedEncoder
from sortyard.domain.ports import Progress, Silence
from sortyard.training.encoders.weights import EncoderFiles, find_encoder
from sortyard.training.tuning.masked_options import Masking
from tests.unit.training.tuning.courses import Recorder, single_course, tiny_encoder

torch = pytest.importorskip("torch", reason="needs the extra `tune`")
transformers = pytest.importorskip("transformers", reason="needs the extra `tune`")

from sortyard.training.tuning.masked import pretrain_encoder  # noqa: E402 -- after the skips

# They warn about their own dependencies; what they calculate is what matters here.
pytestmark = pytest.mark.filterwarnings("ignore")

ROOT = Path(__file__).resolve().parents[4]
TEXTS = tuple(text.rsplit(" ", 1)[0] for text in single_course(60).texts)
FEW = Masking(epochs=2, batch=6, rate=3e-3, head_rate=1e-2, checkpoint_steps=4)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> EncoderFiles:
    return tiny_encoder(tmp_path_factory.mktemp("published"))


def pretrained(  # noqa: PLR0913 -- what a pretraining rests on, by name
    published: EncoderFiles,
    folder: Path,
    options: Masking = FEW,
    *,
    texts: tuple[str, ...] = TEXTS,
    seed: int = 1,
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> EncoderFiles:
    return pretrain_encoder(
        published,
        texts,
        options,
        folder / "pretrained",
        seed=seed,
        progress=progress or Silence(),
        checkpoints=checkpoints,
        threads=1,
    )


def history(files: EncoderFiles) -> dict[str, object]:
    told: dict[str, object] = json.loads((files.folder / "tuning.json").read_text("utf-8"))
    return told


def test_it_guesses_better_what_it_was_not_shown(published: EncoderFiles, tmp_path: Path) -> None:
    options = replace(FEW, epochs=16, dropout=0.0)
    told = history(pretrained(published, tmp_path, options))["pseudo_perplexity"]

    assert isinstance(told, dict)
    assert told["after"] < 0.6 * told["before"]


def test_one_seed_gives_one_encoder(published: EncoderFiles, tmp_path: Path) -> None:
    first, again, other = (
        pretrained(published, tmp_path / str(place), seed=seed).sha256
        for place, seed in enumerate((1, 1, 2))
    )

    assert (first == again, first == other) == (True, False)


def test_only_the_weights_of_the_encoder_are_kept(published: EncoderFiles, tmp_path: Path) -> None:
    after, before = load_file(pretrained(published, tmp_path).weights), load_file(published.weights)
    words = "embeddings.word_embeddings.weight"

    assert {name: one.shape for name, one in after.items()} == {
        name: one.shape for name, one in before.items()
    }
    assert np.array_equal(after[words], before[words])
    last = "encoder.layer.2.output.dense.weight"
    assert not np.array_equal(after[last], before[last])


def test_the_vectors_of_words_can_learn_too(published: EncoderFiles, tmp_path: Path) -> None:
    files = pretrained(published, tmp_path, replace(FEW, frozen_words=False))
    words = "embeddings.word_embeddings.weight"

    assert not np.array_equal(load_file(files.weights)[words], load_file(published.weights)[words])


def test_while_the_guessing_is_learnt_alone_no_layer_moves(
    published: EncoderFiles, tmp_path: Path
) -> None:
    options = replace(FEW, rate=1e-12, decay=0.0)
    seen = Recorder()
    after = load_file(pretrained(published, tmp_path, options, progress=seen).weights)

    assert ("Learning to guess hidden words", 4) in seen.stages
    for name, one in load_file(published.weights).items():
        assert np.abs(after[name] - one).max() < 1e-6


def test_progress_tells_loss_and_perplexity(published: EncoderFiles, tmp_path: Path) -> None:
    seen = Recorder()
    pretrained(published, tmp_path, progress=seen)
    stages = [name for name, _ in seen.stages if name.startswith("Pretraining")]

    assert "perplexity before" in stages[0]
    assert "loss" in stages[-1]
    assert "perplexity after" in seen.stages[-1][0]


KILLED = """
import os, signal, sys
from contextlib import contextmanager
from pathlib import Path
from sortyard.training.encoders.weights import find_encoder
from tests.unit.training.tuning.test_masked import pretrained

class Killer:
    @contextmanager
    def stage(self, name, total=None):
        if name.startswith("Pretraining to step 1") and "step 18 " not in name:
            os.kill(os.getpid(), signal.SIGKILL)
        yield lambda steps: None

published, folder = map(Path, sys.argv[1:])
pretrained(find_encoder(str(published)), folder, progress=Killer(), checkpoints=folder / "kept")
"""


def test_a_run_that_was_killed_comes_to_the_same_result(
    published: EncoderFiles, tmp_path: Path
) -> None:
    died = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", KILLED, str(published.folder), str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        check=False,
    )
    assert died.returncode == -signal.SIGKILL
    assert len(list((tmp_path / "kept").iterdir())) == 1
    straight = pretrained(published, tmp_path / "straight")
    seen = Recorder()
    resumed = pretrained(published, tmp_path, checkpoints=tmp_path / "kept", progress=seen)

    assert resumed.sha256 == straight.sha256
    assert history(resumed) == history(straight)
    assert "Learning to guess hidden words" not in [name for name, _ in seen.stages]
    seen = Recorder()
    again = pretrained(published, tmp_path, checkpoints=tmp_path / "kept", progress=seen)

    assert again.sha256 == straight.sha256
    assert not any(name.startswith("Pretraining") for name, _ in seen.stages)


def test_a_vocabulary_without_a_mask_is_refused(tmp_path: Path) -> None:
    files = tiny_encoder(tmp_path / "blind")
    plain = files.tokenizer.read_text(encoding="utf-8").replace("[MASK]", "[HOLE]")
    files.tokenizer.write_text(plain, encoding="utf-8")
    with pytest.raises(UnsupportedEncoder, match=r"no \[MASK\]"):
        pretrained(files, tmp_path)


def test_one_text_is_not_enough(published: EncoderFiles, tmp_path: Path) -> None:
    with pytest.raises(NotEnoughData):
        pretrained(published, tmp_path, texts=TEXTS[:1])


def test_texts_of_nothing_teach_nothing_and_break_nothing(
    published: EncoderFiles, tmp_path: Path
) -> None:
    files = pretrained(published, tmp_path, texts=("", "", "my card", "please help " * 99))

    assert np.isfinite(load_file(files.weights)["encoder.layer.2.output.dense.weight"]).all()


SMALL = {
    "vocab_size": 100,
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_attention_heads": 2,
    "num_hidden_layers": 2,
    "pad_token_id": 0,
}
FAMILIES = {
    "roberta": {"max_position_embeddings": 50, "type_vocab_size": 1},
    "electra": {"embedding_size": 8},
}


@pytest.mark.parametrize("family", FAMILIES)
def test_encoders_of_other_families_read_on(
    published: EncoderFiles, tmp_path: Path, family: str
) -> None:
    config = transformers.AutoConfig.for_model(family, **{**SMALL, **FAMILIES[family]})
    torch.manual_seed(1)
    transformers.AutoModel.from_config(config).save_pretrained(tmp_path / "random")
    said = published.tokenizer.read_text(encoding="utf-8").replace("[MASK]", "<mask>")
    (tmp_path / "random" / "tokenizer.json").write_text(said, encoding="utf-8")
    files = find_encoder(str(tmp_path / "random"))
    told = history(pretrained(files, tmp_path, replace(FEW, epochs=12, dropout=0.0)))
    perplexity = told["pseudo_perplexity"]

    assert isinstance(perplexity, dict)
    assert perplexity["after"] < perplexity["before"]
