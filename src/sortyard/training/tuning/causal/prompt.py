"""What a language model reads in front of its answer: one value, kept beside the model."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Final, Self

from sortyard.domain.errors import InvalidSettings, NewerFormat
from sortyard.domain.taxonomy import Node

FORMAT: Final = 1
SOURCE: Final = "prompt.json"
SYSTEM = "Sort the message. Answer with one label, and with nothing else."
ANSWER = "Label:"


class Form(StrEnum):
    """How the labels are told, the most telling first."""

    CARDS = "cards"  # with their definitions
    NAMES = "names"
    BARE = "bare"  # not at all: what they are called is learnt from the rows alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """
    The text around a message.

    It ends with a new line, so that a label always begins one, and is cut into tokens the same way
    whatever stands before it. `labels` are those told in `head`, in the order in which they stand
    there. `marks` are the special tokens of the model; a message that spells one of them gets a
    space into it, so that nobody ends a prompt from within.
    """

    form: Form
    head: str
    tail: str = f"\n{ANSWER}\n"
    labels: tuple[str, ...]
    marks: tuple[str, ...] = ()
    most_tokens: int = 256

    def __post_init__(self) -> None:
        if not self.tail.endswith("\n"):
            raise InvalidSettings(SOURCE, ["tail ends with a new line"])
        if self.most_tokens < 1:
            raise InvalidSettings(SOURCE, [f"most_tokens is 1 or more, not {self.most_tokens}"])

    def around(self, line: str) -> str:
        """Put a message that `line` has prepared where it belongs."""
        return f"{self.head}{line}{self.tail}"

    def line(self, message: str) -> str:
        """Make one line of a message, without special tokens."""
        text = " ".join(message.split())
        for mark in self.marks:
            text = text.replace(mark, f"{mark[:1]} {mark[1:]}")
        return text

    def cut_at(self, most_tokens: int) -> "Prompt":
        """Leave less room for a message."""
        return replace(self, most_tokens=most_tokens)

    def to_dict(self) -> dict[str, Any]:
        return {"format": FORMAT, **asdict(self)}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Read what `to_dict` wrote; raises NewerFormat and InvalidSettings."""
        found = stored.get("format")
        if isinstance(found, int) and found > FORMAT:
            raise NewerFormat(SOURCE, found, FORMAT)
        try:
            return cls(
                form=Form(stored["form"]),
                head=str(stored["head"]),
                tail=str(stored["tail"]),
                labels=tuple(map(str, stored["labels"])),
                marks=tuple(map(str, stored["marks"])),
                most_tokens=int(stored["most_tokens"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidSettings(SOURCE, [f"{type(error).__name__}: {error}"]) from None


def write_prompt(
    nodes: Sequence[Node], *, form: Form, marks: Sequence[str], most_tokens: int
) -> Prompt:
    """Tell some labels in one form, in the order in which they are given."""
    lines = [SYSTEM, ""]
    if form is not Form.BARE:
        lines += ["Labels:", *(_line(node, form) for node in nodes), ""]
    return Prompt(
        form=form,
        head="\n".join([*lines, "Message: "]),
        labels=tuple(node.path for node in nodes),
        marks=tuple(sorted({mark for mark in marks if len(mark) > 1}, key=lambda one: -len(one))),
        most_tokens=most_tokens,
    )


def choose_prompt(
    nodes: Sequence[Node],
    *,
    count: Callable[[str], int],
    most_label_tokens: int,
    marks: Sequence[str],
    most_tokens: int,
) -> Prompt:
    """
    Tell the labels as well as the room allows, `count` being the number of tokens of a text.

    They stand in the order of their paths, whatever the order of the taxonomy: the same labels
    always make the same prompt.
    """
    ordered = sorted(nodes, key=lambda node: node.path)
    forms = {
        form: write_prompt(ordered, form=form, marks=marks, most_tokens=most_tokens)
        for form in Form
    }
    bare = count(forms[Form.BARE].head)
    for form in (Form.CARDS, Form.NAMES):
        if count(forms[form].head) - bare <= most_label_tokens:
            return forms[form]
    return forms[Form.BARE]


def read_json(text: str, source: str) -> dict[str, Any]:
    """Read one JSON object; InvalidSettings where it is none."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise InvalidSettings(source, [str(error)]) from None
    if not isinstance(found, dict):
        raise InvalidSettings(source, ["it is no JSON object"])
    return found


def _line(node: Node, form: Form) -> str:
    told = " ".join(node.label.definition.split()) if form is Form.CARDS else ""
    return f"- {node.path}: {told}" if told else f"- {node.path}"
