"""Tensors as the Open Inference Protocol sends them over gRPC: typed, or as raw bytes."""

from collections.abc import Iterable

from sortyard.serving.grpc.generated import inference_pb2 as wire
from sortyard.serving.intake import Limits
from sortyard.serving.raw_tensors import as_numbers, as_words, misfit, packed, unpacked
from sortyard.serving.tensors import Datatype, Tensor, check_inputs


def read_tensors(request: wire.ModelInferRequest, limits: Limits) -> tuple[Tensor, ...]:
    """
    Read the inputs of a request.

    Raises InvalidUsage where there are more than anybody knows or raw contents do not fit them, and
    TooLarge for too many elements.
    """
    check_inputs(len(request.inputs))
    if not request.raw_input_contents:
        return tuple(
            Tensor(one.name, one.datatype, tuple(one.shape), one.contents.bytes_contents)
            for one in request.inputs
        )
    if len(request.raw_input_contents) != len(request.inputs):
        raise misfit("there are more of them than inputs, or fewer")
    if any(one.HasField("contents") for one in request.inputs):
        raise misfit("an input has contents of its own beside them")
    return tuple(
        Tensor(one.name, one.datatype, tuple(one.shape), unpacked(one.datatype, raw, limits))
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
        if raw:
            response.raw_output_contents.append(packed(tensor))
        elif tensor.datatype == Datatype.FP32:
            output.contents.fp32_contents.extend(as_numbers(tensor.elements))
        else:
            output.contents.bytes_contents.extend(as_words(tensor.elements))
