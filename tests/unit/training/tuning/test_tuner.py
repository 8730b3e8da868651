"""An encoder is tuned, and serves like any other."""

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
from scipy import sparse

from sortyard.domain.errors import CannotWrite, InvalidSettings, UnsupportedEncoder
from sortyard.domain.ports import Progress, Silence
from sortyard.models.engines.onnx import OnnxEncoder, Precision
from sortyard.models.engines.tokens import Tokeniser
from sortyard.training.encoders.export import export_encoder
from sortyard.training.encoders.shape import EncoderShape
from sortyard.training.encoders.weights import EncoderFiles, find_encoder, sha256_of
from sortyard.training.tuning.course import Course
from sortyard.training.tuning.options import Tuning
from sortyard.training.tuning.tokens import TokenTable
from tests.unit.training.tuning.courses import (
    Recorder,
    course_of_two,
    single_course,
    tiny_encoder,
)

torch = pytest.importorskip("torch", reason="needs the extra `tune`")
transformers = pytest.importorskip("transformers", reason="needs the extra `tune`")

from sortyard.training.tuning.network import best_device, open_network  # noqa: E402 -- after the skips
from sortyard.training.tuning.tuner import tune_encoder  # noqa: E402 -- after the skips

# They warn about their own dependencies; what they calculate is what matters here.
pytestmark = pytest.mark.filterwarnings("ignore")

ROOT = Path(__file__).resolve().parents[4]
FEW = Tuning(epochs=4, batch=6, rate=3e-3)
EVERYTHING = Tuning(
    epochs=3,
    batch=6,
    rate=3e-3,
    ranking=1.0,
    partners=1,
    rivals=1,
    cards=2,
    sibling_weight=2.0,
    focus=1.0,
    smoothing=0.1,
    class_weights=True,
    sampling="over",
    imbalance=1.0,
    judgings=2,
    checkpoint_steps=2,
)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> EncoderFiles:
    return tiny_encoder(tmp_path_factory.mktemp("published"))


