"""A cross-encoder learns which card a message belongs to, and serves as it learnt."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from sortyard.domain.errors import InvalidSettings, NotEnoughData
from sortyard.domain.ports import Advance, Progress, Silence
from sortyard.models.engines.onnx import Precision
from sortyard.models.engines.pairs import SCORER_FILE, OnnxPairScorer
from sortyard.training.encoders.export import export_encoder
from sortyard.training.encoders.weights import EncoderFiles
from sortyard.training.tuning.course import ABSENT
from sortyard.training.tuning.cross_options import Cross
from sortyard.training.tuning.lists import Lists
from tests.unit.training.tuning.courses import CARDS, Recorder, single_course, tiny_encoder

pytest.importorskip("torch", reason="needs the extra `tune`")
pytest.importorskip("transformers", reason="needs the extra `tune`")

from sortyard.training.tuning.cross_encoder import tune_cross_encoder

# They warn about their own dependencies; what they calculate is what matters here.
pytestmark = pytest.mark.filterwarnings("ignore")

FEW = Cross(epochs=2, batch=6, rate=3e-3, frozen_layers=0, checkpoint_steps=2)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> EncoderFiles:
    return tiny_encoder(tmp_path_factory.mktemp("published"))


def lists_of(rows: int = 24) -> Lists:
    """Rows of three teams in turn, each beside the cards of all; some know but two."""
    course = single_course(rows)
    truth = course.subjects[0].truth.single
    candidates = np.tile(np.arange(3), (rows, 1))
    candidates[::4] = np.stack([truth, (truth + 1) % 3, np.full(rows, ABSENT)], axis=1)[::4]
    return Lists(texts=course.texts, cards=CARDS, candidates=candidates, truth=truth)


def trained(  # noqa: PLR0913 -- what a training rests on, by name
    published: EncoderFiles,
    folder: Path,
    options: Cross = FEW,
    *,
    lists: Lists | None = None,
    seed: int = 1,
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> EncoderFiles:
    return tune_cross_encoder(
        published,
        lists or lists_of(),
        options,
        folder / "cross",
        seed=seed,
        progress=progress or Silence(),
        checkpoints=checkpoints,
        threads=1,
    )


def whole(files: EncoderFiles) -> tuple[bytes, bytes]:
    return files.weights.read_bytes(), (files.folder / SCORER_FILE).read_bytes()


def test_it_learns_which_card_a_message_belongs_to(published: EncoderFiles, tmp_path: Path) -> None:
    files = trained(published, tmp_path, replace(FEW, epochs=16))
    export_encoder(files, tmp_path / "served", layers=(3,), precision=Precision.FP32)
    (tmp_path / "served" / SCORER_FILE).write_bytes((files.folder / SCORER_FILE).read_bytes())
    scorer = OnnxPairScorer.open(tmp_path / "served", threads=1)
    course = single_course(30)
    asked = course.texts[24:]
    scores = scorer.scores(np.repeat(asked, 3).tolist(), CARDS * len(asked)).reshape(-1, 3)

    assert (scores.argmax(axis=1) == course.subjects[0].truth.single[24:]).all()


def test_one_seed_gives_one_cross_encoder(published: EncoderFiles, tmp_path: Path) -> None:
    first, again, other = (
        whole(trained(published, tmp_path / str(place), seed=seed))
        for place, seed in enumerate((1, 1, 2))
    )

    assert (first == again, first == other) == (True, False)


def test_the_order_of_candidates_makes_no_difference(
    published: EncoderFiles, tmp_path: Path, rng: np.random.Generator
) -> None:
    lists = lists_of()
    shuffled = replace(lists, candidates=rng.permuted(lists.candidates, axis=1))
    first = trained(published, tmp_path / "first", lists=lists)
    other = trained(published, tmp_path / "other", lists=shuffled)

    assert not np.array_equal(lists.candidates, shuffled.candidates)
    assert whole(first) == whole(other)


class Stop(Exception):
    """Somebody ended it."""


class Stopping(Recorder):
    """A progress that ends the run after so many steps."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.left = after

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Advance]:
        self.stages.append((name, total))

        def advance(steps: int) -> None:
            self.left -= steps
            if not self.left:
                raise Stop

        yield advance


