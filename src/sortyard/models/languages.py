"""What a release knows of languages, and what it does about a message in another one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from sortyard.domain.languages import (
    TO_A_PERSON,
    USUAL,
    Foreign,
    LanguageRoute,
    LanguageRoutes,
    Translate,
)
from sortyard.domain.predictions import Choice, Reason, Route
from sortyard.text.language.detector import Detector
from sortyard.text.language.gate import NO_GATE, LanguageGate

OpenDetector = Callable[[], Detector]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the models are to read of a text: nothing where it `is_for_a_person`."""

    text: str
    foreign: Foreign | None = None
    is_for_a_person: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Languages:
    """
    The languages that a release was taught, and who reads the others.

    `translate` is lent at run time and no part of a release. Without it, or where it fails, a
    person reads what was to be translated.
    """

    gate: LanguageGate = NO_GATE
    routes: LanguageRoutes = field(default_factory=lambda: TO_A_PERSON)
    translate: Translate | None = None

    def translating(self, translate: Translate | None) -> Self:
        """Give the same languages with something that translates others."""
        return replace(self, translate=translate)

    @property
    def lacks_translator(self) -> bool:
        """Whether messages are to be translated that nothing translates: a person reads them."""
        asks = LanguageRoute.TRANSLATE in self.routes.values()
        return asks and self.gate.is_on and self.translate is None

    def read(self, text: str, prepare: Callable[[str], str]) -> Reading:
        """Decide what the models read of a prepared text; a translation is prepared as well."""
        language = self.gate.foreign(text) if self.gate.is_on else None
        if language is None:
            return Reading(text)
        match self.routes.get(language, self.routes[USUAL]):
            case LanguageRoute.MODEL:
                return Reading(text, Foreign(language))
            case LanguageRoute.TRANSLATE if words := self._translated(text, language, prepare):
                return Reading(words, Foreign(language, translated=True))
            case _:
                return Reading(text, Foreign(language), is_for_a_person=True)

    def _translated(self, text: str, language: str, prepare: Callable[[str], str]) -> str:
        if self.translate is None:
            return ""
        try:
            return prepare(self.translate(text, language))
        except Exception:  # noqa: BLE001 -- somebody else's code, and a person can read it still
            return ""

    def to_dict(self) -> dict[str, Any]:
        """Give plain JSON values; `from_dict` reads them back."""
        detector = self.gate.detector
        return {
            "languages": list(self.gate.languages),
            "routes": {code: route.value for code, route in self.routes.items()},
            "detector": None if detector is None else detector.name,
            "words": sorted(self.gate.words),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any], open_detector: OpenDetector) -> Self:
        """Read them back; what `open_detector` raises, KeyError, TypeError and ValueError."""
        languages = tuple(map(str, stored["languages"]))
        routes = {code: LanguageRoute(route) for code, route in stored["routes"].items()}
        if USUAL not in routes:
            raise ValueError("no route for languages in general")
        if not languages:
            return cls(routes=routes)
        gate = LanguageGate(languages, frozenset(stored["words"]), open_detector())
        return cls(gate=gate, routes=routes)


NO_LANGUAGES = Languages()


def in_another_language(dimension: str) -> Choice:
    """Answer for a text that no model was taught to read: no label, and a person looks."""
    return Choice(
        dimension=dimension,
        labels=(),
        confidence=None,
        route=Route.REVIEW,
        reason=Reason.LANGUAGE,
    )
