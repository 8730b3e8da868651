"""Settings that were read from a file are of the kind that their fields ask for."""

from dataclasses import fields
from math import isfinite
from typing import TYPE_CHECKING

from sortyard.domain.errors import InvalidSettings

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

NAMES = {str: "text", bool: "true or false", int: "a whole number", float: "a finite number"}


def refuse_wrong_kinds(options: "DataclassInstance", source: str) -> None:
    """Raise InvalidSettings where a dataclass holds text for a number, or the like, by name."""
    problems = [
        f"{field.name} is {NAMES[field.type]}, not {getattr(options, field.name)!r}"
        for field in fields(options)
        if isinstance(field.type, type)
        and field.type in NAMES
        and not _is_kind(getattr(options, field.name), field.type)
    ]
    if problems:
        raise InvalidSettings(source, problems)


def _is_kind(value: object, kind: type) -> bool:
    """Tell whether a value is of a kind; a whole number is a number, and a truth is none."""
    if kind is float:
        return type(value) in {int, float} and isfinite(float(str(value)))
    return type(value) is kind
