"""The desk of a server: it answers with the champion of a workspace, and keeps what it answers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sortyard.app.loading import open_release
from sortyard.app.posts import Post
from sortyard.app.recording import Keeping
from sortyard.app.releases import Releases
from sortyard.app.settings import Settings
from sortyard.app.storing import text_keeper
from sortyard.app.translating import translator_of
from sortyard.app.watching import Watch
from sortyard.models.classifier import Classifier
from sortyard.serving.active import Active
from sortyard.serving.bounds import Bounds
from sortyard.serving.desk import Desk
from sortyard.serving.telemetry.logs import Level

A_SECOND = 1_000.0  # milliseconds


@asynccontextmanager
async def opened_desk(post: Post, keeping: Keeping, watch: Watch) -> AsyncIterator[Desk]:
    """
    Lend a desk that has loaded the champion, and follows it.

    A release that cannot be loaded is no reason not to start: the desk says so, and looks again.
    """
    releases = Releases(post.workspace)
    translate = translator_of(post.workspace.settings)

    def load(name: str) -> Classifier:
        folder = releases.find(name).folder
        release = open_release(folder, processes=post.workers).translating(translate)
        if release.languages.lacks_translator:
            watch.log.write("no-translator", level=Level.WARNING, release=name)
        return release

    desk = Desk(
        Active(lambda: releases.champion.release, load, observer=watch.observer),
        recorder=keeping.recorder,
        texts=text_keeper(post.workspace),
        bounds=bounds_of(post.workspace.settings),
        observer=watch.observer,
    )
    watch.metrics.watch_desk(lambda: desk.figures)
    watch.metrics.watch_journal(lambda: keeping.recorder.figures)
    await desk.start()
    try:
        yield desk
    finally:
        await desk.close()


def bounds_of(settings: Settings) -> Bounds:
    """Read from the settings how much a desk holds, and for how long."""
    return Bounds(
        most_in_batch=settings.batch_size,
        window=settings.batch_window / A_SECOND,
        patience=settings.patience,
        most_waiting=settings.most_waiting,
        cache_entries=settings.cache_entries,
    )
