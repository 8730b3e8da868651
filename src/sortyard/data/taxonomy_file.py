"""One readable file for the whole taxonomy: `taxonomy.yaml`."""

import os
import tempfile
from pathlib import Path

from pydantic import ValidationError

from sortyard.data.taxonomy_schema import FORMAT, TaxonomyEntry, known_keys
from sortyard.data.taxonomy_yaml import parse, render
from sortyard.data.yaml_schema import in_words, refuse_newer, text_of
from sortyard.domain.errors import CannotWrite, InvalidTaxonomy
from sortyard.domain.taxonomy import Taxonomy

HEADER = """\
# The labels that messages are sorted into, and what each of them means.
# A label can say: definition, includes, excludes, boundary_rules, examples, counterexamples
# (text and why), minimum_confidence, always_review, error_cost, children.
# `sortyard taxonomy lint` says what is missing or contradicts itself.
"""


def read_taxonomy(path: Path) -> Taxonomy:
    """Read a taxonomy; InvalidTaxonomy lists everything that is wrong, with lines."""
    return parse_taxonomy(text_of(path, InvalidTaxonomy), str(path))


def parse_taxonomy(text: str, source: str) -> Taxonomy:
    """Read a taxonomy from the text of its file; `source` names it in errors."""
    document = parse(text)
    refuse_newer(document, source, known=FORMAT)
    if document.content is None and not document.problems:
        raise InvalidTaxonomy(source, ["it is empty"])
    if document.content is None:
        raise InvalidTaxonomy(source, document.problems)
    try:
        entry = TaxonomyEntry.model_validate(document.content)
    except ValidationError as error:
        problems = in_words(error, document, known_keys)
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
