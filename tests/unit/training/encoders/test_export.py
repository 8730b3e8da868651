"""An exported encoder is whole, the same every time, and paid for once."""

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from sortyard.domain.errors import CannotWrite, InvalidUsage, UnsupportedEncoder
from sortyard.models.engines.onnx import OnnxEncoder, Precision
from sortyard.training.encoders import onnx_graph
from sortyard.training.encoders.export import export_encoder
from sortyard.training.encoders.families.known import FAMILIES
from sortyard.training.encoders.shape import EncoderShape
from sortyard.training.encoders.weights import EncoderFiles, find_encoder
from tests.contracts.encoders import PLAIN
from tests.contracts.tiny_bert import LAYERS, write_tiny_bert

ALL = (1, 2, 3)


@pytest.fixture
def files(tmp_path: Path, rng: np.random.Generator) -> EncoderFiles:
    return find_encoder(str(write_tiny_bert(tmp_path / "tiny", rng)))


@pytest.mark.parametrize("precision", Precision)
def test_nothing_but_the_named_files_is_written(
    files: EncoderFiles, tmp_path: Path, precision: Precision
) -> None:
    export_encoder(files, tmp_path / "out", layers=ALL, precision=precision)
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {precision.file, "tokenizer.json", "encoder.json"}


def test_the_same_weights_give_the_same_bytes(files: EncoderFiles, tmp_path: Path) -> None:
    written = []
    for name in ("one", "two"):
        export_encoder(files, tmp_path / name, layers=ALL, precision=Precision.INT8)
        written.append({one.name: one.read_bytes() for one in (tmp_path / name).iterdir()})
    assert written[0] == written[1]


def test_int8_is_near_fp32(files: EncoderFiles, tmp_path: Path) -> None:
    vectors = {}
    for precision in Precision:
        folder = tmp_path / precision.value
        export_encoder(files, folder, layers=(LAYERS,), precision=precision)
        vectors[precision] = OnnxEncoder.open(folder).encode(PLAIN)
    cosines = (vectors[Precision.FP32] * vectors[Precision.INT8]).sum(axis=1)
    assert cosines.min() > 0.985


def test_a_cached_graph_needs_no_weights(files: EncoderFiles, tmp_path: Path) -> None:
    cache, again = tmp_path / "cache", tmp_path / "again"
    export_encoder(files, tmp_path / "one", layers=ALL, precision=Precision.INT8, cache=cache)
    files.weights.unlink()
    export_encoder(files, again, layers=ALL, precision=Precision.INT8, cache=cache)
    assert OnnxEncoder.open(again).blocks == len(ALL)


def test_a_damaged_cache_is_made_anew(files: EncoderFiles, tmp_path: Path) -> None:
    cache, again = tmp_path / "cache", tmp_path / "again"
    export_encoder(files, tmp_path / "one", layers=ALL, precision=Precision.INT8, cache=cache)
    (graph,) = cache.glob(f"*/{Precision.INT8.file}")
    graph.write_bytes(b"half a gra")
    export_encoder(files, again, layers=ALL, precision=Precision.INT8, cache=cache)
    assert OnnxEncoder.open(again).blocks == len(ALL)


def test_other_layers_are_another_entry_of_the_cache(files: EncoderFiles, tmp_path: Path) -> None:
    for layers in (ALL, (3,)):
        folder = tmp_path / str(len(layers))
        export_encoder(
            files, folder, layers=layers, precision=Precision.INT8, cache=tmp_path / "cache"
        )
        assert OnnxEncoder.open(folder).description.layers == layers


@pytest.mark.parametrize("layers", [(), (0, 3), (1, 2), (3, 1), (3, 3), (2, 4)])
def test_impossible_layers_are_refused(
    files: EncoderFiles, tmp_path: Path, layers: tuple[int, ...]
) -> None:
    with pytest.raises(InvalidUsage, match="end with 3"):
        export_encoder(files, tmp_path / "out", layers=layers, precision=Precision.FP32)
    assert not (tmp_path / "out").exists()


def test_layers_are_spread_to_the_last(files: EncoderFiles) -> None:
    shape = EncoderShape.read(files)
    assert [shape.spread(count) for count in (1, 2, 9)] == [(3,), (2, 3), (1, 2, 3)]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("model_type", "modernbert"),
        ("model_type", "deberta-v2"),
        ("hidden_act", "silu"),
        ("position_embedding_type", "relative_key"),
        ("is_decoder", True),
    ],
)
def test_another_family_is_refused(
    tmp_path: Path, rng: np.random.Generator, key: str, value: object
) -> None:
    files = find_encoder(str(write_tiny_bert(tmp_path / "odd", rng, **{key: value})))
    with pytest.raises(UnsupportedEncoder, match=f"its {key} is {value!r}"):
        export_encoder(files, tmp_path / "out", layers=ALL, precision=Precision.FP32)