def tuned(  # noqa: PLR0913 -- what a tuning rests on, by name
    published: EncoderFiles,
    folder: Path,
    options: Tuning = FEW,
    *,
    course: Course | None = None,
    seed: int = 1,
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> EncoderFiles:
    return tune_encoder(
        published,
        course or single_course(),
        options,
        folder / "tuned",
        seed=seed,
        progress=progress or Silence(),
        checkpoints=checkpoints,
        threads=1,
    )


def history(files: EncoderFiles) -> dict[str, object]:
    return json.loads((files.folder / "tuning.json").read_text(encoding="utf-8"))


def spread(files: EncoderFiles, folder: Path, course: Course, number: int = 0) -> float:
    """How much nearer rows of the same labels are to each other than to others."""
    export_encoder(files, folder, layers=(3,), precision=Precision.FP32)
    subject = course.subjects[number]
    vectors = OnnxEncoder.open(folder).encode([course.texts[row] for row in subject.rows])
    held = np.array([str(one) for one in subject.truth.as_sets()])
    same = held[:, None] == held
    cosines = vectors @ vectors.T
    return float(cosines[same].mean() - cosines[~same].mean())


@pytest.mark.parametrize(
    "options", [FEW, replace(FEW, epochs=16, classification=0.0, ranking=1.0, partners=1)]
)
def test_rows_of_one_label_come_together(
    published: EncoderFiles, tmp_path: Path, options: Tuning
) -> None:
    course = single_course()
    before = spread(published, tmp_path / "before", course)
    after = spread(tuned(published, tmp_path, options), tmp_path / "after", course)

    assert after > 2 * before


def test_one_seed_gives_one_encoder(published: EncoderFiles, tmp_path: Path) -> None:
    first, again, other = (
        tuned(published, tmp_path / str(place), EVERYTHING, seed=seed).sha256
        for place, seed in enumerate((1, 1, 2))
    )

    assert (first == again, first == other) == (True, False)


def test_the_vectors_of_words_stay_as_they_were(published: EncoderFiles, tmp_path: Path) -> None:
    name = "embeddings.word_embeddings.weight"
    after = load_file(tuned(published, tmp_path).weights)
    before = load_file(published.weights)

    assert np.array_equal(after[name], before[name])
    assert not np.array_equal(
        after["encoder.layer.0.output.dense.weight"], before["encoder.layer.0.output.dense.weight"]
    )


def test_frozen_layers_stay_as_they_were(published: EncoderFiles, tmp_path: Path) -> None:
    options = replace(FEW, epochs=1, frozen_layers=2, frozen_words=False)
    after = load_file(tuned(published, tmp_path, options).weights)
    before = load_file(published.weights)
    moved = {name for name in before if not np.array_equal(before[name], after[name])}

    assert {name.rsplit(".layer.")[-1][0] for name in moved} == {"2"}


def test_more_layers_cannot_be_frozen_than_there_are(
    published: EncoderFiles, tmp_path: Path
) -> None:
    with pytest.raises(UnsupportedEncoder, match="3 layers"):
        tuned(published, tmp_path, replace(FEW, frozen_layers=3))


def test_the_result_is_whole_and_named(published: EncoderFiles, tmp_path: Path) -> None:
    files = tuned(published, tmp_path)

    assert files.sha256 == sha256_of(files.weights)
    assert files.config.read_bytes() == published.config.read_bytes()
    assert files.tokenizer.read_bytes() == published.tokenizer.read_bytes()
    assert [one.name for one in tmp_path.iterdir()] == ["tuned"]
    assert history(files)["from_sha256"] == published.sha256


def test_nothing_is_left_where_nothing_can_be_written(
    published: EncoderFiles, tmp_path: Path
) -> None:
    (tmp_path / "a file").write_text("")
    with pytest.raises(CannotWrite):
        tuned(published, tmp_path / "a file", replace(FEW, epochs=0.5))


def test_a_rate_that_runs_away_is_told(published: EncoderFiles, tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="lower the rate"):
        tuned(published, tmp_path, replace(FEW, rate=1e30, clip=1e30, head_rate=1e30, epochs=9))


@pytest.mark.parametrize("few", [FEW, replace(FEW, ranking=1.0, partners=1)])
def test_a_teacher_is_followed_as_far_as_it_is_asked_to_be(
    published: EncoderFiles, tmp_path: Path, few: Tuning
) -> None:
    """A teacher that takes every label for the next one is followed, or left out of account."""
    course = single_course()
    (subject,) = course.subjects
    wrong = np.roll(np.eye(3, dtype=np.float32), 1, axis=1)[subject.truth.single]
    taught = replace(course, subjects=(replace(subject, beliefs=sparse.csr_array(wrong)),))

    def told(of: Course, share: float, name: str) -> bytes:
        options = replace(few, distillation=share)
        return tuned(published, tmp_path / name, options, course=of).weights.read_bytes()

    alone = told(course, 0.0, "alone")
    assert told(taught, 0.0, "unheard") == alone
    assert told(course, 0.5, "without a teacher") == alone
    assert told(taught, 0.5, "taught") != alone


def test_two_dimensions_are_learnt_in_one_run(published: EncoderFiles, tmp_path: Path) -> None:
    course = course_of_two()
    files = tuned(published, tmp_path, replace(FEW, epochs=12, class_weights=True), course=course)

    for number in (0, 1):
        before = spread(published, tmp_path / f"before {number}", course, number)
        assert spread(files, tmp_path / f"after {number}", course, number) > 1.3 * before


def test_progress_tells_loss_and_macro_f1(published: EncoderFiles, tmp_path: Path) -> None:
    seen = Recorder()
    tuned(published, tmp_path, course=single_course(24, judged=6), progress=seen)
    names = [name for name, _ in seen.tuning()]

    assert [total for _, total in seen.tuning()] == [3, 3, 3, 3]
    assert "macro F1" in names[0]
    assert "loss" in names[1]


def test_it_stops_when_nothing_is_gained(published: EncoderFiles, tmp_path: Path) -> None:
    """And gives what did best, which is here what it began with."""
    options = replace(FEW, epochs=50, rate=1e-9, head_rate=1e-9, patience=2)
    files = tuned(published, tmp_path, options, course=single_course(24, judged=6))
    told = history(files)

    assert (told["steps"], told["best_step"]) == (6, 0)
    assert {name: values.tobytes() for name, values in load_file(files.weights).items()} == {
        name: values.tobytes() for name, values in load_file(published.weights).items()
    }


KILLED = """
import os, signal, sys
from contextlib import contextmanager
from pathlib import Path
from sortyard.training.encoders.weights import find_encoder
from sortyard.training.tuning.tuner import tune_encoder
from tests.unit.training.tuning.courses import course_of_two
from tests.unit.training.tuning.test_tuner import EVERYTHING

class Killer:
    steps = 0
    @contextmanager
    def stage(self, name, total=None):
        yield self.advance
    def advance(self, steps):
        self.steps += steps
        if self.steps == 5:
            os.kill(os.getpid(), signal.SIGKILL)

published, folder = map(Path, sys.argv[1:])
tune_encoder(
    find_encoder(str(published)), course_of_two(24, judged=6), EVERYTHING, folder / "tuned",
    seed=1, progress=Killer(), checkpoints=folder / "checkpoints", threads=1,
)
"""


def test_a_run_that_was_killed_comes_to_the_same_result(
    published: EncoderFiles, tmp_path: Path
) -> None:
    course, kept = course_of_two(24, judged=6), tmp_path / "checkpoints"
    died = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", KILLED, str(published.folder), str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        check=False,
    )
    assert died.returncode == -signal.SIGKILL
    assert not (tmp_path / "tuned").exists()
    straight = tuned(published, tmp_path / "straight", EVERYTHING, course=course)
    seen = Recorder()
    resumed = tuned(published, tmp_path, EVERYTHING, course=course, checkpoints=kept, progress=seen)

    assert resumed.sha256 == straight.sha256
    assert history(resumed) == history(straight)
    steps = history(straight)["steps"]
    assert sum(total or 0 for _, total in seen.tuning()) == int(str(steps)) - 4


