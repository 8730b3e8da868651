"""The rules that a release must pass before it ships, from one readable file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sortyard.domain.errors import InvalidSettings

Share: TypeAlias = Annotated[float, Field(ge=0.0, le=1.0)]
Positive: TypeAlias = Annotated[float, Field(gt=0.0)]


class _Entries(BaseModel):
    """Entries of the gates file; an unknown name is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, allow_inf_nan=False)


class LabelGates(_Entries):
    """Floors for one label."""

    min_precision: Share | None = Field(default=None, description="of its answers, the share right")
    min_recall: Share | None = Field(default=None, description="of its messages, the share found")
    min_f1: Share | None = Field(
        default=None, description="replaces min_per_class_f1 for this label"
    )


class DimensionGates(_Entries):
    """What differs for one dimension; an entry that is absent keeps the general limit."""

    min_macro_f1: Share | None = None
    min_accuracy: Share | None = None
    min_per_class_f1: Share | None = None
    max_ece: Share | None = None
    min_auto_precision: Share | None = None
    max_slice_gap: Share | None = None
    labels: Mapping[str, LabelGates] = Field(default_factory=dict)


class Gates(_Entries):
    """
    Every limit that a release is held to.

    The same names hold for every dimension, unless `dimensions` says otherwise for one of them.
    """

    min_macro_f1: Share | None = Field(default=0.65, description="mean F1 over labels")
    min_accuracy: Share | None = Field(
        default=0.70, description="share of right answers; micro F1 for a multi dimension"
    )
    min_per_class_f1: Share | None = Field(default=0.50, description="F1 of the weakest label")
    max_ece: Share | None = Field(default=0.05, description="expected calibration error")
    min_auto_precision: Share | None = Field(
        default=None, examples=[0.95], description="of automatic answers, share right"
    )
    max_slice_gap: Share | None = Field(
        default=None,
        examples=[0.10],
        description="accuracy of the best slice minus the worst, by metadata column",
    )
    max_latency_p95_ms: Positive | None = Field(
        default=None, examples=[10.0], description="one message, 95th percentile"
    )
    min_messages_per_second: Positive | None = Field(
        default=None, examples=[1000.0], description="in a batch"
    )
    min_rows: int = Field(
        default=20, ge=1, description="with fewer rows a figure fails only if its upper bound does"
    )
    dimensions: Mapping[str, DimensionGates] = Field(default_factory=dict)

    def limit(self, gate: str, dimension: str) -> float | None:
        """Look a limit up, the dimension's own first; None where there is none."""
        own = getattr(self.dimensions.get(dimension), gate, None)
        limit: float | None = getattr(self, gate) if own is None else own
        return limit

    def floors(self, dimension: str) -> Mapping[str, LabelGates]:
        """The labels of a dimension that have floors of their own."""
        own = self.dimensions.get(dimension)
        return own.labels if own else {}


@dataclass(frozen=True, slots=True)
class GateEntry:
    """One name of the gates file, as the docs list it; `example` is the default if there is one."""

    name: str
    default: float | None
    example: float
    meaning: str


def read_gates(path: Path) -> Gates:
    """Read a gates file (TOML). Every wrong entry is named in one `InvalidSettings`."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidSettings(path.name, [f"it cannot be read ({type(error).__name__})"]) from error
    return parse_gates(text, source=path.name)


def parse_gates(text: str, *, source: str = "gates.toml") -> Gates:
    """Read gates from TOML text."""
    try:
        return gates_of(tomllib.loads(text), source=source)
    except tomllib.TOMLDecodeError as error:
        raise InvalidSettings(source, [f"it is not TOML: {error}"]) from error


def gates_of(entries: Mapping[str, Any], *, source: str = "gates") -> Gates:
    """Check a mapping of gates, such as a `[gates]` table of another file."""
    try:
        return Gates.model_validate(entries)
    except ValidationError as error:
        problems = [_in_words({**problem}) for problem in error.errors(include_url=False)]
        raise InvalidSettings(source, problems) from error


def entries() -> tuple[GateEntry, ...]:
    """List every limit with its default, an example and its meaning, for the docs."""
    return tuple(
        GateEntry(name, one.default, (one.examples or [one.default])[0], one.description or "")
        for name, one in Gates.model_fields.items()
        if name != "dimensions"
    )


def default_text() -> str:
    """Write the gates file that a new workspace starts with: every limit, set or as a comment."""
    lines = [
        "# Gates: a release that fails one of these never ships.",
        "# A floor of 0 and a ceiling of 1 switch a gate off.",
        "",
    ]
    for one in entries():
        setting = f"{'# ' if one.default is None else ''}{one.name} = {one.example:g}"
        lines.append(f"{setting:<34} # {one.meaning}")
    return "\n".join([*lines, "", *EXAMPLE.splitlines(), ""])


EXAMPLE = """\
# A dimension can have its own limits, and a label its own floors:
# [dimensions.team]
# min_accuracy = 0.80
# [dimensions.team.labels."billing/refunds"]
# min_recall = 0.90
# min_precision = 0.85"""


def _in_words(problem: Mapping[str, Any]) -> str:
    place = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"{place} is not the name of a gate"
    return f"{place}: {problem['msg'][:1].lower()}{problem['msg'][1:]}, not {problem['input']!r}"
