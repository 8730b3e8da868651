"""One readable file for the rules of a workspace: `rules.yaml`."""

from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from sortyard.data.rules_schema import FORMAT, RulesEntry, content_of, known_keys
from sortyard.data.taxonomy_yaml import parse, render
from sortyard.data.yaml_schema import in_words, refuse_newer, text_of
from sortyard.domain.errors import InvalidRules
from sortyard.domain.rules import Rule

HEADER = """\
# Rules before and after the models: each answers, vetoes, or asks for a person.
# `sortyard rules check` tries every rule on its own examples.
"""


def read_rules(path: Path) -> tuple[Rule, ...]:
    """Read rules; InvalidRules lists everything that is wrong, with lines."""
    return parse_rules(text_of(path, InvalidRules), str(path))


def parse_rules(text: str, source: str) -> tuple[Rule, ...]:
    """Read rules from the text of their file; `source` names it in errors. Nothing is no rule."""
    document = parse(text)
    refuse_newer(document, source, known=FORMAT)
    if document.content is None and not document.problems:
        return ()
    try:
        entry = RulesEntry.model_validate(document.content)
    except ValidationError as error:
        problems = [] if document.content is None else in_words(error, document, known_keys)
        raise InvalidRules(source, [*document.problems, *problems]) from None
    if document.problems:
        raise InvalidRules(source, document.problems)
    return tuple(one.rule() for one in entry.rules)


def render_rules(rules: Iterable[Rule]) -> str:
    """Write rules as the text of their file; the same rules give the same text."""
    return HEADER + render({"format": FORMAT, "rules": [content_of(rule) for rule in rules]})
