"""One readable file for the whole taxonomy: `taxonomy.yaml`."""

import os
import tempfile
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sortyard.data.taxonomy_schema import FORMAT, TaxonomyEntry, known_keys
from sortyard.data.taxonomy_yaml import Document, parse, render
from sortyard.domain.errors import CannotWrite, InvalidTaxonomy, NewerFormat, did_you_mean, listing
from sortyard.domain.taxonomy import Taxonomy

HEADER = """\
# The labels that messages are sorted into, and what each of them means.
# A label can say: definition, includes, excludes, boundary_rules, examples, counterexamples
# (text and why), minimum_confidence, always_review, error_cost, children.
# `sortyard taxonomy lint` says what is missing or contradicts itself.
"""


def read_taxonomy(path: Path) -> Taxonomy:
    """Read a taxonomy; InvalidTaxonomy lists everything that is wrong, with lines."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InvalidTaxonomy(str(path), [f"it cannot be opened: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        raise InvalidTaxonomy(str(path), [f"byte {error.start} is not UTF-8"]) from error
    return parse_taxonomy(text, str(path))


def parse_taxonomy(text: str, source: str) -> Taxonomy:
    """Read a taxonomy from the text of its file; `source` names it in errors."""
    document = parse(text)
    _refuse_newer(document, source)
    if document.content is None and not document.problems:
        raise InvalidTaxonomy(source, ["it is empty"])
    if document.content is None:
        raise InvalidTaxonomy(source, document.problems)
    try:
        entry = TaxonomyEntry.model_validate(document.content)
    except ValidationError as error:
        problems = [_in_words(one, document) for one in error.errors()]
        raise InvalidTaxonomy(source, [*document.problems, *problems]) from None
    if document.problems:
        raise InvalidTaxonomy(source, document.problems)
    return entry.taxonomy()


def write_taxonomy(taxonomy: Taxonomy, path: Path) -> None:
    """Write a taxonomy beside its place and then move it there, so that no half file remains."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(render_taxonomy(taxonomy))
            Path(beside).replace(path)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise CannotWrite(str(path), error.strerror or str(error)) from error


def render_taxonomy(taxonomy: Taxonomy) -> str:
    """Write a taxonomy as the text of its file; the same content gives the same text."""
    return HEADER + render(TaxonomyEntry.of(taxonomy).content())


def _refuse_newer(document: Document, source: str) -> None:
    if not isinstance(document.content, dict):
        return
    found = document.content.get("format")
    if isinstance(found, str) and found.strip().isdecimal() and int(found) > FORMAT:
        raise NewerFormat(source, int(found), FORMAT)


def _in_words(error: ErrorDetails, document: Document) -> str:
    """Say where it is, in the file's own lines and words, and what would be right."""
    place = error["loc"]
    while place not in document.lines:
        place = place[:-1]
    where = " > ".join(str(part) for part in place) or "the file"
    return f"line {document.lines[place]}, {where}: {_what_is_wrong(error)}"


def _what_is_wrong(error: ErrorDetails) -> str:
    *_, key = error["loc"] or ("",)
    written = repr(error["input"])
    match error["type"]:
        case "extra_forbidden":
            known = known_keys(error["loc"])
            guess = did_you_mean([str(key)], known).removeprefix("Did").rstrip()
            why = (
                f"no such key; {f'did{guess}' if guess else f'there is {listing(known, limit=20)}'}"
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
