"""
YAML in which every scalar is the text that was written.

YAML turns `no` into false, `1` into a number and `2020-01-01` into a date; a label may have any of
these names. So the file is read as a tree of texts, and only the schema says what is a number. It
is never constructed into objects, and so can run no code.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

NULL = "tag:yaml.org,2002:null"
MERGE = "tag:yaml.org,2002:merge"
WIDTH = 100
_BREAKS = frozenset("\r\t\x85\u2028\u2029")  # PyYAML loses some of them unless escaped

Place: TypeAlias = tuple[str | int, ...]  # the keys and positions that lead to a value


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says, where it says it, and what is wrong with its form."""

    content: Any
    lines: dict[Place, int] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def parse(text: str) -> Document:
    """Read a document as nested dicts, lists and texts; a form that is no YAML is a problem."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        return Document(None, problems=(_in_words(error),))
    except RecursionError:
        return Document(None, problems=("it is nested too deeply",))
    reader = _Reader()
    content = reader.read(root, ()) if root is not None else None
    return Document(content, reader.lines, tuple(reader.problems))


class _Reader:
    def __init__(self) -> None:
        self.lines: dict[Place, int] = {}
        self.problems: list[str] = []
        self._seen: set[int] = set()

    def read(self, node: yaml.Node, place: Place) -> Any:  # noqa: ANN401 -- YAML holds anything
        line = node.start_mark.line + 1
        self.lines.setdefault(place, line)
        if id(node) in self._seen:
            self.problems.append(f"line {line}: aliases (`*name`) are not read; write it out")
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*place, at)) for at, item in enumerate(node.value)]
        return None if node.tag == NULL and not _is_item(place) else node.value

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[Hashable, Any]:
        content: dict[Hashable, Any] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                self.problems.append(f"line {line}: a key is a text, not a list or a mapping")
                continue
            if key.value in content:
                self.problems.append(f"line {line}: {key.value!r} appears twice")
                continue
            self.lines.setdefault((*place, key.value), line)
            content[key.value] = self.read(value, (*place, key.value))
        return content


def _is_item(place: Place) -> bool:
    return bool(place) and isinstance(place[-1], int)


def _in_words(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        what = ", ".join(part for part in (error.context, error.problem) if part)
        return f"line {error.problem_mark.line + 1}: {what}"
    return " ".join(str(error).split())


class _Writer(yaml.SafeDumper):
    """Lists in block style and under their key, long texts in blocks, nothing for nothing."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001 -- PyYAML's signature
        super().increase_indent(flow, False)


def _text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None
    if _BREAKS.intersection(text):
        style = '"'
    elif "\n" in text:
        style = "|" if text == text.strip() else '"'
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _nothing(writer: yaml.SafeDumper, _: None) -> yaml.ScalarNode:
    return writer.represent_scalar(NULL, "")


_Writer.add_representer(str, _text)
_Writer.add_representer(type(None), _nothing)


def render(content: dict[str, Any]) -> str:
    """Write nested dicts, lists, texts, numbers and booleans."""
    return yaml.dump(content, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=WIDTH)
