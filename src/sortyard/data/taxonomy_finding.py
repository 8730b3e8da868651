"""One thing that a taxonomy could do better."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters: answers will be wrong, may be wrong, or could be better."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is wrong where, and what to do; `path` is empty where the whole dimension is meant."""

    code: str
    severity: Severity
    dimension: str
    path: str
    problem: str
    remedy: str
