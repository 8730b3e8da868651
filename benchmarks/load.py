"""
Send messages to a server from a process of its own: `python -m benchmarks.load URL TEXTS`.

At a fixed rate every request has the moment when it is due, and its time counts from then on: a
server that falls behind cannot slow the load down and so hide it. With `--closed` as many
connections as are given ask as fast as they are answered. One line of JSON says what happened.
"""

import argparse
import asyncio
import json
import random
import resource
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from urllib.parse import urlsplit

from benchmarks.archives import read

LOST = "connection lost"
NO_ANSWER = "no answer in time"
MOST_CONNECTIONS = 1_024
PATIENCE = 30.0  # seconds for one answer
SLOW = 0.05  # seconds: the promise
HEAD_END = b"\r\n\r\n"


@dataclass(slots=True)
class Outcome:
    """What came of every request, in the order of the answers."""

    seconds: list[float] = field(default_factory=list)  # of requests answered with 200
    statuses: Counter[str] = field(default_factory=Counter)
    releases: Counter[str] = field(default_factory=Counter)
    last_refused: float | None = None  # when, since the start
    last_slow: float | None = None  # when an answer that took too long was due, since the start
    lines: list[str] = field(default_factory=list)  # message id, release: what was answered


class Connection:
    """One keep-alive connection that asks one thing at a time."""

    def __init__(self, host: str, port: int) -> None:
        self._place = (host, port)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send one request; its status and body. Raises OSError where the connection is lost."""
        if self._streams is None or self._streams[0].at_eof():
            self._streams = await asyncio.open_connection(*self._place, limit=1 << 24)
        reader, writer = self._streams
        try:
            writer.write(request)
            head = await reader.readuntil(HEAD_END)
            fields = head.lower()
            body = await reader.readexactly(_length(fields))
        except (OSError, EOFError, asyncio.CancelledError, ValueError) as error:
            self.close()
            if isinstance(error, EOFError | ValueError):
                raise ConnectionError from None
            raise
        if b"connection: close" in fields:
            self.close()
        return int(head[9:12]), body

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What is sent, where to, and how fast; `rate` is None for as fast as it is answered."""

    url: str
    texts: Sequence[str]
    seconds: float
    rate: float | None
    batch: int
    connections: int
    prefix: str
    key: str | None
    seed: int

    def requests(self) -> Iterator[bytes]:
        """Make requests without end, each with fresh ids and texts drawn at random."""
        place = urlsplit(self.url)
        rng = random.Random(self.seed)  # noqa: S311 -- which text is sent is no secret
        key = f"Authorization: Bearer {self.key}\r\n" if self.key else ""
        head = (
            f"POST {place.path or '/v1/classify'} HTTP/1.1\r\nHost: {place.netloc}\r\n"
            f"Content-Type: application/json\r\n{key}Content-Length: "
        )
        number = 0
        while True:
            messages = [
                {"id": f"{self.prefix}{number + one}", "text": rng.choice(self.texts)}
                for one in range(self.batch)
            ]
            number += self.batch
            content = messages[0] if self.batch == 1 else {"messages": messages}
            body = json.dumps(content).encode()
            yield head.encode() + str(len(body)).encode() + HEAD_END + body


async def send(load: Load) -> Outcome:
    """Send the load to its end, and wait for the last answers."""
    place = urlsplit(load.url)
    outcome = Outcome()
    began = perf_counter()
    host, port = str(place.hostname), int(place.port or 80)
    requests = load.requests()
    if load.rate is None:
        await asyncio.gather(
            *(_closed(Connection(host, port), requests, load, outcome, began) for _ in _many(load))
        )
        return outcome
    idle = [Connection(host, port) for _ in _many(load)]
    under_way: set[asyncio.Task[None]] = set()
    for number in range(int(load.rate * load.seconds)):
        due = began + number / load.rate
        if (early := due - perf_counter()) > 0.0:
            await asyncio.sleep(early)
        if not idle and len(under_way) >= MOST_CONNECTIONS:
            outcome.statuses["not sent"] += 1
            continue
        connection = idle.pop() if idle else Connection(host, port)
        task = asyncio.create_task(_one(connection, next(requests), outcome, due, began))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
        task.add_done_callback(lambda _, one=connection: idle.append(one))
    await asyncio.gather(*under_way)
    return outcome


def _many(load: Load) -> range:
    return range(load.connections)


async def _closed(
    connection: Connection, requests: Iterator[bytes], load: Load, outcome: Outcome, began: float
) -> None:
    while (now := perf_counter()) - began < load.seconds:
        await _one(connection, next(requests), outcome, now, began)
    connection.close()


async def _one(
    connection: Connection, request: bytes, outcome: Outcome, due: float, began: float
) -> None:
    try:
        status, body = await asyncio.wait_for(connection.ask(request), PATIENCE)
    except TimeoutError:
        outcome.statuses[NO_ANSWER] += 1
        return
    except OSError:
        outcome.statuses[LOST] += 1
        return
    now = perf_counter()
    outcome.statuses[str(status)] += 1
    if status != 200:
        outcome.last_refused = now - began
        return
    outcome.seconds.append(now - due)
    if now - due > SLOW:
        outcome.last_slow = due - began
    with suppress(ValueError, KeyError, TypeError):
        found = json.loads(body)
        for answer in found.get("answers") or found.get("results") or [found]:
            outcome.releases[answer["release"]] += 1
            outcome.lines.append(f"{answer['id']}\t{answer['release']}")


def _length(head: bytes) -> int:
    at = head.index(b"content-length:") + len(b"content-length:")
    return int(head[at : head.index(b"\r\n", at)])


def summary(load: Load, outcome: Outcome, seconds: float) -> dict[str, object]:
    """Say what happened: milliseconds at p50, p95, p99 and most, rates and statuses."""
    times = sorted(1e3 * one for one in outcome.seconds) or [0.0]
    cuts = quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
    return {
        "sent": sum(outcome.statuses.values()),
        "statuses": dict(outcome.statuses),
        "requests_per_second": len(outcome.seconds) / seconds,
        "messages_per_second": load.batch * len(outcome.seconds) / seconds,
        "p50": cuts[49],
        "p95": cuts[94],
        "p99": cuts[98],
        "most": times[-1],
        "releases": dict(outcome.releases),
        "last_refused": outcome.last_refused,
        "last_slow": outcome.last_slow,
        "processor_seconds": sum(resource.getrusage(resource.RUSAGE_SELF)[:2]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("texts", type=Path, help="a CSV file with a column `text`")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rate", type=float, default=300.0, help="requests a second")
    parser.add_argument("--closed", action="store_true", help="as fast as they are answered")
    parser.add_argument("--batch", type=int, default=1, help="messages in one request")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--prefix", default="m", help="of the ids of the messages")
    parser.add_argument("--key")
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--answered", type=Path, help="where to list the ids that were answered")
    given = parser.parse_args()
    load = Load(
        url=given.url,
        texts=[row["text"] for row in read(given.texts)],
        seconds=given.seconds,
        rate=None if given.closed else given.rate,
        batch=given.batch,
        connections=given.connections,
        prefix=given.prefix,
        key=given.key,
        seed=given.seed,
    )
    began = perf_counter()
    outcome = asyncio.run(send(load))
    seconds = max(perf_counter() - began, load.seconds)
    if given.answered:
        given.answered.write_text("\n".join(outcome.lines) + "\n", encoding="utf-8")
    print(json.dumps(summary(load, outcome, seconds)))


if __name__ == "__main__":
    main()
