"""
Tensors over HTTP, with their elements as JSON or, as Triton's clients prefer it, as raw bytes.

The header `Inference-Header-Content-Length` says how long the JSON is, where raw bytes follow. A
tensor whose elements lie there says how many bytes are its own, in `binary_data_size`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from sortyard.domain.errors import InvalidUsage
from sortyard.domain.facts import Facts
from sortyard.serving.http.problems import refused
from sortyard.serving.http.reading import JSON, checked, media_type_of, parsed
from sortyard.serving.http.tensor_json import InferBody, InferTensor
from sortyard.serving.http.visit import header_of
from sortyard.serving.intake import Limits
from sortyard.serving.raw_tensors import misfit, packed, unpacked
from sortyard.serving.tensors import Tensor, check_inputs

BYTES = "application/octet-stream"
MEDIA_TYPES = frozenset({"", JSON, BYTES})  # Triton's clients name none, or that of bytes
WHOLE = re.compile(r"[0-9]{1,18}", re.ASCII)
LENGTH = "inference-header-content-length"
SIZE, WANTED, ALL_WANTED = "binary_data_size", "binary_data", "binary_data_output"


@dataclass(frozen=True, slots=True)
class Given:
    """What was asked, and the raw bytes that came with it."""

    body: InferBody
    raw: bytes = b""

    def tensors(self, limits: Limits) -> list[Tensor]:
        """
        Give the input tensors.

        Raises InvalidUsage where there are more than anybody knows or the raw bytes do not fit
        them, and TooLarge for too many elements.
        """
        check_inputs(len(self.body.inputs))
        found, start = [], 0
        for one in self.body.inputs:
            end = start + _size_of(one)
            elements = self._elements(one, self.raw[start:end], limits)
            found.append(Tensor(one.name, one.datatype, tuple(one.shape), elements))
            start = end
        if start != len(self.raw):
            raise misfit("there are more bytes than the inputs have, or fewer")
        return found

    def wants_bytes(self, output: str) -> bool:
        """Tell whether an output is wanted as raw bytes. Raises InvalidUsage."""
        chosen = _flag(self.body.parameters, ALL_WANTED, default=False)
        for one in self.body.outputs or ():
            if one.name == output:
                chosen = _flag(one.parameters, WANTED, default=chosen)
        return chosen

    def _elements(self, one: InferTensor, raw: bytes, limits: Limits) -> Sequence[Any]:
        if _is_raw(one):
            if one.data is not None:
                raise misfit(f"`{SIZE}` and `data` of an input exclude each other")
            return unpacked(one.datatype, raw, limits)
        if one.data is None:
            raise InvalidUsage("An input tensor has no `data`.", "Send its elements in `data`.")
        return _flat(one.data)


@dataclass(slots=True)
class Written:
    """Output tensors as they are sent: what is said of each, and the raw bytes that follow."""

    outputs: list[Facts] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)

    def add(self, tensor: Tensor, *, as_bytes: bool) -> None:
        facts: Facts = {"name": tensor.name, "datatype": tensor.datatype, "shape": tensor.shape}
        if as_bytes:
            self.raw.append(packed(tensor))
            facts["parameters"] = {SIZE: len(self.raw[-1])}
        else:
            facts["data"] = tensor.elements
        self.outputs.append(facts)

    def response(self, facts: Facts) -> Response:
        """Send the outputs, with what else is said."""
        words = to_json(facts | {"outputs": self.outputs})
        if not self.raw:
            return Response(words, media_type=JSON)
        headers = {LENGTH: str(len(words))}
        return Response(b"".join([words, *self.raw]), headers=headers, media_type=BYTES)


async def read_given(request: Request) -> Given:
    """Read a request. Raises Refused where it is none."""
    if media_type_of(request) not in MEDIA_TYPES:
        raise refused(415, f"The content type of the body is neither {JSON} nor {BYTES}.")
    body, length = await request.body(), header_of(request.scope, LENGTH.encode())
    if length is None:
        return Given(checked(InferBody, parsed(body)))
    if not WHOLE.fullmatch(length) or int(length) > len(body):
        raise refused(400, f"`{LENGTH}` is not the length of the JSON in the body.")
    end = int(length)
    return Given(checked(InferBody, parsed(body[:end])), body[end:])


def _is_raw(one: InferTensor) -> bool:
    return SIZE in (one.parameters or {})


def _size_of(one: InferTensor) -> int:
    size = (one.parameters or {}).get(SIZE, 0)
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise misfit(f"`{SIZE}` is a number of bytes")
    return size


def _flag(parameters: Mapping[str, Any] | None, name: str, *, default: bool) -> bool:
    value = (parameters or {}).get(name, default)
    if not isinstance(value, bool):
        raise InvalidUsage(f"The parameter `{name}` is of the wrong type.", "It is true or false.")
    return value


def _flat(data: Sequence[Any]) -> list[Any]:
    """Lay nested rows out; the reader of JSON has bounded how deep they are."""
    laid: list[Any] = []
    for element in data:
        if isinstance(element, list):
            laid += _flat(element)
        else:
            laid.append(element)
    return laid
