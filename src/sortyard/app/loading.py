"""From a name to a release that answers: the one place that chooses engines for serving."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from sortyard.app.exporting import is_archive, unpacked
from sortyard.app.releases import Releases
from sortyard.app.translating import translator_of
from sortyard.app.workspace import open_workspace
from sortyard.models.bundle import Engines, open_bundle
from sortyard.models.classifier import Classifier
from sortyard.models.encoders import Embed, embed_with
from sortyard.models.engines.onnx import OnnxEncoder, usable_processors
from sortyard.models.engines.pairs import OnnxPairScorer
from sortyard.models.engines.static import StaticEncoder

ENGINES = Engines(encoder=OnnxEncoder.open, static=StaticEncoder.open, reranker=OnnxPairScorer.open)


def load(source: str | Path | None = None, *, workspace: str | Path | None = None) -> Classifier:
    """
    Open a release, after every file of it was checked.

    `source` is the folder of a release, an exported file, or an id in the workspace; without it,
    the workspace's champion is opened. Raises `UnknownRelease`, `MissingWorkspace`,
    `DamagedBundle` and `NewerFormat`.
    """
    if source is not None:
        path = Path(source).expanduser()
        if path.is_dir():
            return open_bundle(path, ENGINES)
        if path.is_file() and is_archive(path):
            with unpacked(path) as folder:
                return open_bundle(folder, ENGINES)
    opened = open_workspace(None if workspace is None else Path(workspace))
    found = Releases(opened).find(None if source is None else str(source))
    return open_bundle(found.folder, ENGINES).translating(translator_of(opened.settings))


def open_release(folder: Path, *, processes: int) -> Classifier:
    """Open a release in one of several processes that share this machine's processors."""
    threads = max(1, usable_processors() // processes)
    engines = replace(
        ENGINES,
        encoder=partial(OnnxEncoder.open, threads=threads),
        reranker=partial(OnnxPairScorer.open, threads=threads),
    )
    return open_bundle(folder, engines)


def embedder(workspace: Path | None) -> Embed:
    """Lend the champion's sense of meaning: a function from texts to sentence vectors."""
    eyes = load(workspace=workspace).eyes
    return embed_with(eyes.encoder or eyes.static)
