"""The workers of a server count together how often a key asks."""

import io
import json
from pathlib import Path

import pytest

pytest.importorskip("fastapi")
from sortyard.app.posts import Post, post_of
from sortyard.app.rates import rates_of
from sortyard.app.workspace import found_or_here
from sortyard.serving.telemetry.logs import EventLog, NoLog


def _post(folder: Path, workers: int) -> Post:
    return post_of(found_or_here(folder, given={"workers": workers}))


@pytest.mark.parametrize(("workers", "passed"), [(1, [0, 0]), (2, [0, 60])])
def test_workers_of_one_server_count_together(
    tmp_path: Path, workers: int, passed: list[float]
) -> None:
    post = _post(tmp_path, workers)
    with rates_of(post, NoLog()) as one, rates_of(post, NoLog()) as two:
        waits = [each.take("k", 1) for each in (one, two)]

    assert waits == pytest.approx(passed, abs=1.0)


def test_a_worker_whose_disk_refuses_counts_for_itself_and_says_so(tmp_path: Path) -> None:
    (tmp_path / ".sortyard").write_text("no folder")
    said = io.StringIO()
    log = EventLog(said)
    with rates_of(_post(tmp_path, 2), log) as rates:
        assert (rates.take("k", 1), rates.take("k", 1) > 0) == (0, True)
    log.close()

    assert [json.loads(line)["event"] for line in said.getvalue().splitlines()] == ["rates-apart"]
