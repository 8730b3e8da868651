"""IP addresses of both kinds; `version 1.2.3.4` is none."""

import ipaddress
import re
from typing import Final

from sortyard.text.personal.entities import Entity
from sortyard.text.personal.finder import ALONE, ENDED, Found, PatternFinder, has

_COUNTED: Final = re.compile(r"(?i)\b(?:v|ver|version|release|build|firmware)\W{0,3}\Z")
_NEARBY: Final = 12  # characters before it, in which the word of a version may stand


def _is_address(words: str) -> bool:
    try:
        ipaddress.ip_address(words)
    except ValueError:
        return False
    return True


def _v4_end(found: Found) -> int:
    before = found.string[max(0, found.start() - _NEARBY) : found.start()]
    is_one = _is_address(found[0]) and _COUNTED.search(before) is None
    return found.end() if is_one else 0


def _v6_end(found: Found) -> int:
    """Leave out the colon of a sentence; `a::b` of a program has no digit."""
    words = found[0].rstrip(".")
    words = words[:-1] if words.endswith(":") and not words.endswith("::") else words
    is_one = any(one.isdigit() for one in words) and _is_address(words)
    return found.start() + len(words) if is_one else 0


V4: Final = PatternFinder(
    Entity.IP,
    re.compile(rf"(?<![\w.])[0-9]{{1,3}}(?:\.[0-9]{{1,3}}){{3}}(?!\.[0-9]){ENDED}"),
    _v4_end,
    has(r"[0-9]\.[0-9]{1,3}\.[0-9]"),
)
V6: Final = PatternFinder(
    Entity.IP,
    re.compile(
        rf"(?<!:){ALONE}(?=[0-9A-Fa-f]{{0,4}}:[0-9A-Fa-f]{{0,4}}:)"
        rf"[0-9A-Fa-f:]{{2,39}}+(?:(?:\.[0-9]{{1,3}}){{3}})?{ENDED}"
    ),
    _v6_end,
    has(":[0-9A-Fa-f]{0,4}:"),
)
