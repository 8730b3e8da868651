"""What the OpenAPI document says beside what FastAPI reads from the routes."""

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from sortyard.serving.http.bodies import (
    ClassifyMany,
    ClassifyOne,
    ExplainBody,
    MessageBody,
    PromoteBody,
    RollbackBody,
)
from sortyard.serving.http.problems import MEDIA_TYPE
from sortyard.serving.http.results import ProblemResult
from sortyard.serving.http.security import OPEN, OPEN_ON_THIS_MACHINE
from sortyard.serving.http.tensor_json import InferBody

REFERENCE = "#/components/schemas/{model}"
KEY = "key"
BODIES: tuple[type[BaseModel], ...] = (
    ClassifyOne,
    ClassifyMany,
    MessageBody,
    ExplainBody,
    PromoteBody,
    RollbackBody,
    InferBody,
    ProblemResult,
)
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": about,
        "content": {MEDIA_TYPE: {"schema": {"$ref": REFERENCE.format(model="ProblemResult")}}},
    }
    for status, about in (
        ("4XX", "The request cannot be answered, and says why."),
        ("5XX", "The server cannot answer now."),
    )
}


class Api(FastAPI):
    """A FastAPI application whose routes read their bodies themselves, for speed."""

    def openapi(self) -> dict[str, Any]:
        """Describe the interface: with the schemas of bodies, and with the key."""
        if self.openapi_schema is not None:  # anybody may ask for it, so it is made once
            return self.openapi_schema
        document = super().openapi()
        parts = document.setdefault("components", {})
        _, bodies = models_json_schema(
            [(model, "validation") for model in BODIES], ref_template=REFERENCE
        )
        parts["schemas"] = parts.get("schemas", {}) | bodies["$defs"]
        parts["securitySchemes"] = {KEY: {"type": "http", "scheme": "bearer"}}
        for path, operations in document["paths"].items():
            for operation in operations.values():
                operation["security"] = _security(path)
        return document


def body_of(*models: type[BaseModel], required: bool = True) -> dict[str, Any]:
    """Describe a JSON body that is one of some models."""
    references = [{"$ref": REFERENCE.format(model=model.__name__)} for model in models]
    schema = references[0] if len(references) == 1 else {"anyOf": references}
    return {
        "requestBody": {"required": required, "content": {"application/json": {"schema": schema}}}
    }


def _security(path: str) -> list[dict[str, list[str]]]:
    """Say which key a path needs; none where it is open, and one or none where that depends."""
    if path in OPEN:
        return []
    return [{KEY: []}, {}] if path in OPEN_ON_THIS_MACHINE else [{KEY: []}]
