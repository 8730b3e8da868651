"""Who counts how often the keys of a server ask: all of its workers together."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

from sortyard.app.posts import Post
from sortyard.serving.rates import Counter, Rates
from sortyard.serving.telemetry.logs import Level, Log

FILE = "rates"  # beside the figures of the workers, and removed with them


@contextmanager
def rates_of(post: Post, log: Log) -> Iterator[Counter]:
    """Lend what counts at a post; a worker whose disk refuses counts for itself, and says so."""
    alone = Rates(time.monotonic)
    if post.figures is None:
        yield alone
        return
    from sortyard.serving.shared_rates import SharedRates  # noqa: PLC0415 -- only workers share

    try:
        post.figures.mkdir(mode=0o700, parents=True, exist_ok=True)
        shared = SharedRates(post.figures / FILE)
    except OSError:
        log.write("rates-apart", level=Level.WARNING, worker=str(post.worker))
        yield alone
        return
    with closing(shared):
        yield shared
