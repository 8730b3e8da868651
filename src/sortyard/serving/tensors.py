"""
The Open Inference Protocol without its wire: which tensors come in, and which go out.

Both of its fronts, HTTP and gRPC, read and write these. Every tensor has one element a message.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from math import prod
from typing import TypeAlias

from pydantic_core import from_json, to_json

from sortyard.domain.errors import InvalidMessage, InvalidUsage, UnknownRelease, listing
from sortyard.domain.facts import Facts, facts_of
from sortyard.domain.messages import Message, MetadataValue
from sortyard.domain.predictions import Answer, Failure
from sortyard.domain.taxonomy import Taxonomy
from sortyard.serving.intake import (
    LONGEST_NAME,
    Given,
    Limits,
    check_name,
    failure,
    fresh_id,
    make_options,
)
from sortyard.serving.served import Options, Served

MODEL = "sortyard"  # the one model; its versions are the releases
PLATFORM = "sortyard"
NO_CONFIDENCE = -1.0  # a tensor has no null, and the JSON form of one no NaN
LIST_SEPARATOR = ";"  # between the labels of a dimension that may have several

Element: TypeAlias = str | bytes | float
Parameter: TypeAlias = str | int | float | bool
Row: TypeAlias = Mapping[str, Element]
Result: TypeAlias = Answer | Failure


class Datatype(StrEnum):
    """The types that are read and written."""

    BYTES = "BYTES"
    FP32 = "FP32"


@dataclass(frozen=True, slots=True)
class Spec:
    """A tensor as it is announced."""

    name: str
    datatype: Datatype


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor with its elements in a row; `shape` is as its sender states it."""

    name: str
    datatype: str
    shape: tuple[int, ...]
    elements: Sequence[Element]


TEXT, SUBJECT, ID, METADATA = "text", "subject", "id", "metadata"
INPUTS = tuple(Spec(name, Datatype.BYTES) for name in (TEXT, SUBJECT, ID, METADATA))


def check_model(name: str, version: str, release: str | None) -> None:
    """Raise UnknownRelease unless the model is ours, and the version none or what answers."""
    check_name("The name of the model", name)
    check_name("The version of the model", version)
    if name != MODEL:
        raise UnknownRelease(name, [MODEL])
    if version and version != release:
        raise UnknownRelease(version, [release] if release else [])


def check_inputs(count: int) -> None:
    """Raise InvalidUsage for more input tensors than there are names for."""
    if count > len(INPUTS):
        raise InvalidUsage(
            f"There are {count} input tensors.",
            f"Send at most {len(INPUTS)}: {listing(spec.name for spec in INPUTS)}.",
        )


def outputs(taxonomy: Taxonomy) -> tuple[Spec, ...]:
    """
    Announce what comes out: answers and errors as JSON, and every dimension by itself.

    A dimension whose name is taken by another tensor is found in `answer` alone.
    """
    return tuple(Spec(one.name, one.datatype) for one in _columns(taxonomy, taxonomy.names))


def read_parameters(given: Mapping[str, Parameter], *, within: float | None = None) -> Options:
    """
    Read what a request chooses: `dimensions`, with commas between them, and `candidates`.

    Other parameters are for other servers.
    """
    dimensions, candidates = given.get("dimensions", ""), given.get("candidates")
    if not isinstance(dimensions, str) or not isinstance(candidates, int | None):
        raise InvalidUsage(
            "A parameter is of the wrong type.", "`dimensions` is a text, `candidates` a number."
        )
    names = [one.strip() for one in dimensions.split(",") if one.strip()]
    return make_options(names, candidates, within)


def read_messages(tensors: Sequence[Tensor], limits: Limits) -> tuple[Given, ...]:
    """
    Put the elements of the input tensors together to messages.

    Raises InvalidUsage for tensors that do not fit each other, and TooLarge for too many elements.
    One that cannot be used makes a Failure of its message alone.
    """
    problem = next(_problems_of(tensors), None)
    if problem:
        raise InvalidUsage(
            f"The input tensors cannot be used: {problem}.",
            "Send `text`, and if you like `subject`, `id` and `metadata`: BYTES, one a message.",
        )
    limits.check_count(len(tensors[0].elements))
    names = [tensor.name for tensor in tensors]
    rows = zip(*(tensor.elements for tensor in tensors), strict=True)
    return tuple(
        _message(dict(zip(names, row, strict=True)), place) for place, row in enumerate(rows, 1)
    )


