"""How a setting is declared: its type is that of its default, and its limits are stated."""

from dataclasses import Field, dataclass, field
from math import isfinite
from typing import Any, Self, TypeAlias

PREFIX = "SORTYARD_"
KINDS = {
    str: "text",
    int: "number",
    float: "number",
    bool: "yes or no",
    tuple: "list of texts",
}
WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}

Value: TypeAlias = str | int | float | bool | tuple[str, ...]


def setting(
    about: str,
    default: Value,
    *,
    choices: tuple[str, ...] = (),
    least: float | None = None,
    most: float | None = None,
) -> Any:  # noqa: ANN401 -- it stands for a field of any type, as `field` does
    """Declare a field of the settings: what it means, its default, and what it may be."""
    stated = {
        "about": about,
        "default": default,
        "choices": choices,
        "least": least,
        "most": most,
    }
    return field(default=default, metadata=stated)


@dataclass(frozen=True, slots=True)
class Declared:
    """One setting as it is declared."""

    name: str
    about: str
    default: Value
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None

    @classmethod
    def of(cls, declared: Field[Any]) -> Self:
        """Read what was declared for a field."""
        return cls(declared.name, **declared.metadata)

    @property
    def kind(self) -> str:
        """The type, in words."""
        return KINDS[type(self.default)]

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return PREFIX + self.name.upper()

    def parse(self, words: str) -> Value:
        """Read a value from the environment, where everything is text."""
        match self.default:
            case bool():
                return WORDS[words.strip().lower()]
            case int():
                return int(words)
            case float():
                return float(words)
            case tuple():
                return tuple(part.strip() for part in words.split(",") if part.strip())
            case _:
                return words

    def settled(self, value: object) -> object:
        """Give a whole number the type of a setting that may be a fraction."""
        if isinstance(self.default, float) and type(value) is int:
            return float(value)
        return value

    def accepts(self, value: object) -> bool:
        """Tell whether a value has the right type, and is one of those that are allowed."""
        if type(value) is not type(self.default):
            return False
        if isinstance(value, tuple):
            return all(isinstance(part, str) for part in value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return isfinite(value) and self._within(value)
        return not self.choices or value in self.choices

    @property
    def expectation(self) -> str:
        """What a right value looks like."""
        if self.choices:
            return f"one of {', '.join(self.choices)}"
        if self.least is None:
            return f"a {self.kind}"
        upwards = "" if self.most is None else f" to {self.most:,}"
        return f"a {self.kind} from {self.least:,}{upwards}"

    def _within(self, value: float) -> bool:
        """Heed the limits; an upper one never stands alone."""
        if self.least is None:
            return True
        return self.least <= value and (self.most is None or value <= self.most)