def test_one_that_is_done_is_not_done_again(published: EncoderFiles, tmp_path: Path) -> None:
    """Though it may have stopped early; and what is kept of it is no more than its weights."""
    course, kept = course_of_two(24, judged=6), tmp_path / "checkpoints"
    for options in (EVERYTHING, replace(EVERYTHING, epochs=9, rate=1e-9, patience=1)):
        done = tuned(published, tmp_path / "done", options, course=course, checkpoints=kept)
        seen = Recorder()
        again = tuned(
            published, tmp_path / "again", options, course=course, checkpoints=kept, progress=seen
        )

        assert again.sha256 == done.sha256
        assert history(again) == history(done)
        assert seen.tuning() == []
    assert all(one.stat().st_size < 1.2 * done.weights.stat().st_size for one in kept.iterdir())


def test_a_checkpoint_that_cannot_be_read_is_none(published: EncoderFiles, tmp_path: Path) -> None:
    class Stop(Exception):
        pass

    class Breaking(Recorder):
        def stage(self, name: str, total: int | None = None):  # type: ignore[no-untyped-def]
            if name.startswith("Writing"):
                raise Stop
            return super().stage(name, total)

    kept = tmp_path / "checkpoints"
    options = replace(FEW, checkpoint_steps=2)
    with pytest.raises(Stop):
        tuned(published, tmp_path, options, checkpoints=kept, progress=Breaking())
    (left,) = kept.iterdir()
    left.write_bytes(left.read_bytes()[:1000])
    (kept / f".{left.name}.1234").write_bytes(b"half a draft")
    again = tuned(published, tmp_path, options, checkpoints=kept)

    assert again.sha256 == tuned(published, tmp_path / "straight", options).sha256
    assert [one.name for one in kept.iterdir()] == [left.name]


