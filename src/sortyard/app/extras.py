"""The optional parts of the installation, and what to say where one is absent."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sortyard.domain.errors import MissingExtra

PURPOSES: Mapping[str, str] = {
    "train": "read archives, train and evaluate",
    "serve": "serve, and keep what was answered",
    "names": "find names and places",
    "language": "tell languages apart",
    "tune": "tune an encoder or a language model",
}
MODULES: Mapping[str, str] = {
    "alembic": "serve",
    "charset_normalizer": "train",
    "cryptography": "serve",
    "fastapi": "serve",
    "google": "serve",  # protobuf
    "grpc": "serve",
    "grpc_health": "serve",
    "httptools": "serve",
    "huggingface_hub": "train",
    "jinja2": "train",
    "markupsafe": "train",
    "onnx": "train",
    "opentelemetry": "serve",
    "peft": "tune",
    "prometheus_client": "serve",
    "psycopg": "serve",
    "py3langid": "language",
    "pyarrow": "train",
    "re2": "serve",
    "sklearn": "train",
    "spacy": "names",
    "sqlalchemy": "serve",
    "starlette": "serve",  # what FastAPI is made of
    "torch": "tune",
    "transformers": "tune",
    "uvicorn": "serve",
    "uvloop": "serve",
}


@contextmanager
def explaining_absence() -> Iterator[None]:
    """Turn the absence of a library into `MissingExtra`, which says what to install."""
    try:
        yield
    except ModuleNotFoundError as error:
        extra = MODULES.get((error.name or "").split(".")[0])
        if extra is None:
            raise
        raise MissingExtra(extra, PURPOSES[extra]) from error
