"""
An encoder as an ONNX graph, made from its weights without PyTorch.

The graph uses ONNX Runtime's fused operators for attention and GELU. It gives
two outputs, and the runtime calculates only the one that is asked for: `pooled`, the mean
over tokens of each configured layer, and `hidden`, those layers token by token.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from sortyard.models.engines.onnx import Precision
from sortyard.training.encoders.ensemble import branch, common_layers, joined
from sortyard.training.encoders.families.known import Weights
from sortyard.training.encoders.families.mpnet import buckets
from sortyard.training.encoders.onnx_graph import FUSED, Graph
from sortyard.training.encoders.shape import EncoderShape

GRAPH_VERSION = 2  # to raise when the same weights would give other vectors
WORDS = "embeddings.word_embeddings.weight"
POSITIONS = "embeddings.position_embeddings.weight"
TYPES = "embeddings.token_type_embeddings.weight"
DISTANCES = "encoder.relative_attention_bias.weight"


def encoder_graph(
    weights: Weights,
    shape: EncoderShape,
    *,
    layers: Sequence[int],
    precision: Precision,
    second: Weights | None = None,
) -> bytes:
    """
    Build the graph, as the content of a file.

    `weights` have the names of BERT, whatever the family. `layers` counts from 1, and each one
    gives a block of the output. The blocks of a `second` encoder that differs from the first in its
    upper layers alone follow; what both have in common is calculated once. Raises KeyError for
    weights that are missing, and ValueError for those that do not fit the shape.
    """
    if second is not None and shape.groups != shape.layers:
        raise ValueError("encoders whose layers have the same weights are not read together")
    graph = Graph(weights if second is None else joined(weights, second), precision)
    nearness = ""
    hidden = [_embeddings(graph, shape)]
    if shape.family.relative:
        nearness = _nearness(graph, shape)
    for number in range(1, max(layers) + 1):
        hidden.append(_layer(graph, shape, number, hidden[-1], nearness))
    outputs = [hidden[number] for number in layers]
    if second is not None:
        common = common_layers(weights, second)
        above = hidden[: common + 1]
        for number in range(common + 1, max(layers) + 1):
            behind = number + shape.layers - common
            above.append(_layer(graph, shape, behind, above[-1], nearness))
        outputs += [above[number] for number in branch(weights, second, layers)]
    graph.add("Concat", outputs, "hidden", axis=-1)
    _mean_over_tokens(graph)
    size = shape.width * len(outputs)
    return graph.model(
        ["ids", "mask"], {"pooled": ["texts", size], "hidden": ["texts", "tokens", size]}
    )


def _embeddings(graph: Graph, shape: EncoderShape) -> str:
    """Add word and position, normalise, and bring it to the width; tokens are of the first type."""
    words = graph.rows("words", graph.weights[WORDS], "ids", "embeddings/words")
    table = graph.array("embeddings/positions", _positions(graph.weights, shape))
    start = graph.array("start", np.array([0], dtype=np.int64))
    length = graph.add("Shape", ["ids"], "length", start=1, end=2)
    positions_used = graph.add("Slice", [table, start, length, start], "embeddings/used")
    total = graph.add("Add", [words, positions_used], "embeddings/sum")
    rows = _normalised(graph, shape, total, "embeddings.LayerNorm", "embeddings")
    if not shape.mapped:
        return rows
    matrix = graph.weights["embeddings_project.weight"].T
    mapped = graph.dense(rows, matrix, "embeddings/mapped")
    bias = graph.weight("embeddings_project.bias")
    return graph.add("Add", [mapped, bias], "embeddings/mapped/biased")


def _positions(weights: Weights, shape: EncoderShape) -> NDArray[np.float32]:
    """Take the vectors of the positions that a text may have, with the first type added."""
    last = shape.first_position + shape.max_tokens
    found = weights[POSITIONS][shape.first_position : last]
    if len(found) != shape.max_tokens:
        raise ValueError(f"{len(weights[POSITIONS])} positions, and {last} are needed")
    return found + weights[TYPES][0] if shape.family.typed else found


def _nearness(graph: Graph, shape: EncoderShape) -> str:
    """Give what attention gains by the distance of two tokens, (1, heads, tokens, tokens)."""
    most = shape.max_tokens
    table = graph.weights[DISTANCES]  # (buckets, heads)
    gains = table[buckets(np.arange(most - 1, -most, -1), len(table))].T
    zero, one, last = (
        graph.array(f"distances/{name}", np.array(value, dtype=np.int64))
        for name, value in (("zero", 0), ("one", 1), ("last", most - 1))
    )
    first = graph.array("start", np.array([0], dtype=np.int64))
    second = graph.array("second_axis", np.array([1], dtype=np.int64))
    tokens = graph.add("Squeeze", ["length"], "distances/tokens")
    places = graph.add("Range", [zero, tokens, one], "distances/places")
    across = graph.add("Unsqueeze", [places, first], "distances/across")
    down = graph.add("Unsqueeze", [places, second], "distances/down")
    ahead = graph.add("Sub", [across, down], "distances/ahead")
    rows = graph.add("Add", [ahead, last], "distances/rows")
    found = graph.add("Gather", [graph.array("gains", gains), rows], "distances/gains", axis=1)
    return graph.add("Unsqueeze", [found, first], "distances/nearness")


def _layer(graph: Graph, shape: EncoderShape, number: int, source: str, nearness: str) -> str:
    """Append one transformer layer, normalised after each half as BERT has it."""
    weights, name = graph.weights, f"encoder.layer.{number - 1}"
    stored = f"encoder.layer.{shape.group(number) - 1}"
    queries_keys_values = [f"{stored}.attention.self.{one}" for one in ("query", "key", "value")]
    matrix = np.concatenate([weights[f"{one}.weight"].T for one in queries_keys_values], axis=1)
    bias = np.concatenate([weights[f"{one}.bias"] for one in queries_keys_values])
    projected = graph.dense(source, matrix, f"{name}/projected", stored=f"{stored}/projected")
    parts = [f"{name}/{one}" for one in ("queries", "keys", "values")]
    graph.add("Split", [projected], *parts, axis=-1, num_outputs=3)
    attended = graph.add(
        "MultiHeadAttention",
        [*parts, graph.array(f"{stored}/bias", bias), "mask", *([nearness] if nearness else [])],
        f"{name}/attended",
        domain=FUSED,
        num_heads=shape.heads,
    )
    attention, output = ".attention.output", ".output"
    middle = _half(graph, shape, (name + attention, stored + attention), (attended, source))
    grown = graph.dense(
        middle,
        weights[f"{stored}.intermediate.dense.weight"].T,
        f"{name}/grown",
        stored=f"{stored}/grown",
    )
    bent = graph.add(
        shape.activation,
        [grown, graph.weight(f"{stored}.intermediate.dense.bias")],
        f"{name}/bent",
        domain=FUSED,
    )
    return _half(graph, shape, (name + output, stored + output), (bent, middle))


def _half(
    graph: Graph, shape: EncoderShape, names: tuple[str, str], sources: tuple[str, str]
) -> str:
    """
    Project back to the width, add what came in, and normalise.

    `names` are that of the half, and that of the half whose weights it has.
    ONNX Runtime's fused operator for the three last steps is five times as slow as they are.
    """
    (name, stored), (changed, skipped) = names, sources
    matrix = graph.weights[f"{stored}.dense.weight"].T
    projected = graph.dense(changed, matrix, f"{name}/projected", stored=f"{stored}/projected")
    biased = graph.add("Add", [projected, graph.weight(f"{stored}.dense.bias")], f"{name}/biased")
    total = graph.add("Add", [biased, skipped], f"{name}/sum")
    return _normalised(graph, shape, total, f"{stored}.LayerNorm", f"{name}/normalised")


def _normalised(graph: Graph, shape: EncoderShape, source: str, norm: str, output: str) -> str:
    return graph.add(
        "LayerNormalization",
        [source, graph.weight(f"{norm}.weight"), graph.weight(f"{norm}.bias")],
        output,
        axis=-1,
        epsilon=shape.epsilon,
    )


def _mean_over_tokens(graph: Graph) -> None:
    axis = graph.array("token_axis", np.array([1], dtype=np.int64))
    mask = graph.add("Cast", ["mask"], "mask/float", to=TensorProto.FLOAT)
    count = graph.add("ReduceSum", [mask, axis], "mask/count", keepdims=1)
    shares = graph.add("Div", [mask, count], "mask/shares")
    as_rows = graph.add("Unsqueeze", [shares, axis], "mask/rows")
    means = graph.add("MatMul", [as_rows, "hidden"], "means")
    graph.add("Squeeze", [means, axis], "pooled")
