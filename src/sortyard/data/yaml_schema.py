"""Files that people write in YAML: their shape is checked, and their mistakes are said in words."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator
from pydantic_core import ErrorDetails

from sortyard.data.taxonomy_yaml import Document, Place
from sortyard.domain.errors import NewerFormat, SortyardError, did_you_mean, listing


def _listed(said: object) -> object:
    """Read `team: legal` as `team: [legal]`."""
    return [said] if isinstance(said, str) else said


OneOrMore = Annotated[list[str], BeforeValidator(_listed)]
Known: TypeAlias = Callable[[Place], tuple[str, ...]]  # the keys that there may be beside one


class Entry(BaseModel):
    """A part of a file; an unknown key is an error, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_the_default(cls, said: Any) -> Any:  # noqa: ANN401 -- not yet validated
        """Read `definition:` with nothing after it as if the line were not there."""
        if isinstance(said, dict):
            return {key: value for key, value in said.items() if value is not None}
        return said


def text_of(path: Path, refusal: Callable[[str, list[str]], SortyardError]) -> str:
    """Read such a file; one that cannot be read raises what `refusal` makes of it."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise refusal(str(path), [f"it cannot be opened: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        raise refusal(str(path), [f"byte {error.start} is not UTF-8"]) from error


def refuse_newer(document: Document, source: str, *, known: int) -> None:
    """Raise NewerFormat for a file that a later version wrote."""
    if not isinstance(document.content, dict):
        return
    found = document.content.get("format")
    if isinstance(found, str) and found.strip().isdecimal() and int(found) > known:
        raise NewerFormat(source, int(found), known)


def in_words(error: ValidationError, document: Document, known: Known) -> Iterator[str]:
    """Say where each mistake is, in the file's own lines and words, and what would be right."""
    for one in error.errors():
        place = one["loc"]
        while place not in document.lines:
            place = place[:-1]
        where = " > ".join(str(part) for part in place) or "the file"
        yield f"line {document.lines[place]}, {where}: {_what_is_wrong(one, known)}"


def _what_is_wrong(error: ErrorDetails, known: Known) -> str:
    *_, key = error["loc"] or ("",)
    written = repr(error["input"])
    match error["type"]:
        case "extra_forbidden":
            keys = known(error["loc"])
            guess = did_you_mean([str(key)], keys).removeprefix("Did").rstrip()
            why = (
                f"no such key; {f'did{guess}' if guess else f'there is {listing(keys, limit=20)}'}"
            )
        case "missing":
            why = f"{key!r} is missing"
        case "value_error":
            why = str(error["ctx"]["error"])
        case "too_short":
            why = "it is empty"
        case "list_type":
            why = "this is a list; write each entry on a line of its own, after `- `"
        case "dict_type" | "model_type":
            why = f"this is a mapping (`key: value` lines), not {written}"
        case "string_type":
            why = f"this is a text, not {written}"
        case _:
            why = f"{error['msg'].replace('Input should be', 'this should be')}, not {written}"
    return why
