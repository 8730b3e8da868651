"""
What `/metrics` says, also where several worker processes serve one address.

Whichever worker is asked answers for all of them. Each leaves its figures in a folder that they
share, every second and whenever it is asked itself; every series has a label `worker`. Nothing is
added up here: a worker that starts again begins at zero in series of its own, which Prometheus
knows how to read, while a sum over all workers would seem to run backwards. A worker that has been
silent for ten seconds is left out.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Thread

from prometheus_client import generate_latest
from prometheus_client.core import Metric

from sortyard.serving.telemetry.instruments import Panel

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
EVERY = 1.0  # seconds from one time that the figures are left to the next
SILENT = 10.0  # seconds after which a worker counts as gone
SUFFIX = ".prom"
WORKER = "worker"
HEADING = "# HELP "


class Exposition:
    """
    The figures of this worker, and those of the others where there is a folder to share.

    A folder belongs to the workers of one server; no two of them have the same name.
    """

    def __init__(self, panel: Panel, *, worker: str = "0", folder: Path | None = None) -> None:
        self._figures = _Named(panel, worker)
        self._own = None if folder is None else folder / f"{worker}{SUFFIX}"
        self._lock = Lock()
        self._ending = Event()
        self._thread = Thread(target=self._leave_often, name="exposition", daemon=True)

    def start(self) -> None:
        """Begin to leave the figures where the other workers find them."""
        if self._own is not None:
            with suppress(OSError):  # as below
                self._own.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._leave()
            self._thread.start()

    def close(self) -> None:
        """Stop, and take the figures back."""
        self._ending.set()
        if self._own is not None and self._thread.ident is not None:
            self._thread.join()
            self._own.unlink(missing_ok=True)

    def text(self) -> bytes:
        """
        Write all figures in the text format of Prometheus; this takes milliseconds.

        The figures are left first, so that no other worker gives an older count after this.
        """
        own = self._leave()
        others = [] if self._own is None else _left_beside(self._own)
        return merged([own, *others]).encode() if others else own.encode()

    def _leave(self) -> str:
        with self._lock:
            written = generate_latest(self._figures)
            if self._own is not None:
                draft = self._own.with_suffix(".part")
                with suppress(OSError):  # a full disk hides this worker from the others, no more
                    draft.write_bytes(written)
                    draft.replace(self._own)
        return written.decode()

    def _leave_often(self) -> None:
        while not self._ending.wait(EVERY):
            self._leave()


class _Named:
    """Figures whose every series says which worker it is of."""

    def __init__(self, panel: Panel, worker: str) -> None:
        self._panel, self._worker = panel, worker

    def collect(self) -> Iterator[Metric]:
        for family in self._panel.collect():
            family.samples = [
                sample._replace(labels={WORKER: self._worker, **sample.labels})
                for sample in family.samples
            ]
            yield family


def merged(texts: Iterable[str]) -> str:
    """Put the series of several workers together, each family below one heading."""
    headings: dict[str, list[str]] = {}
    series: dict[str, list[str]] = {}
    for text in texts:
        known = set(headings)
        family = ""
        for line in text.split("\n"):  # `splitlines` also splits within the values of labels
            if line.startswith(HEADING):
                family = line.removeprefix(HEADING).partition(" ")[0]
                series.setdefault(family, [])
            if line.startswith("#"):
                if family not in known:
                    headings.setdefault(family, []).append(line)
            elif line:
                series.setdefault(family, []).append(line)
    lines = [line for family, rows in series.items() for line in (*headings.get(family, ()), *rows)]
    return "".join(f"{line}\n" for line in lines)


def _left_beside(own: Path) -> list[str]:
    """Read what the other workers left lately; after the clock is set, that is after a second."""
    now = time.time()
    found = []
    for path in sorted(own.parent.glob(f"*{SUFFIX}")):
        with suppress(OSError):  # that worker ended just now
            if path != own and abs(now - path.stat().st_mtime) < SILENT:
                found.append(path.read_bytes().decode(errors="replace"))
    return found
