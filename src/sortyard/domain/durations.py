"""Lengths of time as people write them: `90s`, `10m`, `1h30m`."""

import re
from math import isfinite

from sortyard.domain.errors import InvalidUsage

SECONDS = {"h": 3_600.0, "m": 60.0, "s": 1.0}
LONGEST = 31 * 24 * SECONDS["h"]  # nobody waits longer for a release
PARTS = re.compile(r"(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?", re.ASCII)
REMEDY = "Write hours, minutes and seconds, such as `90s`, `10m` or `1h30m`."


def seconds_of(written: str) -> float:
    """Read a length of time; InvalidUsage where it is none, or nothing, or beyond a month."""
    found = PARTS.fullmatch("".join(written.lower().split()))
    if found is None or not any(found.groups()):
        raise InvalidUsage(f"{written!r} is no length of time.", REMEDY)
    seconds = sum(
        float(count or 0) * each
        for count, each in zip(found.groups(), SECONDS.values(), strict=True)
    )
    if not isfinite(seconds) or not 0 < seconds <= LONGEST:
        bounds = f"{written!r} is not above nothing and at most {told(LONGEST)}."
        raise InvalidUsage(bounds, REMEDY)
    return seconds


def told(seconds: float) -> str:
    """Say a length of time in at most two units: `45 s`, `12 min`, `1 h 30 min`."""
    whole = max(round(seconds), 1)
    if whole < SECONDS["m"]:
        return f"{whole} s"
    if whole < 10 * SECONDS["m"]:
        minutes, rest = divmod(whole, 60)
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(round(whole / 60), 60)
    words = [f"{hours} h"] * (hours > 0) + [f"{minutes} min"] * (minutes > 0)
    return " ".join(words)
