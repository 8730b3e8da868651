"""Operators and arrays of an ONNX graph while they are put together, in fp32 or int8."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from sortyard.models.engines.onnx import Precision

FUSED = "com.microsoft"  # the domain of ONNX Runtime's own operators
OPSETS = {"": 18, FUSED: 1}
IR_VERSION = 9
INT7 = 63  # see `Graph._dense_int8`
INT8 = 127
ZERO_POINT = 128  # of uint8, so that rows are symmetric around it
SMALLEST_ROW = 1e-12  # a row of zeros stays one, and nothing divides by it
MOST_BYTES = 2**31 - 2**20  # what a file of this format can hold, but for the nodes


@dataclass(slots=True)
class Graph:
    """Nodes and arrays while they are being put together; weights have the names of BERT."""

    weights: Mapping[str, NDArray[np.float32]]
    precision: Precision
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    arrays: dict[str, onnx.TensorProto] = field(default_factory=dict)
    integers: dict[str, tuple[str, str]] = field(default_factory=dict)  # rows, and their scales

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
        """Store an array, once, and give back its name."""
        if name not in self.arrays:
            self.arrays[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name

    def weight(self, name: str) -> str:
        return self.array(name, self.weights[name])

    def scalar(self, name: str, value: float) -> str:
        return self.array(name, np.array(value, dtype=np.float32))

    def rows(self, name: str, table: NDArray[np.float32], ids: str, output: str) -> str:
        """Look rows of a table (rows, width) up by their numbers; int8 has one scale for a row."""
        if self.precision is Precision.FP32:
            return self.add("Gather", [self.array(name, table), ids], output)
        largest = np.abs(table).max(axis=1, keepdims=True)
        scales = np.maximum(largest / INT8, SMALLEST_ROW).astype(np.float32)
        integers = self.array(name, np.round(table / scales).astype(np.int8))
        found = self.add("Gather", [integers, ids], "embeddings/integers")
        floats = self.add("Cast", [found], "embeddings/floats", to=TensorProto.FLOAT)
        row_scales = self.add("Gather", [self.array("word_scales", scales), ids], "word_scale")
        return self.add("Mul", [floats, row_scales], output)

    def dense(
        self, source: str, matrix: NDArray[np.float32], output: str, *, stored: str | None = None
    ) -> str:
        """
        Multiply (…, inputs) by a matrix (inputs, outputs); the bias is added elsewhere.

        Layers that share a matrix store it once, under one name.
        """
        name = stored or output
        if self.precision is Precision.INT8:
            return self._dense_int8(source, matrix, output, name)
        return self.add("MatMul", [source, self.array(f"{name}/matrix", matrix)], output)

    def _dense_int8(
        self, source: str, matrix: NDArray[np.float32], output: str, stored: str
    ) -> str:
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
                self.array(f"{stored}/matrix", integers),
                one,
                self.array(f"{stored}/scales", scales),
                zero_point,
            ],
            f"{output}/product",
            domain=FUSED,
        )
        return self.add("Mul", [product, row_scales], output)

    def _integer_rows(self, source: str, one: str, zero_point: str) -> tuple[str, str]:
        """Quantise what comes in, once, however many matrices it is multiplied by."""
        if source in self.integers:
            return self.integers[source]
        last = self.array("last_axis", np.array([-1], dtype=np.int64))
        sizes = self.add("Abs", [source], f"{source}/size")
        largest = self.add("ReduceMax", [sizes, last], f"{source}/largest", keepdims=1)
        largest = self.add(
            "Max", [largest, self.scalar("smallest", SMALLEST_ROW)], f"{source}/range"
        )
        scales = self.add("Mul", [largest, self.scalar("per_step", 1.0 / INT8)], f"{source}/scales")
        steps = self.add("Div", [source, scales], f"{source}/steps")
        rows = self.add("QuantizeLinear", [steps, one, zero_point], f"{source}/rows")
        self.integers[source] = rows, scales
        return rows, scales

    def model(self, inputs: Sequence[str], outputs: Mapping[str, Sequence[str | int]]) -> bytes:
        """
        Put it together, the same bytes every time; inputs are whole numbers, (texts, tokens).

        Raises ValueError for more weights than one file of this format can hold.
        """
        arrays = list(self.arrays.values())
        if sum(len(one.raw_data) for one in arrays) > MOST_BYTES:
            raise ValueError("they are too many for one file; the precision int8 takes a quarter")
        texts = ["texts", "tokens"]
        model = helper.make_model(
            helper.make_graph(
                self.nodes,
                "encoder",
                [helper.make_tensor_value_info(one, TensorProto.INT32, texts) for one in inputs],
                [
                    helper.make_tensor_value_info(name, TensorProto.FLOAT, sizes)
                    for name, sizes in outputs.items()
                ],
                arrays,
            ),
            opset_imports=[helper.make_opsetid(*one) for one in OPSETS.items()],
            producer_name="sortyard",
        )
        model.ir_version = IR_VERSION
        return bytes(model.SerializeToString(deterministic=True))