def test_a_refusal_names_the_families_that_are_built(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    files = find_encoder(str(write_tiny_bert(tmp_path / "odd", rng, model_type="modernbert")))
    with pytest.raises(UnsupportedEncoder) as caught:
        EncoderShape.read(files)

    assert all(f"'{one}'" in caught.value.problem for one in FAMILIES)


def test_an_encoder_with_code_of_its_own_is_refused(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    """Even where its configuration says BERT: its code may make something else of the weights."""
    code = {"AutoModel": "modeling_ours.OurModel"}
    files = find_encoder(str(write_tiny_bert(tmp_path / "odd", rng, auto_map=code)))
    with pytest.raises(UnsupportedEncoder, match=r"auto_map.*never run"):
        export_encoder(files, tmp_path / "out", layers=ALL, precision=Precision.FP32)


def test_a_table_of_positions_that_is_too_short_is_refused(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    folder = write_tiny_bert(tmp_path / "odd", rng, max_position_embeddings=64)
    with pytest.raises(UnsupportedEncoder, match="48 positions, and 64 are needed"):
        export_encoder(
            find_encoder(str(folder)), tmp_path / "out", layers=ALL, precision=Precision.FP32
        )


def test_norms_with_the_names_of_old_checkpoints_are_read(
    files: EncoderFiles, tmp_path: Path
) -> None:
    old = {"LayerNorm.weight": "LayerNorm.gamma", "LayerNorm.bias": "LayerNorm.beta"}
    export_encoder(files, tmp_path / "new", layers=ALL, precision=Precision.FP32)
    renamed = load_file(files.weights)
    for new, before in old.items():
        renamed = {name.replace(new, before): value for name, value in renamed.items()}
    save_file(renamed, files.weights)
    export_encoder(files, tmp_path / "old", layers=ALL, precision=Precision.FP32)
    one, other = ((tmp_path / name / "model.onnx").read_bytes() for name in ("new", "old"))

    assert one == other


@pytest.mark.parametrize("family", [one for one in FAMILIES if one != "bert"])
def test_a_family_has_sizes_of_its_own_names(files: EncoderFiles, family: str) -> None:
    """What a configuration leaves out is missing, and not guessed."""
    files.config.write_text(json.dumps({"model_type": family}), encoding="utf-8")
    with pytest.raises(UnsupportedEncoder, match=r"config\.json makes no sense"):
        EncoderShape.read(files)


def test_a_configuration_that_is_no_json_is_refused(files: EncoderFiles) -> None:
    files.config.write_text("{", encoding="utf-8")
    with pytest.raises(UnsupportedEncoder, match=r"config\.json makes no sense"):
        EncoderShape.read(files)


def test_weights_that_lack_a_part_are_refused(files: EncoderFiles, tmp_path: Path) -> None:
    weights = load_file(files.weights)
    del weights["encoder.layer.1.output.dense.bias"]
    save_file(weights, files.weights)
    with pytest.raises(UnsupportedEncoder, match=r"output\.dense\.bias"):
        export_encoder(files, tmp_path / "out", layers=ALL, precision=Precision.FP32)


def test_weights_that_are_no_safetensors_are_refused(files: EncoderFiles, tmp_path: Path) -> None:
    files.weights.write_bytes(b"not weights")
    with pytest.raises(UnsupportedEncoder, match="cannot be read"):
        export_encoder(files, tmp_path / "out", layers=ALL, precision=Precision.FP32)


def test_names_with_the_prefix_of_a_larger_model_are_read(
    files: EncoderFiles, tmp_path: Path
) -> None:
    save_file({f"bert.{k}": v for k, v in load_file(files.weights).items()}, files.weights)
    export_encoder(files, tmp_path / "out", layers=ALL, precision=Precision.FP32)
    assert OnnxEncoder.open(tmp_path / "out").width


def test_a_file_in_the_way_is_an_error_with_a_remedy(files: EncoderFiles, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way", encoding="utf-8")
    with pytest.raises(CannotWrite):
        export_encoder(files, tmp_path / "out", layers=ALL, precision=Precision.FP32)


def test_a_token_without_a_vector_is_refused(files: EncoderFiles, tmp_path: Path) -> None:
    """Or the first message that has it would end in a fault."""
    weights = load_file(files.weights)
    words = weights["embeddings.word_embeddings.weight"]
    save_file({**weights, "embeddings.word_embeddings.weight": words[:-1]}, files.weights)
    with pytest.raises(UnsupportedEncoder, match=f"{len(words) - 1} vectors of words"):
        export_encoder(files, tmp_path / "out", layers=ALL, precision=Precision.FP32)


def test_a_tokenizer_that_is_none_is_refused(files: EncoderFiles, tmp_path: Path) -> None:
    files.tokenizer.write_text("{}", encoding="utf-8")
    with pytest.raises(UnsupportedEncoder, match=r"tokenizer\.json is no vocabulary"):
        export_encoder(files, tmp_path / "out", layers=ALL, precision=Precision.FP32)


@pytest.mark.parametrize("kind", ["float16", "bfloat16"])
def test_weights_of_half_precision_are_read(files: EncoderFiles, tmp_path: Path, kind: str) -> None:
    export_encoder(files, tmp_path / "whole", layers=(LAYERS,), precision=Precision.FP32)
    halves = {name: value.astype(kind) for name, value in load_file(files.weights).items()}
    save_file(halves, files.weights)
    export_encoder(files, tmp_path / "half", layers=(LAYERS,), precision=Precision.FP32)
    whole, half = (OnnxEncoder.open(tmp_path / name).encode(PLAIN) for name in ("whole", "half"))
    assert (whole * half).sum(axis=1).min() > 0.999


def test_a_padding_that_is_no_number_is_refused(tmp_path: Path, rng: np.random.Generator) -> None:
    """Where positions are counted from behind it, nothing would be in its place."""
    folder = write_tiny_bert(tmp_path / "odd", rng, model_type="roberta", pad_token_id=None)
    with pytest.raises(UnsupportedEncoder, match=r"config\.json makes no sense"):
        EncoderShape.read(find_encoder(str(folder)))


def test_more_weights_than_a_file_holds_are_refused(
    files: EncoderFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx_graph, "MOST_BYTES", 100_000)
    export_encoder(files, tmp_path / "small", layers=ALL, precision=Precision.INT8)
    with pytest.raises(UnsupportedEncoder, match="precision int8"):
        export_encoder(files, tmp_path / "large", layers=ALL, precision=Precision.FP32)