def write_outputs(served: Served, wanted: Sequence[str] = ()) -> tuple[Tensor, ...]:
    """Lay the answers of a request out as tensors: those that are wanted, or all."""
    columns = {one.name: one for one in _columns(served.taxonomy, served.dimensions)}
    unknown = [name[:LONGEST_NAME] for name in wanted if name not in columns]
    if unknown:
        raise InvalidUsage(
            f"There is no output tensor {listing(unknown)}.", f"There is: {listing(columns)}."
        )
    names = dict.fromkeys(wanted) or columns
    return tuple(columns[name].filled(served.results) for name in names)


def _problems_of(tensors: Sequence[Tensor]) -> Iterator[str]:
    """Say what is wrong, at most until the first finding: each relies on those before it."""
    known = {spec.name for spec in INPUTS}
    counts = {tensor.name: len(tensor.elements) for tensor in tensors}
    unknown = [name[:LONGEST_NAME] for name in counts if name not in known]
    if unknown:
        yield f"there is no input tensor {listing(unknown)}"
    if len(counts) < len(tensors):
        yield "one of them is given twice"
    if TEXT not in counts:
        yield "`text` is missing"
    for tensor in tensors:
        if tensor.datatype != Datatype.BYTES:
            yield f"`{tensor.name}` is not of type BYTES"
        if min(tensor.shape, default=0) < 0 or prod(tensor.shape) != len(tensor.elements):
            yield f"`{tensor.name}` does not fill its shape"
        if len(tensor.elements) != counts[TEXT]:
            yield f"`{tensor.name}` has not as many elements as `text`"


def _message(row: Row, place: int) -> Given:
    name = str(place)  # until its own is read
    try:
        name = _words(row, ID, name) or fresh_id()
        return Message(
            name,
            _words(row, TEXT, name),
            _words(row, SUBJECT, name) or None,
            _metadata(_words(row, METADATA, name), name),
        )
    except InvalidMessage as error:
        return failure(name, error)


def _words(row: Row, part: str, name: str) -> str:
    element = row.get(part, "")
    try:
        words = element.decode() if isinstance(element, bytes) else element
    except UnicodeDecodeError:
        raise InvalidMessage(name, f"its {part} is not UTF-8") from None
    if not isinstance(words, str):
        raise InvalidMessage(name, f"its {part} is {type(element).__name__}, not text")
    return words


def _metadata(words: str, name: str) -> Mapping[str, MetadataValue]:
    try:
        read = from_json(words, allow_inf_nan=False) if words else {}
    except ValueError:
        raise InvalidMessage(name, "its metadata is not JSON") from None
    if not isinstance(read, dict):
        raise InvalidMessage(name, "its metadata is not a JSON object")
    if not all(isinstance(value, str | int | float) for value in read.values()):
        raise InvalidMessage(name, "its metadata holds more than texts, numbers and truths")
    return read


@dataclass(frozen=True, slots=True)
class _Column:
    """An output tensor: as it is announced, and how one result fills its element."""

    name: str
    datatype: Datatype
    cell: Callable[[Result], Element]

    def filled(self, results: Sequence[Result]) -> Tensor:
        return Tensor(
            self.name, self.datatype, (len(results),), [self.cell(one) for one in results]
        )


def _columns(taxonomy: Taxonomy, dimensions: Sequence[str]) -> tuple[_Column, ...]:
    facts = partial(facts_of, taxonomy=taxonomy, dimensions=dimensions)
    columns = [
        _Column(ID, Datatype.BYTES, lambda result: result.message_id),
        _Column("answer", Datatype.BYTES, partial(_answer, facts)),
        _Column("error", Datatype.BYTES, _error),
    ]
    for name in dimensions:
        columns += [
            _Column(name, Datatype.BYTES, partial(_labels, name)),
            _Column(f"{name}_confidence", Datatype.FP32, partial(_confidence, name)),
            _Column(f"{name}_route", Datatype.BYTES, partial(_route, name)),
        ]
    first = {one.name: one for one in reversed(columns)}
    return tuple(one for one in columns if first[one.name] is one)


def _answer(facts: Callable[[Result], Facts], result: Result) -> bytes:
    return to_json(facts(result)) if isinstance(result, Answer) else b""


def _error(result: Result) -> bytes:
    if isinstance(result, Answer):
        return b""
    return to_json({"code": result.code, "problem": result.problem})


def _labels(dimension: str, result: Result) -> str:
    return LIST_SEPARATOR.join(result[dimension].labels) if isinstance(result, Answer) else ""


def _confidence(dimension: str, result: Result) -> float:
    sure = result[dimension].confidence if isinstance(result, Answer) else None
    return NO_CONFIDENCE if sure is None else sure


def _route(dimension: str, result: Result) -> str:
    return result[dimension].route.value if isinstance(result, Answer) else ""
