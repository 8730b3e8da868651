"""What single lines of a mail are, whatever its language: empty, a rule, or quoted."""

import re
from collections.abc import Sequence
from typing import Final

# `----`, `* * *` and `____`; dots mark something left out, and backticks hold code.
_RULE: Final = re.compile(
    r"[-_=*#~+\u2013\u2014\u2500\u2501](?:[-_=*#~+ \u2013\u2014\u2500\u2501])*"
)
_FACE: Final = re.compile(r">(?:[:;=]['-]?[()|/DPpoO]|[._]+<)(?:\s|$)")  # >:( and >.<
_INITIALS: Final = re.compile(r"[A-Z][A-Za-z]{0,3}>(?:[ >]|$)")  # `AB> as you said`
_FENCE: Final = ("```", "~~~")
_WRAPPED: Final = 60  # characters of a line that a mail program may have broken in two


def is_rule(line: str) -> bool:
    """Tell whether a stripped line is drawn, and says nothing; a single character is no rule."""
    return len(line) > 1 and _RULE.fullmatch(line) is not None


def is_quote(line: str) -> bool:
    """Tell whether a stripped line is marked as somebody else's words."""
    return line.startswith(">") and not _FACE.match(line)


def quoted_lines(lines: Sequence[str]) -> bytearray:
    """
    Mark the quoted lines with 1.

    Two lines in a row may also begin with somebody's initials. A mail program that breaks long
    lines leaves the end of a quoted one without a mark: such a shorter line between two quoted
    ones counts as quoted.
    """
    if not any(">" in line for line in lines):
        return bytearray(len(lines))
    quoted = bytearray(is_quote(line) for line in lines)
    for at in range(1, len(lines)):
        if _same_initials(lines[at - 1], lines[at]):
            quoted[at - 1] = quoted[at] = 1
    for at in range(1, len(lines) - 1):
        if quoted[at - 1] and quoted[at + 1] and not quoted[at] and lines[at]:
            before = lines[at - 1]
            quoted[at] = len(before) >= _WRAPPED and len(lines[at]) < len(before)
    return quoted


def _same_initials(one: str, other: str) -> bool:
    if one[:1] != other[:1] or ">" not in one[:5]:
        return False
    found = _INITIALS.match(one)
    return found is not None and other.startswith(found[0].rstrip(" "))


def fenced_lines(lines: Sequence[str]) -> bytearray:
    """Mark the lines inside of fenced code with 1; a fence that never closes holds nothing."""
    inside = bytearray(len(lines))
    opened = -1
    for at, line in enumerate(lines):
        if not line.startswith(_FENCE):
            continue
        if opened < 0:
            opened = at
        elif line == lines[opened][:3]:
            inside[opened : at + 1] = b"\1" * (at + 1 - opened)
            opened = -1
    return inside
