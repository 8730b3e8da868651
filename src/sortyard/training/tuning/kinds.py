"""Settings read from a file: known by name, and of the kind that their fields ask for."""

from collections.abc import Mapping
from dataclasses import fields
from math import isfinite
from typing import TYPE_CHECKING, Any

from sortyard.domain.errors import InvalidSettings, did_you_mean, listing

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

NAMES = {str: "text", bool: "true or false", int: "a whole number", float: "a finite number"}


def refuse_unknown(
    stored: Mapping[str, Any], options: "type[DataclassInstance]", source: str
) -> None:
    """Raise InvalidSettings, with the nearest name, where a dataclass has no such field."""
    known = [field.name for field in fields(options)]
    unknown = [name for name in stored if name not in known]
    if unknown:
        guess = did_you_mean(unknown, known)
        raise InvalidSettings(source, [f"it has no setting {listing(unknown)}. {guess}"])


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
