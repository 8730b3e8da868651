"""Whichever worker is asked, the figures are those of all, and no count runs backwards."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from sortyard.serving.telemetry.exposition import SILENT, Exposition, merged
from sortyard.serving.telemetry.instruments import Counts, Panel

WORKERS = 3


class _Worker:
    """One process of several, with one count."""

    def __init__(self, name: str, folder: Path | None) -> None:
        panel = Panel()
        self.requests: Counts = panel.counts("requests", "Requests.", "outcome")
        self.exposition = Exposition(panel, worker=name, folder=folder)

    def seen(self) -> dict[str, float]:
        """What it says of each worker."""
        text = self.exposition.text().decode()
        return {
            sample.labels["worker"]: sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }


@contextmanager
def _workers(folder: Path | None, count: int = WORKERS) -> Iterator[list[_Worker]]:
    workers = [_Worker(str(number), folder) for number in range(count)]
    for one in workers:
        one.exposition.start()
    try:
        yield workers
    finally:
        for one in workers:
            one.exposition.close()


def test_a_single_worker_needs_no_folder() -> None:
    with _workers(None, 1) as (worker,):
        worker.requests.add("ok")

        assert worker.seen() == {"0": 1}


@pytest.mark.parametrize("asked", range(WORKERS))
def test_any_worker_answers_for_all(tmp_path: Path, asked: int) -> None:
    with _workers(tmp_path / "shared") as workers:
        for number, one in enumerate(workers):
            one.requests.add("ok", amount=number + 1)
            one.exposition.text()

        assert workers[asked].seen() == {"0": 1, "1": 2, "2": 3}


def test_figures_are_left_without_being_asked_for(tmp_path: Path) -> None:
    with _workers(tmp_path, 2) as (one, other):
        other.requests.add("ok", amount=5)
        deadline = time.monotonic() + 30
        while one.seen().get("1") != 5:
            assert time.monotonic() < deadline
            time.sleep(0.05)

        assert one.seen()["1"] == 5


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, WORKERS - 1), st.booleans()), max_size=30))
def test_no_count_ever_runs_backwards(tmp_path: Path, steps: list[tuple[int, bool]]) -> None:
    """Requests come in and workers are asked, in any order."""
    newest: dict[str, float] = {}
    folder = tmp_path / "shared"
    shutil.rmtree(folder, ignore_errors=True)
    with _workers(folder) as workers:
        for number, is_asked in steps:
            workers[number].requests.add("ok")
            if is_asked:
                seen = workers[number].seen()

                assert all(seen[name] >= count for name, count in newest.items())
                newest |= seen


def test_a_worker_that_ended_is_gone(tmp_path: Path) -> None:
    with _workers(tmp_path, 2) as (one, other):
        other.requests.add("ok")
        other.exposition.text()
        other.exposition.close()

        assert list(one.seen()) == []


@pytest.mark.parametrize("jump", [-2 * SILENT, 2 * SILENT], ids=["before", "after"])
def test_a_worker_that_was_killed_is_gone_soon(tmp_path: Path, jump: float) -> None:
    """Also where the clock was set meanwhile, in either direction."""
    text = '# HELP x_total X.\n# TYPE x_total counter\nx_total{worker="9"} 1\n'
    (tmp_path / "9.prom").write_text(text)
    os.utime(tmp_path / "9.prom", (time.time() + jump,) * 2)
    with _workers(tmp_path, 1) as (worker,):
        assert "9" not in worker.seen()


def test_a_lost_folder_hides_the_others_and_no_more(tmp_path: Path) -> None:
    with _workers(tmp_path / "shared", 2) as (one, _):
        one.requests.add("ok")
        shutil.rmtree(tmp_path / "shared")

        assert one.seen() == {"0": 1}


def test_only_the_owner_reads_the_folder(tmp_path: Path) -> None:
    with _workers(tmp_path / "shared", 1):
        assert (tmp_path / "shared").stat().st_mode & 0o077 == 0


def test_a_family_has_one_heading() -> None:
    one = '# HELP a_total A.\n# TYPE a_total counter\na_total{w="0"} 1\n'
    other = '# HELP a_total A!\n# TYPE a_total counter\na_total{w="1"} 2\n# HELP b B.\nb 1\n'

    assert merged([one, other]) == (
        "# HELP a_total A.\n# TYPE a_total counter\n"
        'a_total{w="0"} 1\na_total{w="1"} 2\n# HELP b B.\nb 1\n'
    )


@given(st.lists(st.text("# HELPTYabc 1\n"), max_size=4))
def test_what_another_left_is_merged_whatever_it_is(texts: list[str]) -> None:
    lines = {line for text in texts for line in text.split("\n") if line and line[0] != "#"}

    assert lines <= set(merged(texts).split("\n"))


def test_one_text_stays_as_it_is() -> None:
    panel = Panel()
    panel.counts("labels", "About.", "label").add("a\u2028b\x85c")
    text = Exposition(panel).text().decode()

    assert merged([text]) == text
