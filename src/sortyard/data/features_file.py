"""One readable file for the features of a workspace: `features.yaml`."""

from pathlib import Path

from pydantic import ValidationError

from sortyard.data.features_schema import FORMAT, FeaturesEntry, known_keys
from sortyard.data.taxonomy_yaml import parse
from sortyard.data.yaml_schema import in_words, refuse_newer, text_of
from sortyard.domain.errors import InvalidFeatures
from sortyard.domain.features import NOTHING_DECLARED, Declaration


def read_features(path: Path) -> Declaration:
    """Read what is declared; InvalidFeatures lists everything that is wrong, with lines."""
    return parse_features(text_of(path, InvalidFeatures), str(path))


def parse_features(text: str, source: str) -> Declaration:
    """Read the text of such a file; `source` names it in errors. Nothing declares nothing."""
    document = parse(text)
    refuse_newer(document, source, known=FORMAT)
    if document.content is None and not document.problems:
        return NOTHING_DECLARED
    try:
        entry = FeaturesEntry.model_validate(document.content)
    except ValidationError as error:
        problems = [] if document.content is None else in_words(error, document, known_keys)
        raise InvalidFeatures(source, [*document.problems, *problems]) from None
    if document.problems:
        raise InvalidFeatures(source, document.problems)
    return entry.declaration()