def test_a_run_that_was_stopped_comes_to_the_same_result(
    published: EncoderFiles, tmp_path: Path
) -> None:
    kept = tmp_path / "checkpoints"
    with pytest.raises(Stop):
        trained(published, tmp_path, checkpoints=kept, progress=Stopping(5))
    assert len(list(kept.iterdir())) == 1
    assert not (tmp_path / "cross").exists()
    seen = Recorder()
    resumed = trained(published, tmp_path, checkpoints=kept, progress=seen)

    assert whole(resumed) == whole(trained(published, tmp_path / "straight"))
    steps = [total for name, total in seen.stages if name.startswith("Training")]
    assert steps == [4]
    assert len(list(kept.iterdir())) == 1


def test_other_lists_do_not_go_on_from_it(published: EncoderFiles, tmp_path: Path) -> None:
    kept = tmp_path / "checkpoints"
    with pytest.raises(Stop):
        trained(published, tmp_path, checkpoints=kept, progress=Stopping(5))
    seen = Recorder()
    trained(published, tmp_path, lists=lists_of(12), checkpoints=kept, progress=seen)

    assert len(list(kept.iterdir())) == 2
    assert [total for name, total in seen.stages if name.startswith("Training")] == [2, 2]


def test_one_that_is_done_is_not_done_again(published: EncoderFiles, tmp_path: Path) -> None:
    kept = tmp_path / "checkpoints"
    done = trained(published, tmp_path / "done", checkpoints=kept)
    seen = Recorder()
    again = trained(published, tmp_path / "again", checkpoints=kept, progress=seen)

    assert whole(again) == whole(done)
    assert not any(name.startswith("Training") for name, _ in seen.stages)


def test_what_is_known_already_is_not_learnt(published: EncoderFiles, tmp_path: Path) -> None:
    """Where the right card is certain beforehand, hardly anything moves."""
    lists = lists_of()
    certain = np.where(lists.candidates == lists.truth[:, None], 0.0, -60.0).astype(np.float32)
    still = replace(FEW, decay=0.0)
    files = trained(published, tmp_path, still, lists=replace(lists, known=certain))
    told = json.loads((files.folder / "tuning.json").read_text(encoding="utf-8"))
    unknown = trained(published, tmp_path / "unknown", still)
    other = json.loads((unknown.folder / "tuning.json").read_text(encoding="utf-8"))

    assert told["loss"] < 1e-6 < other["loss"]


def test_what_is_frozen_stays_and_the_result_says_how_it_came_about(
    published: EncoderFiles, tmp_path: Path
) -> None:
    files = trained(published, tmp_path, replace(FEW, epochs=0.5, frozen_layers=2))
    before, after = load_file(published.weights), load_file(files.weights)
    moved = {name for name in before if not np.array_equal(before[name], after[name])}
    told = json.loads((files.folder / "tuning.json").read_text(encoding="utf-8"))

    assert {name.rsplit(".layer.")[-1][0] for name in moved} == {"2"}
    assert (told["lists"], told["steps"], told["options"]["epochs"]) == (24, 2, 0.5)
    assert told["from_sha256"] == published.sha256


def test_a_rate_that_runs_away_is_told(published: EncoderFiles, tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="lower the rate"):
        trained(published, tmp_path, replace(FEW, rate=1e30, clip=1e30, head_rate=1e30, epochs=9))


def test_a_single_list_teaches_nothing(published: EncoderFiles, tmp_path: Path) -> None:
    alone = Lists(texts=["x"], cards=CARDS, candidates=np.array([[0, 1]]), truth=np.array([1]))
    with pytest.raises(NotEnoughData, match="train a cross-encoder"):
        trained(published, tmp_path, lists=alone)
