"""What becomes of a message in a language that a release does not know."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeAlias

from sortyard.domain.errors import InvalidSettings, did_you_mean

ANY: Final = "any"  # in place of languages: every one is known, so nothing is stopped
USUAL: Final = "*"  # the route of every language that has none of its own
_CODE: Final = re.compile("[a-z]{2,3}")

# From a text and the code of its language to the text in a language that the release knows.
Translate: TypeAlias = Callable[[str, str], str]


class LanguageRoute(StrEnum):
    """Who reads a message in another language: the models all the same, or a person."""

    MODEL = "model"
    TRANSLATE = "translate"  # the models, once it is translated
    REVIEW = "review"


LanguageRoutes: TypeAlias = Mapping[str, LanguageRoute]
TO_A_PERSON: Final[LanguageRoutes] = MappingProxyType({USUAL: LanguageRoute.REVIEW})


@dataclass(frozen=True, slots=True)
class Foreign:
    """The language of a message that no release's models were taught, and what was done."""

    language: str  # its code (ISO 639)
    translated: bool = False


def read_routes(entries: Iterable[str], *, source: str) -> LanguageRoutes:
    """
    Read routes such as `review` and `fr=translate`; a person reads what none is written for.

    Raises InvalidSettings.
    """
    routes = dict(TO_A_PERSON)
    problems = []
    for entry in entries:
        code, _, word = entry.rpartition("=")
        code, word = code.strip() or USUAL, word.strip()
        if word not in set(LanguageRoute):
            known = [route.value for route in LanguageRoute]
            hint = did_you_mean([word], known).strip().rstrip("?")
            problems.append(
                f"{word!r} is none of {', '.join(known)}{f' ({hint}?)' if hint else ''}"
            )
        elif code != USUAL and not _CODE.fullmatch(code):
            problems.append(f"{code!r} is no code of a language, such as fr")
        else:
            routes[code] = LanguageRoute(word)
    if problems:
        raise InvalidSettings(source, problems)
    return routes


def check_languages(codes: Iterable[str], *, source: str) -> tuple[str, ...]:
    """Give the codes of languages back in lower case; raises InvalidSettings for anything else."""
    found = tuple(code.strip().lower() for code in codes)
    wrong = [code for code in found if code != ANY and not _CODE.fullmatch(code)]
    if wrong:
        raise InvalidSettings(
            source, [f"{code!r} is no code of a language, such as en" for code in wrong]
        )
    return found
