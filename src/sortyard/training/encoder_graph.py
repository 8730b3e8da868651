"""
A BERT-like encoder as an ONNX graph, made from its weights without PyTorch.

The graph uses ONNX Runtime's fused operators for attention and GELU. It gives
two outputs, and the runtime calculates only the one that is asked for: `pooled`, the mean
over tokens of each configured layer, and `hidden`, those layers token by token.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from sortyard.models.engines.onnx import Precision
from sortyard.training.encoder_shape import EncoderShape

GRAPH_VERSION = 2  # to raise when the same weights would give other vectors
Weights: TypeAlias = Mapping[str, NDArray[np.float32]]  # the names are those of Hugging Face
FUSED = "com.microsoft"  # the domain of ONNX Runtime's own operators
OPSETS = {"": 18, FUSED: 1}
IR_VERSION = 9
INT7 = 63  # see `_Graph.dense_int8`
INT8 = 127
ZERO_POINT = 128  # of uint8, so that rows are symmetric around it
SMALLEST_ROW = 1e-12  # a row of zeros stays one, and nothing divides by it


def encoder_graph(
    weights: Weights, shape: EncoderShape, *, layers: Sequence[int], precision: Precision
) -> onnx.ModelProto:
    """Build the graph; `layers` counts from 1, and each one gives a block of the output."""
    graph = _Graph(weights, precision)
    hidden = _embeddings(graph, shape)
    outputs: list[str] = []
    for number in range(1, max(layers) + 1):
        hidden = _layer(graph, shape, number, hidden)
        if number in layers:
            outputs.append(hidden)
    graph.add("Concat", outputs, "hidden", axis=-1)
    _mean_over_tokens(graph)
    return _model(graph, shape.width * len(layers))


@dataclass(slots=True)
class _Graph:
    """Nodes and arrays while they are being put together."""

    weights: Weights
    precision: Precision
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    arrays: dict[str, onnx.TensorProto] = field(default_factory=dict)

    def add(
        self,
        operator: str,
        inputs: Sequence[str],
        *outputs: str,
        domain: str = "",
        **attributes: float,
    ) -> str:
        """Append one operator, and give back the name of its first output."""
        node = helper.make_node(operator, inputs, outputs, name=outputs[0], domain=domain)
        for name, value in attributes.items():
            node.attribute.append(helper.make_attribute(name, value))
        self.nodes.append(node)
        return outputs[0]

    def array(self, name: str, values: NDArray[np.generic]) -> str:
        if name not in self.arrays:
            self.arrays[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name

    def weight(self, name: str) -> str:
        return self.array(name, self.weights[name])

    def scalar(self, name: str, value: float) -> str:
        return self.array(name, np.array(value, dtype=np.float32))

    def dense(self, source: str, matrix: NDArray[np.float32], output: str) -> str:
        """Multiply (…, inputs) by a matrix (inputs, outputs); the bias is added elsewhere."""
        if self.precision is Precision.INT8:
            return self.dense_int8(source, matrix, output)
        return self.add("MatMul", [source, self.array(f"{output}/matrix", matrix)], output)

    def dense_int8(self, source: str, matrix: NDArray[np.float32], output: str) -> str:
        """
        Multiply integers: one scale for each token and one for each column of the matrix.

        A scale for each token, where ONNX Runtime's own quantiser has one for the whole
        batch, keeps a text's vector free of its batch mates and three times as near to
        fp32. Columns use seven bits: processors without VNNI add two products in 16 bits,
        and must not overflow, so that a release answers alike everywhere.
        """
        scales = np.maximum(np.abs(matrix).max(axis=0) / INT7, SMALLEST_ROW).astype(np.float32)
        integers = np.round(matrix / scales).astype(np.int8)
        one = self.scalar("one", 1.0)
        zero_point = self.array("zero_point", np.array(ZERO_POINT, dtype=np.uint8))
        rows, row_scales = self._integer_rows(source, one, zero_point)
        product = self.add(
            "MatMulIntegerToFloat",
            [
                rows,
                self.array(f"{output}/matrix", integers),
                one,
                self.array(f"{output}/scales", scales),
                zero_point,
            ],
            f"{output}/product",
            domain=FUSED,
        )
        return self.add("Mul", [product, row_scales], output)

    def _integer_rows(self, source: str, one: str, zero_point: str) -> tuple[str, str]:
        last = self.array("last_axis", np.array([-1], dtype=np.int64))
        sizes = self.add("Abs", [source], f"{source}/size")
        largest = self.add("ReduceMax", [sizes, last], f"{source}/largest", keepdims=1)
        largest = self.add(
            "Max", [largest, self.scalar("smallest", SMALLEST_ROW)], f"{source}/range"
        )
        scales = self.add("Mul", [largest, self.scalar("per_step", 1.0 / INT8)], f"{source}/scales")
        steps = self.add("Div", [source, scales], f"{source}/steps")
        rows = self.add("QuantizeLinear", [steps, one, zero_point], f"{source}/rows")
        return rows, scales


def _embeddings(graph: _Graph, shape: EncoderShape) -> str:
    """Add word and position, and normalise; every token is of the first type."""
    words = _word_rows(graph)
    positions = graph.weights["embeddings.position_embeddings.weight"][: shape.max_tokens]
    types = graph.weights["embeddings.token_type_embeddings.weight"]
    table = graph.array("embeddings/positions", positions + types[0])
    start = graph.array("start", np.array([0], dtype=np.int64))
    length = graph.add("Shape", ["ids"], "length", start=1, end=2)
    positions_used = graph.add("Slice", [table, start, length, start], "embeddings/used")
    total = graph.add("Add", [words, positions_used], "embeddings/sum")
    return _normalised(graph, shape, total, "embeddings.LayerNorm", "embeddings")


def _word_rows(graph: _Graph) -> str:
    table = graph.weights["embeddings.word_embeddings.weight"]
    if graph.precision is Precision.FP32:
        return graph.add("Gather", [graph.array("words", table), "ids"], "embeddings/words")
    largest = np.abs(table).max(axis=1, keepdims=True)
    scales = np.maximum(largest / INT8, SMALLEST_ROW).astype(np.float32)
    integers = graph.array("words", np.round(table / scales).astype(np.int8))
    rows = graph.add("Gather", [integers, "ids"], "embeddings/integers")
    floats = graph.add("Cast", [rows], "embeddings/floats", to=TensorProto.FLOAT)
    row_scales = graph.add("Gather", [graph.array("word_scales", scales), "ids"], "word_scale")
    return graph.add("Mul", [floats, row_scales], "embeddings/words")


def _layer(graph: _Graph, shape: EncoderShape, number: int, source: str) -> str:
    """Append one transformer layer, normalised after each half as BERT has it."""
    weights, name = graph.weights, f"encoder.layer.{number - 1}"
    queries_keys_values = [f"{name}.attention.self.{one}" for one in ("query", "key", "value")]
    matrix = np.concatenate([weights[f"{one}.weight"].T for one in queries_keys_values], axis=1)
    bias = np.concatenate([weights[f"{one}.bias"] for one in queries_keys_values])
    projected = graph.dense(source, matrix, f"{name}/projected")
    parts = [f"{name}/{one}" for one in ("queries", "keys", "values")]
    graph.add("Split", [projected], *parts, axis=-1, num_outputs=3)
    attended = graph.add(
        "MultiHeadAttention",
        [*parts, graph.array(f"{name}/bias", bias), "mask"],
        f"{name}/attended",
        domain=FUSED,
        num_heads=shape.heads,
    )
    middle = _half(graph, shape, f"{name}.attention.output", (attended, source))
    grown = graph.dense(middle, weights[f"{name}.intermediate.dense.weight"].T, f"{name}/grown")
    bent = graph.add(
        "BiasGelu",
        [grown, graph.weight(f"{name}.intermediate.dense.bias")],
        f"{name}/bent",
        domain=FUSED,
    )
    return _half(graph, shape, f"{name}.output", (bent, middle))


def _half(graph: _Graph, shape: EncoderShape, name: str, sources: tuple[str, str]) -> str:
    """
    Project back to the width, add what came in, and normalise.

    ONNX Runtime's fused operator for the three last steps is five times as slow as they are.
    """
    changed, skipped = sources
    projected = graph.dense(changed, graph.weights[f"{name}.dense.weight"].T, f"{name}/projected")
    biased = graph.add("Add", [projected, graph.weight(f"{name}.dense.bias")], f"{name}/biased")
    total = graph.add("Add", [biased, skipped], f"{name}/sum")
    return _normalised(graph, shape, total, f"{name}.LayerNorm", f"{name}/normalised")


def _normalised(graph: _Graph, shape: EncoderShape, source: str, norm: str, output: str) -> str:
    return graph.add(
        "LayerNormalization",
        [source, graph.weight(f"{norm}.weight"), graph.weight(f"{norm}.bias")],
        output,
        axis=-1,
        epsilon=shape.epsilon,
    )


def _mean_over_tokens(graph: _Graph) -> None:
    axis = graph.array("token_axis", np.array([1], dtype=np.int64))
    mask = graph.add("Cast", ["mask"], "mask/float", to=TensorProto.FLOAT)
    count = graph.add("ReduceSum", [mask, axis], "mask/count", keepdims=1)
    shares = graph.add("Div", [mask, count], "mask/shares")
    as_rows = graph.add("Unsqueeze", [shares, axis], "mask/rows")
    means = graph.add("MatMul", [as_rows, "hidden"], "means")
    graph.add("Squeeze", [means, axis], "pooled")


def _model(graph: _Graph, size: int) -> onnx.ModelProto:
    texts = ["texts", "tokens"]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT32, texts) for name in ("ids", "mask")
    ]
    outputs = [
        helper.make_tensor_value_info("pooled", TensorProto.FLOAT, ["texts", size]),
        helper.make_tensor_value_info("hidden", TensorProto.FLOAT, [*texts, size]),
    ]
    arrays = list(graph.arrays.values())
    model = helper.make_model(
        helper.make_graph(graph.nodes, "encoder", inputs, outputs, arrays),
        opset_imports=[helper.make_opsetid(*one) for one in OPSETS.items()],
        producer_name="sortyard",
    )
    model.ir_version = IR_VERSION
    return model
