"""Values as plain JSON: a figure that is not defined is null, never NaN."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from math import isfinite
from typing import TypeAlias

import numpy as np

Plain: TypeAlias = "str | int | float | bool | list[Plain] | dict[str, Plain] | None"

DIGITS = 6  # a share of a million messages is exact


def plain(value: object) -> Plain:
    """
    Turn a measure into what JSON can hold.

    Dataclasses and mappings become objects, sequences lists; figures are rounded to six digits.
    """
    if value is None or isinstance(value, bool | str):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return round(value, DIGITS) if isfinite(value) else None
    if isinstance(value, datetime):
        return value.isoformat()
    return _of_many(value)


def _of_many(value: object) -> Plain:
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, Sequence):
        return [plain(one) for one in value]
    raise TypeError(type(value).__name__)
