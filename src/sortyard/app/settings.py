"""
The settings of a workspace, declared once: name, type, default and help.

The command line beats the environment (`SORTYARD_…`), which beats `sortyard.toml`, which beats
the default. Unknown names and wrong values are errors, all of them at once.
"""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeAlias

from sortyard.domain.errors import InvalidSettings, did_you_mean

FILE = "sortyard.toml"
PREFIX = "SORTYARD_"
SEED = 20
KINDS = {str: "text", int: "number", bool: "yes or no", tuple: "list of texts"}
WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}

Value: TypeAlias = str | int | bool | tuple[str, ...]


def _setting(about: str, default: Value, *, choices: tuple[str, ...] = ()) -> Any:  # noqa: ANN401 -- it stands for a field of any type, as `field` does
    return field(default=default, metadata={"about": about, "default": default, "choices": choices})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything about a workspace that a person may choose, resolved."""

    recipe: str = _setting("What to train: `quick`, or `edge` for one small file.", "quick")
    seed: int = _setting("Where the random numbers of splits and training start.", SEED)
    text: tuple[str, ...] = _setting("The columns to read as text; guessed where empty.", ())
    label: tuple[str, ...] = _setting(
        "The label columns: `COLUMN`, `NAME=COLUMN` or `PARENT/CHILD`; guessed where empty.", ()
    )
    id: str = _setting("The column with the ids of messages; guessed where empty.", "")
    group: str = _setting("The column whose rows stay together in a split, say a thread.", "")
    time: str = _setting("The column to split by time, so that the latest rows are the test.", "")
    taxonomy: str = _setting("The taxonomy file, as seen from the workspace.", "taxonomy.yaml")
    gates: str = _setting("The gates file; the default gates where it is absent.", "gates.toml")
    encoder: str = _setting("A folder with encoder weights; the installed ones where empty.", "")
    download: bool = _setting("Whether encoder weights may be downloaded.", default=False)
    cache: str = _setting("Where exported encoders are kept; your cache folder where empty.", "")
    promote: str = _setting(
        "Which release that passes its gates becomes champion by itself.",
        "first",
        choices=("first", "always", "never"),
    )


@dataclass(frozen=True, slots=True)
class Declared:
    """One setting as it is declared."""

    name: str
    about: str
    default: Value
    choices: tuple[str, ...] = ()

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
            case tuple():
                return tuple(part.strip() for part in words.split(",") if part.strip())
            case _:
                return words

    def accepts(self, value: object) -> bool:
        """Tell whether a value has the right type, and is one of the choices."""
        if type(value) is not type(self.default):
            return False
        if isinstance(value, tuple):
            return all(isinstance(part, str) for part in value)
        return not self.choices or value in self.choices

    @property
    def expectation(self) -> str:
        """What a right value looks like."""
        return f"one of {', '.join(self.choices)}" if self.choices else f"a {self.kind}"


DECLARED: tuple[Declared, ...] = tuple(
    Declared(one.name, one.metadata["about"], one.metadata["default"], one.metadata["choices"])
    for one in fields(Settings)
)
BY_NAME: Mapping[str, Declared] = {one.name: one for one in DECLARED}


def resolve(
    folder: Path, *, given: Mapping[str, Value | None], environment: Mapping[str, str]
) -> Settings:
    """
    Put the settings of a workspace together; `given` are those of the command line.

    A setting that is `None` in `given` was not given. Raises `InvalidSettings`.
    """
    path = folder / FILE
    chosen = _checked(str(path), _from_file(path)) if path.is_file() else {}
    chosen |= _checked("The environment", _from_environment(environment))
    chosen |= _checked("The command line", [(k, v) for k, v in given.items() if v is not None])
    return Settings(**chosen)


def first_file(chosen: Mapping[str, Value | None]) -> str:
    """Write the text of a new `sortyard.toml`: every setting explained, the chosen ones set."""
    lines = ["# The settings of this workspace. A line without # is set; the rest are defaults."]
    for one in DECLARED:
        value = chosen.get(one.name)
        mark = "# " if value is None else ""
        shown = one.default if value is None else value
        lines += ["", f"# {one.about}", f"{mark}{one.name} = {_toml(shown)}"]
    return "\n".join(lines) + "\n"


def _from_file(path: Path) -> list[tuple[str, object]]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidSettings(str(path), [f"it is not TOML ({error})"]) from None
    return [(k, tuple(v) if isinstance(v, list) else v) for k, v in table.items()]


def _from_environment(environment: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    """
    Read the variables that name a setting, or nearly do.

    A variable that resembles none is not ours: container platforms add some of their own.
    """
    for variable, words in sorted(environment.items()):
        name = variable.removeprefix(PREFIX).lower()
        if not variable.startswith(PREFIX):
            continue
        if name in BY_NAME:
            try:
                yield name, BY_NAME[name].parse(words)
            except (ValueError, KeyError):
                yield name, words  # of the wrong type, and refused for it
        elif get_close_matches(name, BY_NAME, n=1, cutoff=0.8):
            yield name, words


def _checked(source: str, found: Iterable[tuple[str, object]]) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    problems: list[str] = []
    for name, value in found:
        declared = BY_NAME.get(name)
        if declared is None:
            hint = did_you_mean([name], BY_NAME).strip().rstrip("?")
            problems.append(f"{name!r} is no setting{f' ({hint}?)' if hint else ''}")
        elif not declared.accepts(value):
            problems.append(f"{name!r} is {declared.expectation}, not {_readable(value)}")
        else:
            chosen[name] = value
    if problems:
        raise InvalidSettings(source, problems)
    return chosen


def _readable(value: object) -> str:
    return repr(list(value) if isinstance(value, tuple) else value)


def _toml(value: Value) -> str:
    """Write a value as TOML; its texts, numbers and lists are those of JSON."""
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
