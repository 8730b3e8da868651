"""
What an attacker sends to a server as it is installed, and what it meets.

The tests try the same on smaller limits. The last rows are about keys: the server is started again
with some.
"""

import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path
from time import perf_counter

from benchmarks.archives import data_folder
from benchmarks.attacker import BODIES, CLOSED, HEADS, SLOW, meet, post, status_of
from benchmarks.results import Section, arguments, number
from benchmarks.runs import SORTYARD, report, run, train, warm_up
from benchmarks.servers import Server, get, sortyard

Attack = tuple[bytes, int]
HEADER = ("attack", "bytes sent", "met", "expected", "ms")
MESSAGE = b'{"text": "Where is my card?"}'
GUESSES = 1_000


def main() -> None:
    given = arguments(__doc__).parse_args()
    data = data_folder() / "banking77"
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        warm_up(data / "train.csv", folder)
        workspace = folder / "desk"
        report("training")
        options = ["--text", "text", "--label", "category", "--test", str(data / "test.csv")]
        train(data / "train.csv", options, workspace=workspace)
        report("attacks")
        with sortyard(workspace) as server:
            began = server.resident_mb
            bodies = {name: (post(body), status) for name, (body, status) in BODIES.items()}
            rows = list(_rows(server, HEADS | bodies | SLOW))
            held = server.resident_mb - began
            alive = get(f"{server.url}/readyz")[0] == HTTPStatus.OK
        report("keys")
        keys = _keys(workspace)
        with sortyard(workspace) as server:
            rows += _rows(server, keys)
            guessed = _guessed(server)
    right = sum(row[2] == row[3] for row in rows)
    Section(
        name="attacks",
        title="Attacks",
        about="Each attack on a connection of its own, to a server as it is installed. What is "
        "closed gets no answer.",
        header=HEADER,
        rows=rows,
        remarks=[
            f"{right} of {len(rows)} met what they should.",
            f"Afterwards the server {'answers' if alive else 'fails'}, with {held:.1f} MB more.",
            f"{GUESSES:,} guesses at a key, eight at a time: {guessed} of them let in.",
        ],
    ).publish(write=given.write)


def _rows(server: Server, attacks: Mapping[str, Attack]) -> Iterator[tuple[str, ...]]:
    """Try them at once, since some of them wait to be cut off."""
    with ThreadPoolExecutor(4) as attackers:
        yield from attackers.map(lambda one: _row(server, one[0], *one[1]), attacks.items())


def _row(server: Server, name: str, attack: bytes, expected: int) -> tuple[str, ...]:
    began = perf_counter()
    met = status_of(meet(server.port, attack))
    milliseconds = 1_000 * (perf_counter() - began)
    return name, f"{len(attack):,}", _words(met), _words(expected), number(milliseconds, digits=0)


def _words(status: int) -> str:
    return "closed" if status == CLOSED else f"{status} {HTTPStatus(status).phrase}"


def _keys(workspace: Path) -> dict[str, Attack]:
    """Make keys, end one of them, and say what each is tried for."""
    place = ("--workspace", str(workspace), "--json")
    made = {
        name: str(run([*SORTYARD, "keys", "create", name, *place]).found["secret"])
        for name in ("reader", "former")
    }
    run([*SORTYARD, "keys", "revoke", "former", *place])
    reader = made["reader"]
    tried = {
        "no key": (None, b"/v1/classify", 401),
        "a key that never was": ("sy_0123456789ab_" + "x" * 43, b"/v1/classify", 401),
        "the name of a key with another secret": (
            reader.rpartition("_")[0] + "_" + "x" * 43,
            b"/v1/classify",
            401,
        ),
        "a revoked key": (made["former"], b"/v1/classify", 401),
        "a key for answers, to roll back": (reader, b"/v1/releases/rollback", 403),
        "the right key": (reader, b"/v1/classify", 200),
    }
    return {
        name: (post(MESSAGE, *_authorization(key), path=path), expected)
        for name, (key, path, expected) in tried.items()
    }


def _authorization(key: str | None) -> list[bytes]:
    return [] if key is None else [f"Authorization: Bearer {key}".encode()]


def _guessed(server: Server) -> int:
    """Guess at keys, and count those that were let in."""
    guesses = [
        post(MESSAGE, *_authorization(f"sy_{guess:012x}_{guess:043d}")) for guess in range(GUESSES)
    ]
    with ThreadPoolExecutor(8) as attackers:
        met = attackers.map(lambda guess: status_of(meet(server.port, guess)), guesses)
        return sum(status != HTTPStatus.UNAUTHORIZED for status in met)


if __name__ == "__main__":
    main()
