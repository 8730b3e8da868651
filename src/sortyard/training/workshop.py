"""The encoder and its static student, found, exported and opened for a training run."""

from dataclasses import dataclass
from pathlib import Path

from sortyard.domain.ports import Progress
from sortyard.models.bundle import ENCODER, STATIC
from sortyard.models.engines.onnx import OnnxEncoder, Precision
from sortyard.models.engines.static import StaticEncoder
from sortyard.training.encoder_shape import EncoderShape
from sortyard.training.encoder_weights import find_encoder
from sortyard.training.export import export_encoder
from sortyard.training.recipe import Recipe
from sortyard.training.static_table import export_static

BLOCKS = 3  # layers that are pooled: a third, two thirds, and the whole of the way up


@dataclass(frozen=True, slots=True)
class Workshop:
    """The two encoders of a run: the transformer, and the student that serves first."""

    encoder: OnnxEncoder
    static: StaticEncoder


def open_workshop(
    recipe: Recipe, folder: Path, *, cache: Path, allow_download: bool, progress: Progress
) -> Workshop:
    """
    Put the encoders of a recipe into a bundle's folder, and open them there.

    A recipe without a cascade leaves the transformer out of the bundle: it only teaches.
    """
    files = find_encoder(recipe.encoder, allow_download=allow_download)
    precision = Precision(recipe.precision)
    layers = recipe.layers or EncoderShape.read(files).spread(BLOCKS)
    place = folder / ENCODER if recipe.cascade else cache / "teacher"
    with progress.stage("Exporting the encoder"):
        export_encoder(files, place, layers=layers, precision=precision, cache=cache)
        encoder = OnnxEncoder.open(place, precision=precision)
    export_static(encoder, files, folder / STATIC, cache=cache, progress=progress)
    return Workshop(encoder, StaticEncoder.open(folder / STATIC))
