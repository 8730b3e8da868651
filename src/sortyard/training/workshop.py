"""The encoder and its static student, found, tuned, exported and opened for a training run."""

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sortyard.domain.ports import Progress
from sortyard.models.bundle import ENCODER, RERANKER, STATIC
from sortyard.models.encoders import Vectors
from sortyard.models.engines.onnx import OnnxEncoder, Precision
from sortyard.models.engines.pairs import SCORER_FILE, OnnxPairScorer
from sortyard.models.engines.static import StaticEncoder
from sortyard.training.encoders.export import export_encoder
from sortyard.training.encoders.shape import EncoderShape
from sortyard.training.encoders.soup import soup_of
from sortyard.training.encoders.static_distillation import export_taught
from sortyard.training.encoders.static_table import generic_table
from sortyard.training.encoders.weights import EncoderFiles, find_encoder
from sortyard.training.recipe import Recipe
from sortyard.training.tuning.course import Course
from sortyard.training.tuning.cross_options import Cross
from sortyard.training.tuning.lists import Lists

BLOCKS = 3  # layers that are pooled: a third, two thirds, and the whole of the way up
TEACHER = "teacher"  # where the encoder lies that a bundle is made with and does not keep
PRETRAINED = "pretrained"  # where its weights lie when they have read on
TUNED = "tuned"  # where its weights lie when they were tuned
CROSSED = "crossed"  # where the weights of a cross-encoder lie
READERS = "readers"  # where cross-encoders lie that teach and do not serve
TURNS = "turns"  # where what is made for one fold only lies
CHECKPOINTS = "tuning"  # in the cache: where a run that was killed goes on from


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """
    The teacher of a run, and the folder of the bundle that its student is made for.

    `encoder` is the one that teaches and serves; `published` the one that it was tuned from, or
    itself. What is tuned is kept in `checkpoints` until it is tidied up, so that a run that was
    killed goes on where it was; without such a folder it begins anew.
    """

    encoder: OnnxEncoder
    published: OnnxEncoder
    files: EncoderFiles  # as published, or pretrained
    folder: Path
    cache: Path
    checkpoints: Path | None = None

    def pretrained(
        self, texts: Sequence[str], recipe: Recipe, *, seed: int, progress: Progress
    ) -> "Workshop":
        """
        Let the published encoder read on, so that every tuning begins with what comes of it.

        Raises MissingExtra without PyTorch.
        """
        from sortyard.training.tuning.masked import pretrain_encoder  # noqa: PLC0415 -- takes seconds

        if recipe.pretraining is None:
            raise ValueError(f"recipe {recipe.name!r} pretrains nothing")
        files = pretrain_encoder(
            self.files,
            texts,
            recipe.pretraining,
            self.folder / PRETRAINED,
            seed=seed,
            progress=progress,
            checkpoints=self.checkpoints,
        )
        return replace(self, files=files)

    def tuned(
        self,
        course: Course,
        recipe: Recipe,
        *,
        seed: int,
        progress: Progress,
        fold: int | None = None,
    ) -> "Workshop":
        """
        Tune the published encoder on a course, and open what came of it.

        With several seeds it is tuned as often, and the mean of the weights is kept; as an
        `ensemble` both encoders are read, the published one first. What came of it takes the
        place of the encoder in the bundle, or with a fold one of its own beside it. A run that was
        killed goes on where it was, the next time.
        Raises MissingExtra without PyTorch.
        """
        from sortyard.training.tuning.tuner import tune_encoder  # noqa: PLC0415 -- takes seconds

        if recipe.tuning is None:
            raise ValueError(f"recipe {recipe.name!r} tunes nothing")
        folder = self.folder if fold is None else self.folder / TURNS / str(fold)
        tuned = [
            tune_encoder(
                self.files,
                course,
                recipe.tuning,
                folder / TUNED / str(place),
                seed=seed + place,
                progress=progress,
                checkpoints=self.checkpoints,
            )
            for place in range(recipe.seeds)
        ]
        files = soup_of(tuned)
        with progress.stage("Exporting the encoder"):
            before = self.files if recipe.ensemble else None
            encoder = _exported(files, folder, recipe, cache=None, before=before)
        return replace(self, encoder=encoder, folder=folder)

    def cross_encoder(  # noqa: PLR0913 -- what a training rests on, by name
        self,
        lists: Lists,
        options: Cross,
        *,
        precision: str,
        seed: int,
        progress: Progress,
        fold: int | None = None,
    ) -> OnnxPairScorer:
        """
        Train the published encoder to score pairs, and open what came of it.

        It takes the reranker's place in the bundle, or with a fold one beside it; as for `tuned`,
        a run that was killed goes on. Raises MissingExtra without PyTorch.
        """
        from sortyard.training.tuning.cross_encoder import (  # noqa: PLC0415 -- takes seconds
            tune_cross_encoder,
        )

        folder = self.folder if fold is None else self.folder / TURNS / str(fold)
        files = tune_cross_encoder(
            self.files,
            lists,
            options,
            folder / CROSSED,
            seed=seed,
            progress=progress,
            checkpoints=self.checkpoints,
        )
        place, kept = folder / RERANKER, Precision(precision)
        with progress.stage("Exporting the cross-encoder"):
            last = EncoderShape.read(files).spread(1)
            export_encoder(files, place, layers=last, precision=kept)
            shutil.copyfile(files.folder / SCORER_FILE, place / SCORER_FILE)
        return OnnxPairScorer.open(place, precision=kept)

    def for_readers(self) -> "Workshop":
        """Make room beside the bundle for cross-encoders that teach."""
        return replace(self, folder=self.folder / READERS)

    def student(
        self, texts: Sequence[str], encoded: Vectors, *, progress: Progress
    ) -> StaticEncoder:
        """Make the static student from the training texts and what the encoder says of them."""
        place = self.folder / STATIC
        # Once per encoder: here, so that it shows how far it is.
        generic_table(self.published, texts=texts, cache=self.cache, progress=progress)
        with progress.stage("Distilling the student"):
            export_taught(
                self.published,
                self.files,
                place,
                texts=texts,
                teacher=encoded,
                cache=self.cache,
            )
        return StaticEncoder.open(place)

    def tidy(self) -> None:
        """Take out of the bundle's folder what only taught, and forget how it came about."""
        for left in (TEACHER, PRETRAINED, TUNED, CROSSED, READERS, TURNS):
            shutil.rmtree(self.folder / left, ignore_errors=True)
        if self.checkpoints is not None:
            shutil.rmtree(self.checkpoints, ignore_errors=True)


