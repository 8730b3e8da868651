"""The encoder and its static student, found, exported and opened for a training run."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sortyard.domain.ports import Progress
from sortyard.models.bundle import ENCODER, STATIC
from sortyard.models.encoders import Vectors
from sortyard.models.engines.onnx import OnnxEncoder, Precision
from sortyard.models.engines.static import StaticEncoder
from sortyard.training.encoder_shape import EncoderShape
from sortyard.training.encoder_weights import EncoderFiles, find_encoder
from sortyard.training.export import export_encoder
from sortyard.training.recipe import Recipe
from sortyard.training.static_distillation import export_taught
from sortyard.training.static_table import generic_table

BLOCKS = 3  # layers that are pooled: a third, two thirds, and the whole of the way up
TEACHER = "teacher"  # where the encoder lies that a bundle is made with and does not keep


@dataclass(frozen=True, slots=True)
class Workshop:
    """The teacher of a run, and the folder of the bundle that its student is made for."""

    encoder: OnnxEncoder
    files: EncoderFiles
    folder: Path
    cache: Path

    def student(
        self, texts: Sequence[str], encoded: Vectors, *, progress: Progress
    ) -> StaticEncoder:
        """Make the static student from the training texts and what the encoder says of them."""
        place = self.folder / STATIC
        generic_table(self.encoder, cache=self.cache, progress=progress)  # once per encoder
        with progress.stage("Distilling the student"):
            export_taught(
                self.encoder,
                self.files,
                place,
                texts=texts,
                teacher=encoded,
                cache=self.cache,
            )
        return StaticEncoder.open(place)

    def tidy(self) -> None:
        """Take the teacher out of the bundle's folder, where it only taught."""
        shutil.rmtree(self.folder / TEACHER, ignore_errors=True)


def open_workshop(
    recipe: Recipe, folder: Path, *, cache: Path, allow_download: bool, progress: Progress
) -> Workshop:
    """
    Put the encoder of a recipe into a bundle's folder, and open it there.

    A recipe without a cascade does not serve with it: `tidy` then leaves it out of the bundle.
    """
    files = find_encoder(recipe.encoder, allow_download=allow_download)
    precision = Precision(recipe.precision)
    layers = recipe.layers or EncoderShape.read(files).spread(BLOCKS)
    place = folder / (ENCODER if recipe.cascade else TEACHER)
    with progress.stage("Exporting the encoder"):
        export_encoder(files, place, layers=layers, precision=precision, cache=cache)
        encoder = OnnxEncoder.open(place, precision=precision)
    return Workshop(encoder, files, folder, cache)
