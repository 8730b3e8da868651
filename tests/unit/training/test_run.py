"""A release comes out whole and measured, or nothing comes out at all."""

import errno
import json
import os
import resource
import shutil
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from sortyard.app.loading import load
from sortyard.domain.errors import CannotWrite, NotEnoughData, SortyardError
from sortyard.domain.ports import Progress, Silence
from sortyard.evaluation.report_text import as_text
from sortyard.models.fingerprints import Fingerprints
from sortyard.models.manifest import Manifest
from sortyard.training.encoders.weights import sha256_of
from sortyard.training.run import Order, Trained, train
from sortyard.training.whole_files import put_in_place
from tests.contracts.tiny_bert import write_tiny_bert
from tests.unit.training.archives import Row, Stumble, dataset_of, noon, order, tickets

ROWS = tickets(np.random.default_rng(8), each=12)


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_bert(tmp_path_factory.mktemp("tiny"), np.random.default_rng(8))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def told(encoder: Path, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Stumble:
    """A progress that saw a whole training, and the release that came of it."""
    progress = Stumble()
    folder = tmp_path_factory.mktemp("releases")
    progress.trained = _train(order(ROWS, encoder), folder, cache, progress)
    return progress


@pytest.fixture(scope="module")
def trained(told: Stumble) -> Trained:
    """A release that nobody may change."""
    assert told.trained is not None
    return told.trained


def _train(what: Order, releases: Path, cache: Path, progress: Progress | None = None) -> Trained:
    return train(what, releases=releases, cache=cache, progress=progress or Silence(), now=noon)


def _left(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir()) if folder.exists() else []


def test_a_release_lies_under_its_id_and_nothing_beside_it(trained: Trained) -> None:
    assert trained.folder.name == trained.release
    assert _left(trained.folder.parent) == [trained.release]


def test_a_release_verifies_and_opens(trained: Trained) -> None:
    Manifest.read(trained.folder).verify(trained.folder)
    assert load(trained.folder).release == trained.release


@pytest.mark.parametrize("name", ["metrics.json", "report.html", "report.txt", "CARD.md"])
def test_every_report_says_which_split_it_is_of(trained: Trained, name: str) -> None:
    hash_of_split = Manifest.read(trained.folder).split_hash
    assert hash_of_split[:10] in (trained.folder / name).read_text(encoding="utf-8")


def test_a_release_knows_what_it_was_trained_on(trained: Trained) -> None:
    fingerprints = Fingerprints.read(trained.folder)
    assert fingerprints is not None
    assert fingerprints.count([text for text, _ in ROWS]) == trained.report.training_rows


def test_the_report_for_the_terminal_is_kept(trained: Trained) -> None:
    kept = (trained.folder / "report.txt").read_text(encoding="utf-8")
    assert kept == as_text(trained.report)


def test_the_metrics_are_those_of_the_report(trained: Trained) -> None:
    stored = json.loads((trained.folder / "metrics.json").read_text(encoding="utf-8"))
    assert stored == json.loads(json.dumps(trained.report.to_json()))


def test_the_manifest_holds_the_resolved_recipe_and_its_seed(trained: Trained) -> None:
    recipe = Manifest.read(trained.folder).recipe
    assert (recipe["folds"], recipe["seed"], recipe["name"]) == (3, 3, "tiny")


def test_the_manifest_says_which_weights_it_rests_on(trained: Trained, encoder: Path) -> None:
    recipe = Manifest.read(trained.folder).recipe
    assert recipe["encoder_sha256"] == sha256_of(encoder / "model.safetensors")


def test_stages_end_where_they_said_they_would(told: Stumble) -> None:
    promised = [(name, total) for name, total in told.stages if total]
    done = [steps for (_, total), steps in zip(told.stages, told.steps, strict=True) if total]
    assert [total for _, total in promised] == done


def test_the_same_data_recipe_and_seed_make_the_same_release(
    trained: Trained, encoder: Path, cache: Path, tmp_path: Path
) -> None:
    assert _train(order(ROWS, encoder), tmp_path, cache).release == trained.release


def test_it_does_not_matter_what_the_cache_holds(
    trained: Trained, encoder: Path, tmp_path: Path
) -> None:
    again = _train(order(ROWS, encoder), tmp_path / "releases", tmp_path / "no cache yet")
    assert again.release == trained.release


def test_another_seed_makes_another_release_beside_the_first(
    trained: Trained, encoder: Path, cache: Path, tmp_path: Path
) -> None:
    shutil.copytree(trained.folder, tmp_path / trained.release)
    other = _train(order(ROWS, encoder, seed=4), tmp_path, cache)
    assert _left(tmp_path) == sorted([trained.release, other.release])
    Manifest.read(tmp_path / trained.release).verify(tmp_path / trained.release)


def test_a_release_made_again_has_its_new_report(
    trained: Trained, encoder: Path, cache: Path, tmp_path: Path
) -> None:
    """Looser gates change the verdict, not the models."""
    shutil.copytree(trained.folder, tmp_path / trained.release)
    again = _train(replace(order(ROWS, encoder), notes=("once more",)), tmp_path, cache)
    stored = json.loads((again.folder / "metrics.json").read_text(encoding="utf-8"))
    assert (_left(tmp_path), stored["notes"][0]) == ([trained.release], "once more")


def test_a_release_stays_when_its_successor_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk lets the old folder aside and refuses the new one."""
    old, new = tmp_path / "r1", tmp_path / ".making"
    for folder in (old, new):
        folder.mkdir()
        (folder / "name").write_text(folder.name)
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self == new:
            raise OSError(errno.EIO, "no")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OSError, match="no"):
        put_in_place(new, old)
    assert (_left(tmp_path), (old / "name").read_text()) == ([".making", "r1"], "r1")


def test_what_killed_runs_left_is_swept_when_nobody_comes_for_it(tmp_path: Path) -> None:
    """A release half made after a day, and what a tuning goes on from after a week."""
    releases, cache = tmp_path / "releases", tmp_path / "cache"
    ages = {"days": 2.0, "weeks": 15.0, "hours": 0.1}
    for place in (releases / ".making-", cache / "tuning" / "run-"):
        for name, days in ages.items():
            folder = place.with_name(f"{place.name}{name}")
            folder.mkdir(parents=True)
            left = noon().timestamp() - 86_400 * days
            os.utime(folder, (left, left))
    with pytest.raises(SortyardError):
        _train(order(ROWS, tmp_path / "no encoder"), releases, cache)

    assert _left(releases) == [".making-hours"]
    assert _left(cache / "tuning") == ["run-days", "run-hours"]


def test_a_folder_takes_the_place_of_another_whole(tmp_path: Path) -> None:
    old, new = tmp_path / "r1", tmp_path / ".making"
    for folder, file in ((old, "old"), (new, "new")):
        folder.mkdir()
        (folder / file).touch()
    put_in_place(new, old)
    assert (_left(tmp_path), _left(old)) == (["r1"], ["new"])


STAGES = (
    "Preparing",
    "Exporting",
    "Reading with",
    "Counting",
    "Distilling",
    "Learning",
    "Writing",
    "Answering",
    "Measuring",
)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "disk full"), KeyboardInterrupt()])
def test_what_fails_or_is_stopped_midway_leaves_nothing(
    encoder: Path, cache: Path, tmp_path: Path, stage: str, failure: BaseException
) -> None:
    (tmp_path / "r0").mkdir()  # an earlier release
    expected = CannotWrite if isinstance(failure, OSError) else KeyboardInterrupt
    with pytest.raises(expected):
        _train(order(ROWS, encoder), tmp_path, cache, Stumble(stage, failure))
    assert _left(tmp_path) == ["r0"]


def test_every_stage_is_tried_above(told: Stumble) -> None:
    names = [name for name, _ in told.stages]
    missed = [name for name in names if not name.startswith(STAGES)]
    assert set(missed) <= {"Reading the vocabulary"}


def test_two_trainings_at_one_moment_do_not_meet(
    encoder: Path, cache: Path, tmp_path: Path
) -> None:
    """The second begins and fails while the first is at work; the clock stands still."""

    class Meanwhile(Stumble):
        def stage(self, name: str, total: int | None = None):
            if name.startswith("Writing"):
                with pytest.raises(CannotWrite):
                    _train(order(ROWS, encoder), tmp_path, cache, Stumble("Counting", OSError()))
            return super().stage(name, total)

    first = _train(order(ROWS, encoder), tmp_path, cache, Meanwhile())
    assert _left(tmp_path) == [first.release]


@pytest.mark.slow
def test_a_disk_that_refuses_large_files_leaves_nothing(
    trained: Trained, encoder: Path, cache: Path, tmp_path: Path
) -> None:
    """In a process of its own, since the limit holds for all of it; one file after the other."""
    sizes = sorted(one.stat().st_size for one in trained.folder.rglob("*") if one.is_file())
    limits = [size - 1 for size in sizes]  # the cache is filled: the release meets them first
    with get_context("spawn").Pool(1) as pool:
        said = pool.apply(_train_with_little_room, (ROWS, encoder, tmp_path, cache, limits))
    assert said == ["cannot-write: []"] * len(limits)


def _train_with_little_room(
    rows: list[Row], encoder: Path, releases: Path, cache: Path, limits: list[int]
) -> list[str]:
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    said = []
    for limit in limits:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most))
        try:
            _train(order(rows, encoder), releases, cache)
            said.append(f"made: {_left(releases)}")
        except SortyardError as error:
            said.append(f"{error.code}: {_left(releases)}")
    return said


def test_a_folder_that_cannot_be_written_to_is_named(
    encoder: Path, cache: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotWrite) as refused:
        _train(order(ROWS, encoder), tmp_path / "file", cache)
    assert str(tmp_path / "file") in refused.value.problem


def test_too_little_data_leaves_nothing(encoder: Path, cache: Path, tmp_path: Path) -> None:
    with pytest.raises(NotEnoughData):
        _train(order(ROWS[:3], encoder), tmp_path, cache)
    assert _left(tmp_path) == []


def test_too_little_data_is_told_before_the_encoder_reads(
    encoder: Path, cache: Path, tmp_path: Path
) -> None:
    rows = [*ROWS, ("one lonely text", {"mood": ("glad",)})]
    progress = Stumble()
    with pytest.raises(NotEnoughData):
        _train(order(rows, encoder), tmp_path, cache, progress)
    assert not [name for name, _ in progress.stages if name.startswith("Reading")]


def test_a_dimension_without_test_rows_is_said_to_be_unmeasured(
    encoder: Path, cache: Path, tmp_path: Path
) -> None:
    moods = [(f"{mood} day", {"mood": (mood,)}) for mood in ("glad", "angry")]
    found = _train(order([*ROWS, *moods], encoder), tmp_path, cache).report
    assert [one.name for one in found.dimensions] == ["team"]
    assert found.notes[-1] == "No test row has an answer to 'mood': it is not measured."


def test_a_test_that_answers_nothing_is_refused(encoder: Path, cache: Path, tmp_path: Path) -> None:
    """Gates that judge nothing would let anything pass."""
    test = dataset_of([("where is it", {"mood": ("glad",)})])
    with pytest.raises(NotEnoughData) as refused:
        _train(replace(order(ROWS, encoder), test=test), tmp_path, cache)
    assert refused.value.task == "measure the release"
    assert _left(tmp_path) == []


def test_the_edge_recipe_leaves_the_encoder_at_home(
    encoder: Path, cache: Path, tmp_path: Path
) -> None:
    what = order(ROWS, encoder)
    edge = _train(replace(what, recipe=replace(what.recipe, cascade=False)), tmp_path, cache)
    assert not (edge.folder / "encoder").exists()
    assert load(edge.folder).classify("my refund").release == edge.release
