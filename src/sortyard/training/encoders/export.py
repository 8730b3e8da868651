"""The encoder as files that serve without PyTorch: a graph, a vocabulary, a description."""

import hashlib
import json
import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from safetensors import SafetensorError
from safetensors.numpy import load_file

from sortyard.domain.errors import DamagedBundle, InvalidUsage, UnsupportedEncoder
from sortyard.models.engines.onnx import DESCRIPTION_FILE, FORMAT, Precision
from sortyard.models.engines.tokens import TOKENIZER_FILE, Tokeniser
from sortyard.training.encoders.ensemble import branch
from sortyard.training.encoders.families.known import Weights, as_bert
from sortyard.training.encoders.graph import GRAPH_VERSION, WORDS, encoder_graph
from sortyard.training.encoders.shape import EncoderShape
from sortyard.training.encoders.weights import EncoderFiles, sha256_of
from sortyard.training.whole_files import disk_refusals, write_whole


def export_encoder(  # noqa: PLR0913 -- which one, where, and how
    files: EncoderFiles,
    folder: Path,
    *,
    layers: tuple[int, ...],
    precision: Precision,
    cache: Path | None = None,
    before: EncoderFiles | None = None,
) -> None:
    """
    Write an encoder into a folder, for `OnnxEncoder.open`.

    `layers` count from 1, rise, and end with the last one, whose block is the sentence
    vector. Every token is pooled by its mean, whatever the original pools by: only a mean
    can be explained token by token. With a cache folder, a graph that was built before for
    the same weights, vocabulary, layers and precision is copied from there. The blocks of an
    encoder `before`, from which this one was tuned, come before its own; layers that both have in
    common are calculated once.

    Raises UnsupportedEncoder for a family that we cannot build, InvalidUsage for impossible
    layers, and CannotWrite when the disk refuses. The description is written last: a folder
    that has one is whole.
    """
    shape = EncoderShape.read(files)
    _check_layers(layers, shape)
    with disk_refusals(folder):
        if cache is None:
            _build(files, shape, folder, layers=layers, precision=precision, before=before)
            return
        kept = cache / f"encoder-{_key(files, layers, precision)}"
        if not _is_whole(kept):
            _build(files, shape, kept, layers=layers, precision=precision)
        _copy(kept, folder, (precision.file, TOKENIZER_FILE, DESCRIPTION_FILE))


def read_weights(files: EncoderFiles, shape: EncoderShape) -> Weights:
    """Read the weights as float32, named as a bare BERT names them."""
    try:
        found = load_file(files.weights)
    except (SafetensorError, KeyError, TypeError, ValueError, AttributeError) as error:
        why = f"its weights cannot be read ({error})"
        raise UnsupportedEncoder(files.name, [why]) from error
    return as_bert(found, shape.family)


def _check_layers(layers: Sequence[int], shape: EncoderShape) -> None:
    rising = list(layers) == sorted(set(layers))
    if not layers or not rising or layers[0] < 1 or layers[-1] != shape.layers:
        raise InvalidUsage(
            f"An encoder of {shape.layers} layers cannot give the layers {list(layers)}.",
            f"Name rising numbers from 1 that end with {shape.layers}.",
        )


def _check_vocabulary(files: EncoderFiles, shape: EncoderShape, rows: int) -> None:
    """Refuse a vocabulary with tokens that the encoder has no vector for."""
    try:
        size = Tokeniser.open(files.folder, max_tokens=shape.max_tokens).vocabulary_size
    except DamagedBundle as error:
        raise UnsupportedEncoder(files.name, [f"its {TOKENIZER_FILE} is no vocabulary"]) from error
    if size > rows:
        raise ValueError(f"{rows} vectors of words, and its vocabulary has {size} tokens")


def _build(  # noqa: PLR0913 -- as above
    files: EncoderFiles,
    shape: EncoderShape,
    folder: Path,
    *,
    layers: tuple[int, ...],
    precision: Precision,
    before: EncoderFiles | None = None,
) -> None:
    try:
        weights = read_weights(before or files, shape)
        _check_vocabulary(files, shape, len(weights[WORDS]))
        second = None if before is None else read_weights(files, shape)
        content = encoder_graph(weights, shape, layers=layers, precision=precision, second=second)
        blocks = layers if second is None else (*layers, *branch(weights, second, layers))
    except (KeyError, ValueError, IndexError) as error:
        why = f"its weights are not those of its config.json ({error})"
        raise UnsupportedEncoder(files.name, [why]) from error
    vocabulary = files.tokenizer.read_bytes()
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / precision.file, lambda draft: draft.write_bytes(content))
    write_whole(folder / TOKENIZER_FILE, lambda draft: draft.write_bytes(vocabulary))
    description = {
        "format": FORMAT,
        "name": files.name,
        "sha256": files.sha256,
        "width": shape.width,
        "layers": blocks,
        "max_tokens": shape.max_tokens,
        "graph": GRAPH_VERSION,
        "files": {
            precision.file: hashlib.sha256(content).hexdigest(),
            TOKENIZER_FILE: hashlib.sha256(vocabulary).hexdigest(),
        },
    }
    text = json.dumps(description, indent=2) + "\n"
    write_whole(folder / DESCRIPTION_FILE, lambda draft: draft.write_text(text, encoding="utf-8"))


def _key(files: EncoderFiles, layers: Sequence[int], precision: Precision) -> str:
    parts = (
        files.name,
        files.sha256,
        sha256_of(files.tokenizer),
        sha256_of(files.config),
        *map(str, layers),
        precision.value,
        f"graph {GRAPH_VERSION}",
        f"format {FORMAT}",
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _is_whole(kept: Path) -> bool:
    try:
        described = json.loads((kept / DESCRIPTION_FILE).read_text(encoding="utf-8"))
        return all(sha256_of(kept / file) == sha for file, sha in described["files"].items())
    except (OSError, ValueError, KeyError):
        return False


def _copy(source: Path, folder: Path, names: Sequence[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        write_whole(folder / name, partial(shutil.copyfile, source / name))
