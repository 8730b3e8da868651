"""The encoder and its static student, found, exported and opened for a training run."""

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
from sortyard.training.static_distillation import distil
from sortyard.training.static_table import export_static, generic_table, token_counts, write_static

BLOCKS = 3  # layers that are pooled: a third, two thirds, and the whole of the way up
FEWEST_TEXTS = 1_000  # below this an archive says less about words than the vocabulary does


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
        """
        Make the static student from the training texts and what the encoder says of them.

        The table of the vocabulary alone is fitted to the archive where that has enough texts.
        """
        place = self.folder / STATIC
        export_static(self.encoder, self.files, place, cache=self.cache, progress=progress)
        generic = StaticEncoder.open(place)
        if len(texts) < FEWEST_TEXTS:
            return generic
        with progress.stage("Distilling the student"):
            table = generic_table(self.encoder, cache=self.cache)
            counts = token_counts(list(texts), generic.tokeniser)
            write_static(distil(table, counts, encoded), self.encoder, self.files, place)
            return StaticEncoder.open(place)


def open_workshop(
    recipe: Recipe, folder: Path, *, cache: Path, allow_download: bool, progress: Progress
) -> Workshop:
    """
    Put the encoder of a recipe into a bundle's folder, and open it there.

    A recipe without a cascade leaves the encoder out of the bundle: it only teaches.
    """
    files = find_encoder(recipe.encoder, allow_download=allow_download)
    precision = Precision(recipe.precision)
    layers = recipe.layers or EncoderShape.read(files).spread(BLOCKS)
    place = folder / ENCODER if recipe.cascade else cache / "teacher"
    with progress.stage("Exporting the encoder"):
        export_encoder(files, place, layers=layers, precision=precision, cache=cache)
        encoder = OnnxEncoder.open(place, precision=precision)
    return Workshop(encoder, files, folder, cache)
