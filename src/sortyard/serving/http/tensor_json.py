"""The JSON of the Open Inference Protocol."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from sortyard.serving.http.bodies import Count, Name


class InferTensor(BaseModel):
    """
    One tensor, its elements in a row or nested as its shape says.

    Where they follow the JSON as raw bytes, the parameter `binary_data_size` says how many bytes
    are the tensor's, and the header `Inference-Header-Content-Length` how long the JSON is.
    """

    model_config = ConfigDict(strict=True, allow_inf_nan=False)

    name: Name
    datatype: Name
    shape: Annotated[list[Count], Field(max_length=8)]
    data: list[Any] | None = None
    parameters: dict[str, Any] | None = None


class InferOutput(BaseModel):
    """An output tensor that is wanted; with the parameter `binary_data`, as raw bytes."""

    model_config = ConfigDict(strict=True)

    name: Name
    parameters: dict[str, Any] | None = None


class InferBody(BaseModel):
    """
    Tensors to answer: `text`, and if you like `subject`, `id` and `metadata`, all of type BYTES.

    Of the parameters, `dimensions` (with commas between them), `candidates` and
    `binary_data_output` (whether all outputs are wanted as raw bytes) are heeded.
    """

    model_config = ConfigDict(
        strict=True,
        allow_inf_nan=False,
        json_schema_extra={
            "examples": [
                {
                    "inputs": [
                        {
                            "name": "text",
                            "datatype": "BYTES",
                            "shape": [1],
                            "data": ["My card was charged twice."],
                        }
                    ]
                }
            ]
        },
    )

    id: Name | None = None
    parameters: dict[str, Any] | None = None
    inputs: Annotated[list[InferTensor], Field(max_length=100)]
    outputs: Annotated[list[InferOutput], Field(max_length=1_000)] | None = None


class TensorResult(BaseModel):
    """
    One output tensor, an element a message. A confidence that is null is -1.

    Elements that are wanted as raw bytes follow the JSON; `binary_data_size` says how many bytes.
    """

    name: str
    datatype: str
    shape: list[int]
    data: list[str | float] | None = None
    parameters: dict[str, int] | None = None


class InferResult(BaseModel):
    """The answers, laid out as tensors. The version is the release that gave them."""

    model_name: str
    model_version: str
    id: str | None = None
    outputs: list[TensorResult]


class ServerMetadata(BaseModel):
    """What server this is."""

    name: str
    version: str
    extensions: list[str]


class Live(BaseModel):
    """Whether the process runs."""

    live: bool


class ReadyV2(BaseModel):
    """Whether messages are answered now."""

    ready: bool


class ModelReady(BaseModel):
    """Whether the model answers now."""

    name: str
    ready: bool


class TensorMetadata(BaseModel):
    """A tensor as it is announced."""

    name: str
    datatype: str
    shape: list[int]


class ModelMetadata(BaseModel):
    """The tensors of the model."""

    name: str
    versions: list[str]
    platform: str
    inputs: list[TensorMetadata]
    outputs: list[TensorMetadata]