def test_another_run_does_not_go_on_from_it(published: EncoderFiles, tmp_path: Path) -> None:
    kept = tmp_path / "checkpoints"
    options = replace(FEW, checkpoint_steps=1)
    first = tuned(published, tmp_path / "first", options, checkpoints=kept)
    other = tuned(published, tmp_path / "other", options, seed=2, checkpoints=kept)

    assert first.sha256 != other.sha256


def test_the_export_says_what_pytorch_says(published: EncoderFiles, tmp_path: Path) -> None:
    files = tuned(published, tmp_path)
    texts = (*single_course().texts, "", "please " * 40)
    export_encoder(files, tmp_path / "served", layers=(3,), precision=Precision.FP32)
    served = OnnxEncoder.open(tmp_path / "served").encode(texts)
    network = open_network(
        files, dropout=0.5, frozen_words=True, frozen_layers=0, device=best_device()
    )
    tokeniser = Tokeniser.open(files.folder, max_tokens=EncoderShape.read(files).max_tokens)
    tokens = TokenTable.of(texts, tokeniser, padding=network.padding)
    read = network.read(tokens, np.arange(len(texts)))

    assert np.abs(read - served).max() < 1e-4


FAMILIES = {
    "distilbert": {"dim": 16, "hidden_dim": 32, "n_heads": 2, "n_layers": 2},
    "roberta": {"max_position_embeddings": 50, "type_vocab_size": 1},
    "mpnet": {"max_position_embeddings": 50},
    "electra": {"embedding_size": 16},
}
SMALL = {
    "vocab_size": 100,
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_attention_heads": 2,
    "num_hidden_layers": 2,
    "pad_token_id": 0,
    "cls_token_id": 2,
    "sep_token_id": 3,
    "bos_token_id": 2,
    "eos_token_id": 3,
}


@pytest.mark.parametrize("family", FAMILIES)
def test_encoders_of_other_families_are_tuned(
    published: EncoderFiles, tmp_path: Path, family: str
) -> None:
    config = transformers.AutoConfig.for_model(family, **{**SMALL, **FAMILIES[family]})
    torch.manual_seed(1)
    transformers.AutoModel.from_config(config).save_pretrained(tmp_path / "random")
    (tmp_path / "random" / "tokenizer.json").write_bytes(published.tokenizer.read_bytes())
    files = find_encoder(str(tmp_path / "random"))
    course = Course(
        texts=(*single_course().texts[:-1], "please help " * 99),
        subjects=single_course().subjects,
    )
    changed = load_file(tuned(files, tmp_path, replace(FEW, epochs=1), course=course).weights)
    before = load_file(files.weights)

    assert {name: one.shape for name, one in changed.items()} == {
        name: one.shape for name, one in before.items()
    }
    assert any(not np.array_equal(changed[name], before[name]) for name in before)


def test_code_that_comes_with_an_encoder_is_never_run(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    files = tiny_encoder(tmp_path / "hostile")
    config = json.loads(files.config.read_text(encoding="utf-8"))
    config["auto_map"] = {"AutoModel": "evil.Evil", "AutoConfig": "evil.Evil"}
    files.config.write_text(json.dumps(config), encoding="utf-8")
    (files.folder / "evil.py").write_text(f"open({str(ran)!r}, 'w').close()\n", encoding="utf-8")
    with pytest.raises(UnsupportedEncoder, match="auto_map"):
        tuned(files, tmp_path, replace(FEW, epochs=0.5))

    assert not ran.exists()


@pytest.mark.parametrize("family", ["no such family", "modernbert"])
def test_what_could_not_be_exported_is_not_tuned(family: str, tmp_path: Path) -> None:
    files = tiny_encoder(tmp_path / "broken")
    config = json.loads(files.config.read_text(encoding="utf-8")) | {"model_type": family}
    files.config.write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(UnsupportedEncoder, match=family):
        tuned(files, tmp_path)
