"""Tensors as the Open Inference Protocol sends them over gRPC: typed, or as raw bytes."""

import struct
from collections.abc import Iterable, Iterator, Sequence

from sortyard.domain.errors import InvalidUsage
from sortyard.serving.grpc.generated import inference_pb2 as wire
from sortyard.serving.tensors import Datatype, Element, Tensor

_LENGTH = struct.Struct("<I")  # stands before every element of a raw BYTES tensor


def read_tensors(request: wire.ModelInferRequest) -> tuple[Tensor, ...]:
    """Read the inputs of a request. Raises InvalidUsage where raw contents do not fit them."""
    if not request.raw_input_contents:
        return tuple(
            Tensor(one.name, one.datatype, tuple(one.shape), one.contents.bytes_contents)
            for one in request.inputs
        )
    if len(request.raw_input_contents) != len(request.inputs):
        raise _misfit("there are more of them than inputs, or fewer")
    if any(one.HasField("contents") for one in request.inputs):
        raise _misfit("an input has contents of its own beside them")
    return tuple(
        Tensor(one.name, one.datatype, tuple(one.shape), _unpack(one.datatype, raw))
        for one, raw in zip(request.inputs, request.raw_input_contents, strict=True)
    )


def write_tensors(
    response: wire.ModelInferResponse, tensors: Iterable[Tensor], *, raw: bool
) -> None:
    """Add the outputs to a response, raw if its caller prefers it so."""
    for tensor in tensors:
        output = response.outputs.add(
            name=tensor.name, datatype=tensor.datatype, shape=tensor.shape
        )
        numbers = tensor.datatype == Datatype.FP32
        if raw:
            pack = _pack_numbers if numbers else _pack_words
            response.raw_output_contents.append(pack(tensor.elements))
        elif numbers:
            output.contents.fp32_contents.extend(_numbers(tensor.elements))
        else:
            output.contents.bytes_contents.extend(_words(tensor.elements))


def _unpack(datatype: str, raw: bytes) -> Sequence[Element]:
    """Take the elements of a BYTES tensor apart; of another one nobody wants them."""
    return tuple(_elements(raw)) if datatype == Datatype.BYTES else ()


def _elements(raw: bytes) -> Iterator[bytes]:
    start = 0
    while start < len(raw):
        head = start + _LENGTH.size
        if head > len(raw):
            raise _misfit("one ends within the length of an element")
        (length,) = _LENGTH.unpack_from(raw, start)
        start = head + length
        if start > len(raw):
            raise _misfit("one ends within an element")
        yield raw[head:start]


def _pack_words(elements: Iterable[Element]) -> bytes:
    return b"".join(_LENGTH.pack(len(one)) + one for one in _words(elements))


def _pack_numbers(elements: Iterable[Element]) -> bytes:
    numbers = tuple(_numbers(elements))
    return struct.pack(f"<{len(numbers)}f", *numbers)


def _words(elements: Iterable[Element]) -> Iterator[bytes]:
    return (one if isinstance(one, bytes) else str(one).encode() for one in elements)


def _numbers(elements: Iterable[Element]) -> Iterator[float]:
    return (float(one) for one in elements)


def _misfit(why: str) -> InvalidUsage:
    return InvalidUsage(
        f"The raw contents do not fit the inputs: {why}.",
        "Put the length of each element before it, as four bytes with the lowest first.",
    )
