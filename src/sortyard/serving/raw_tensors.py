"""
The elements of a tensor as bytes, as both fronts of the Open Inference Protocol know them.

Before every element of a BYTES tensor stands its length, as four bytes with the lowest first; the
elements of an FP32 tensor are four bytes each.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from sortyard.domain.errors import InvalidUsage
from sortyard.serving.intake import Limits
from sortyard.serving.tensors import Datatype, Element, Tensor

_LENGTH = struct.Struct("<I")


def unpacked(datatype: str, raw: bytes, limits: Limits) -> Sequence[Element]:
    """
    Take the elements of a BYTES tensor apart; of another one nobody wants them.

    Raises InvalidUsage where a length does not fit, and TooLarge for too many elements, as soon as
    there are.
    """
    if datatype != Datatype.BYTES:
        return ()
    found = tuple(islice(_elements(raw), limits.messages + 1))
    limits.check_count(len(found))
    return found


def packed(tensor: Tensor) -> bytes:
    """Put the elements of a tensor together."""
    if tensor.datatype == Datatype.FP32:
        numbers = tuple(as_numbers(tensor.elements))
        return struct.pack(f"<{len(numbers)}f", *numbers)
    return b"".join(_LENGTH.pack(len(one)) + one for one in as_words(tensor.elements))


def as_words(elements: Iterable[Element]) -> Iterator[bytes]:
    """Give elements as UTF-8."""
    return (one if isinstance(one, bytes) else str(one).encode() for one in elements)


def as_numbers(elements: Iterable[Element]) -> Iterator[float]:
    """Give elements that are numbers."""
    return (float(one) for one in elements)


def misfit(why: str) -> InvalidUsage:
    """Say why raw contents cannot be used."""
    return InvalidUsage(
        f"The raw contents do not fit the inputs: {why}.",
        "Put the length of each element before it, as four bytes with the lowest first.",
    )


def _elements(raw: bytes) -> Iterator[bytes]:
    start = 0
    while start < len(raw):
        head = start + _LENGTH.size
        if head > len(raw):
            raise misfit("one ends within the length of an element")
        (length,) = _LENGTH.unpack_from(raw, start)
        start = head + length
        if start > len(raw):
            raise misfit("one ends within an element")
        yield raw[head:start]
