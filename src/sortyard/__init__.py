"""
Sort a company's incoming messages into its own labels, and know how sure the answer is.

`load` opens a release, `train` makes one, `SortyardClassifier` does both the scikit-learn way.
Everything is loaded when it is first asked for, so that importing the package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # for type checkers and editors; at run time `__getattr__` finds them
    from sortyard.app.estimator import SortyardClassifier as SortyardClassifier
    from sortyard.app.loading import load as load
    from sortyard.app.training import train as train
    from sortyard.domain.errors import SortyardError as SortyardError
    from sortyard.domain.messages import Message as Message
    from sortyard.domain.predictions import Answer as Answer
    from sortyard.domain.predictions import Choice as Choice
    from sortyard.domain.predictions import Failure as Failure
    from sortyard.domain.predictions import Route as Route
    from sortyard.models.classifier import Classifier as Classifier

__version__ = "0.1.0"

_HOMES = {
    "Answer": "domain.predictions",
    "Choice": "domain.predictions",
    "Classifier": "models.classifier",
    "Failure": "domain.predictions",
    "Message": "domain.messages",
    "Route": "domain.predictions",
    "SortyardClassifier": "app.estimator",
    "SortyardError": "domain.errors",
    "load": "app.loading",
    "train": "app.training",
}

__all__ = [*_HOMES]  # noqa: PLE0604 -- the names above, once


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- one of several things
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from sortyard.app.extras import explaining_absence  # noqa: PLC0415 -- importing us costs nothing

    with explaining_absence():
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
