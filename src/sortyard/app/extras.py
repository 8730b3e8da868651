"""The optional parts of the installation, and what to say where one is absent."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sortyard.domain.errors import MissingExtra

PURPOSES: Mapping[str, str] = {"train": "read archives, train and evaluate"}
MODULES: Mapping[str, str] = {
    "charset_normalizer": "train",
    "huggingface_hub": "train",
    "jinja2": "train",
    "markupsafe": "train",
    "onnx": "train",
    "pyarrow": "train",
    "sklearn": "train",
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