def checkpoints_in(cache: Path, split_hash: str, recipe: Recipe, seed: int) -> Path:
    """Name the folder where a run goes on from: one for the same rows, recipe and seed."""
    told = json.dumps([split_hash, recipe.to_dict(), seed])
    return cache / CHECKPOINTS / hashlib.sha256(told.encode()).hexdigest()[:16]


def open_workshop(  # noqa: PLR0913 -- a recipe, and the places of a run
    recipe: Recipe,
    folder: Path,
    *,
    cache: Path,
    allow_download: bool,
    progress: Progress,
    checkpoints: Path | None = None,
) -> Workshop:
    """
    Put the encoder of a recipe into a bundle's folder, and open it there.

    A recipe without a cascade does not serve with it: `tidy` then leaves it out of the bundle.
    """
    files = find_encoder(recipe.encoder, allow_download=allow_download)
    with progress.stage("Exporting the encoder"):
        encoder = _exported(files, folder, recipe, cache=cache)
    return Workshop(
        encoder=encoder,
        published=encoder,
        files=files,
        folder=folder,
        cache=cache,
        checkpoints=checkpoints,
    )


def _exported(
    files: EncoderFiles,
    folder: Path,
    recipe: Recipe,
    *,
    cache: Path | None,
    before: EncoderFiles | None = None,
) -> OnnxEncoder:
    """Write an encoder where a bundle has it, or its teacher, and open it there."""
    place = folder / (ENCODER if recipe.cascade else TEACHER)
    precision = Precision(recipe.precision)
    layers = recipe.layers or EncoderShape.read(files).spread(BLOCKS)
    export_encoder(files, place, layers=layers, precision=precision, cache=cache, before=before)
    return OnnxEncoder.open(place, precision=precision)
