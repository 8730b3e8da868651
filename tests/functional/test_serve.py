"""`sortyard serve` as its callers and its operators meet it: a real process, a real release."""

import os
import shutil
import signal
import socket
import subprocess
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

import sortyard as library
from sortyard.app.storing import open_store
from sortyard.app.workspace import found_or_here, open_workspace
from sortyard.storage.audit import AuditLog
from sortyard.storage.releases import ReleaseBook
from tests.functional.conftest import Sortyard
from tests.functional.served import Server, command, eventually, records, runs, serving

pytestmark = pytest.mark.slow

MESSAGES = 40
WORKERS = 2


@pytest.fixture
def server(workspace: Path) -> Iterator[Server]:
    with serving(workspace) as server:
        yield server


@pytest.fixture(scope="module")
def edge(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of another release, trained in a workspace that had a store before."""
    folder = tmp_path_factory.mktemp("edge") / "support"
    with open_store(found_or_here(folder)):
        return library.train(archive, workspace=folder, recipe="edge").folder


@pytest.fixture
def other(workspace: Path, edge: Path) -> str:
    """A second release beside the champion."""
    shutil.copytree(edge, workspace / ".sortyard" / "releases" / edge.name)
    return edge.name


def _key(sortyard: Sortyard, workspace: Path, *options: str) -> str:
    return sortyard("keys", "create", "helpdesk", *options, "-w", workspace).out.strip()


def _refused(workspace: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Try to serve where that cannot be."""
    return subprocess.run(
        command(workspace, *options), capture_output=True, text=True, timeout=60, check=False
    )


def test_it_says_where_it_serves_and_what_answers(server: Server, release: str) -> None:
    assert (server.opened["release"], server.get("/readyz")[0]) == (release, 200)


def test_it_answers_with_the_champion(server: Server, release: str) -> None:
    assert server.classify("a", "b") == {"a": release, "b": release}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_well_when_it_is_asked_to(server: Server, number: int) -> None:
    assert server.stop(number) == 0


def test_every_answer_is_in_the_store_once_it_has_ended(workspace: Path, server: Server) -> None:
    asked = [f"m{number}" for number in range(MESSAGES)]
    server.classify(*asked)
    server.stop()

    assert sorted(record.message_id for record in records(workspace)) == sorted(asked)


def test_a_promotion_is_followed_and_no_request_fails(
    sortyard: Sortyard, workspace: Path, server: Server, release: str, other: str
) -> None:
    numbers = count()

    def answered_by() -> str:
        (found,) = server.classify(f"m{next(numbers)}").values()
        return found

    before = answered_by()
    sortyard("promote", other, "-w", workspace)

    assert (before, eventually(lambda: answered_by() == other)) == (release, True)


def test_a_rollback_is_followed_too(
    sortyard: Sortyard, workspace: Path, server: Server, release: str, other: str
) -> None:
    sortyard("promote", other, "-w", workspace)
    eventually(lambda: server.get("/readyz")[1]["release"] == other)
    sortyard("rollback", "-w", workspace)

    assert eventually(lambda: server.get("/readyz")[1]["release"] == release)


def test_a_champion_that_is_lost_answers_on_and_readiness_says_so(
    sortyard: Sortyard, workspace: Path, server: Server, release: str
) -> None:
    (workspace / ".sortyard" / "champion").unlink()
    told = eventually(lambda: not server.get("/readyz")[1]["current"])
    status, ready = server.get("/readyz")
    answered = server.classify("m1")
    sortyard("promote", release, "-w", workspace)

    assert (told, status, answered) == (True, 200, {"m1": release})
    assert ready["problem"] == f"no release is promoted any more; {release} answers on"
    assert eventually(lambda: server.get("/readyz")[1]["current"])


@pytest.mark.usefixtures("server")
def test_the_store_knows_what_answered_when(workspace: Path, release: str) -> None:
    def rollouts() -> list[str]:
        with open_store(open_workspace(workspace)) as database:
            return [one.release for one in ReleaseBook(database).rollouts()]

    assert eventually(lambda: rollouts() == [release])


def test_what_was_answered_before_a_kill_is_stored_once(workspace: Path) -> None:
    """Killed in the middle of many requests; what has an answer is stored, and nothing twice."""
    answered: list[str] = []
    with serving(workspace) as first, ThreadPoolExecutor(4) as callers:
        asking = [callers.submit(first.classify, f"m{number}") for number in range(MESSAGES)]
        asking[MESSAGES // 2].result()
        first.kill()
        answered = [
            message for one in asking if one.exception() is None for message in one.result()
        ]
    with serving(workspace) as second:
        second.stop()
    stored = Counter(record.message_id for record in records(workspace))

    assert (set(answered) - set(stored), set(stored.values())) == (set(), {1})


def test_a_message_that_is_sent_again_is_stored_once(workspace: Path) -> None:
    for _ in range(2):
        with serving(workspace) as server:
            server.classify("same")
            server.stop()

    assert [record.message_id for record in records(workspace)] == ["same"]


def test_a_workspace_without_a_champion_is_served_and_not_ready(
    sortyard: Sortyard, tmp_path: Path
) -> None:
    sortyard("init", "-w", tmp_path / "bare")
    with serving(tmp_path / "bare") as server:
        assert (server.opened["release"], server.get("/readyz")[0]) == (None, 503)


def test_others_are_not_let_in_before_there_is_a_key(workspace: Path) -> None:
    said = _refused(workspace, "--host", "0.0.0.0")

    assert (said.returncode, "keys create" in said.stderr) == (2, True)


def test_others_are_let_in_with_a_key(sortyard: Sortyard, workspace: Path) -> None:
    key = _key(sortyard, workspace)
    with serving(workspace, "--host", "0.0.0.0") as server:
        body = {"text": "where is my refund"}
        status = [server.post("/v1/classify", body, key=one)[0] for one in (None, key)]

    assert status == [401, 200]


def test_a_revoked_key_is_out_while_the_server_runs(sortyard: Sortyard, workspace: Path) -> None:
    key = _key(sortyard, workspace)
    with serving(workspace) as server:
        before = server.get("/v1/taxonomy", key=key)[0]
        sortyard("keys", "revoke", "helpdesk", "-w", workspace)

        assert (before, eventually(lambda: server.get("/v1/taxonomy", key=key)[0] == 401)) == (
            200,
            True,
        )


def test_a_promotion_by_a_caller_names_its_key(
    sortyard: Sortyard, workspace: Path, other: str
) -> None:
    key = _key(sortyard, workspace, "--scope", "admin")
    with serving(workspace) as server:
        server.post(f"/v1/releases/{other}/promote", {}, key=key)
    with open_store(open_workspace(workspace)) as database:
        last = AuditLog(database).latest(1)[0].deed

    assert (last.act, last.subject, last.actor) == ("promote", other, key.split("_")[1])


def test_training_is_in_the_audit_log(edge: Path) -> None:
    with open_store(open_workspace(edge.parents[2])) as database:
        deeds = [entry.deed for entry in AuditLog(database).entries()]

    assert [(one.act, one.subject) for one in deeds] == [
        ("migrate", "store"),
        ("train", edge.name),
        ("promote", edge.name),
    ]


def test_no_word_of_a_message_is_in_the_log(server: Server) -> None:
    server.classify("m1", text="zanzibar")
    server.post("/v1/classify", {"text": ["zanzibar"]})
    server.stop()

    assert ("zanzibar" in server.log.read_text(), server.log.stat().st_size > 0) == (False, True)


def test_what_nothing_translates_is_said_in_training_and_when_it_is_served(
    sortyard: Sortyard, archive: Path, tmp_path: Path
) -> None:
    """The routes are of the release, and who translates is a matter of whoever runs it."""
    pytest.importorskip("py3langid", reason="without it every language passes")
    (tmp_path / "sortyard.toml").write_text(
        'languages = ["en"]\nother_languages = ["fr=translate"]'
    )

    said = sortyard("train", archive, "--recipe", "edge", "--workspace", tmp_path)
    with serving(tmp_path) as server:
        server.stop()

    assert "Nothing translates here" in said.out
    assert '"no-translator"' in server.log.read_text()


@pytest.mark.parametrize("option", ["--port", "--grpc-port"])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_port_that_is_taken_is_no_mystery(workspace: Path, option: str, workers: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = _refused(workspace, option, str(taken.getsockname()[1]), "--workers", workers)

    assert (said.returncode, "in use" in said.stderr, option in said.stderr) == (2, True, True)
    assert not (workspace / ".sortyard" / "store.db").exists()  # nothing was opened for it


def test_a_certificate_that_cannot_be_used_is_refused_at_once(workspace: Path) -> None:
    broken = workspace / "broken.pem"
    broken.write_text("nothing of the kind")
    said = _refused(workspace, "--tls-cert", str(broken), "--tls-key", str(broken))

    assert (said.returncode, "no certificate with its key" in said.stderr) == (2, True)
    assert not (workspace / ".sortyard" / "store.db").exists()


def test_half_of_a_certificate_is_refused(workspace: Path) -> None:
    said = _refused(workspace, "--tls-cert", "server.pem")

    assert (said.returncode, "invalid-settings" in said.stderr) == (2, True)


def test_a_key_for_sealed_texts_is_asked_for_at_once(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SORTYARD_TEXT_FORM", "encrypted")
    said = _refused(workspace)

    assert (said.returncode, "SORTYARD_TEXT_KEY" in said.stderr) == (2, True)


def test_grpc_is_served_where_it_is_asked_for(workspace: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with (
        serving(workspace, "--grpc-port", str(port)) as server,
        grpc.insecure_channel(str(server.opened["grpc"])) as channel,
    ):
        said = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest())

    assert said.status == health_pb2.HealthCheckResponse.SERVING


def test_several_workers_serve_one_address(workspace: Path, release: str) -> None:
    with serving(workspace, "--workers", str(WORKERS)) as server:
        asked = [f"m{number}" for number in range(MESSAGES)]
        answered = [server.classify(one)[one] for one in asked]
        code = server.stop()

    assert (answered, code) == ([release] * MESSAGES, 0)
    assert sorted(record.message_id for record in records(workspace)) == sorted(asked)


def test_a_key_may_ask_as_often_whichever_worker_it_meets(
    sortyard: Sortyard, workspace: Path
) -> None:
    key = _key(sortyard, workspace, "--per-minute", "5")
    with serving(workspace, "--workers", str(WORKERS)) as server:
        status = Counter(server.get("/v1/taxonomy", key=key)[0] for _ in range(MESSAGES))

    assert set(status) == {200, 429}
    assert 5 <= status[200] <= 7  # one more grows every twelve seconds


def test_a_worker_that_dies_is_replaced(workspace: Path) -> None:
    with serving(workspace, "--workers", str(WORKERS)) as server:
        before = set(server.workers)
        os.kill(min(before), signal.SIGKILL)

        assert eventually(lambda: len(set(server.workers) - before) == 1)
        assert eventually(lambda: len(server.workers) == WORKERS)


def test_workers_end_with_the_process_that_started_them(workspace: Path) -> None:
    with serving(workspace, "--workers", str(WORKERS)) as server:
        workers = server.workers
        os.kill(server.process.pid, signal.SIGKILL)

        assert eventually(lambda: not any(map(runs, workers)))


def test_what_keeps_workers_from_starting_is_said_once(workspace: Path) -> None:
    said = _refused(workspace, "--workers", str(WORKERS), "--host", "0.0.0.0")

    assert (said.returncode, said.stderr.count("keys create")) == (2, 1)
