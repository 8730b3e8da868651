"""
The notation that the templates are written in.

A template is one line. `{a|b|}` stands for one of its alternatives (here: `a`, `b` or nothing),
`{name}` for whatever the slot of that name gives; both nest. A line may begin with marks, `(high)`
or `(high, angry)`: the urgency or flags that it carries all by itself, or the voice it needs.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from sortyard.data.demo.dice import Dice

MARKS = re.compile(r"\(([a-z-]+(?:, [a-z-]+)*)\) ")


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence with choices in it, and what it says about urgency and flags."""

    pattern: str
    marks: tuple[str, ...] = ()

    @classmethod
    def parse(cls, line: str) -> "Template":
        marks = MARKS.match(line)
        if marks is None:
            return cls(line.strip())
        return cls(line[marks.end() :].strip(), tuple(marks[1].split(", ")))

    def expand(self, fill: Callable[[str], str], dice: Dice) -> str:
        """Write one of the sentences that this template stands for."""
        return expand(self.pattern, fill, dice)


Lines: TypeAlias = tuple[Template, ...]


def parse_lines(text: str) -> Lines:
    """Read one template a line; empty lines do not count."""
    return tuple(Template.parse(line) for line in text.splitlines() if line.strip())


def expand(pattern: str, fill: Callable[[str], str], dice: Dice) -> str:
    """Choose among alternatives and fill the slots; what is not chosen is never filled."""
    return tidy("".join(_expanded(pattern, fill, dice)))


def _expanded(pattern: str, fill: Callable[[str], str], dice: Dice) -> Iterator[str]:
    for part in parts(pattern):
        if isinstance(part, str):
            yield part
        elif len(part) == 1:
            yield fill(part[0])
        else:
            yield from _expanded(dice.pick(part), fill, dice)


def parts(pattern: str) -> Iterator[str | tuple[str, ...]]:
    """Cut a pattern into plain texts and, where there are braces, the alternatives in them."""
    start, depth, cuts = 0, 0, [0]
    for braces in re.finditer(r"[{|}]", pattern):
        at = braces.start()
        if braces[0] == "{":
            if depth == 0:
                yield pattern[start:at]
                cuts = [at]
            depth += 1
        elif braces[0] == "|" and depth == 1:
            cuts.append(at)
        elif braces[0] == "}":
            depth -= 1
            if depth == 0:
                ends = [*cuts[1:], at]
                yield tuple(pattern[a + 1 : b] for a, b in zip(cuts, ends, strict=True))
                start = at + 1
    yield pattern[start:]


def tidy(text: str) -> str:
    """Mend what choices leave behind: double blanks, a blank before a stop, a stop too many."""
    text = re.sub(r" (?=[?!.,](?:\s|$))", "", " ".join(text.split()))
    return re.sub(r"(?<!\.)\.\.(?!\.)", ".", text)
