"""Which languages a release is to know, and who reads a message in another one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from sortyard.domain.languages import ANY, TO_A_PERSON, USUAL, LanguageRoute, LanguageRoutes
from sortyard.models.languages import NO_LANGUAGES, Languages
from sortyard.text.language.detector import Detector
from sortyard.text.language.gate import NO_GATE
from sortyard.text.language.learning import learn_languages

OFF: Final = "A message in another language is answered like any other"
NOT_INSTALLED: Final = f"{OFF}: to notice one takes the extra `language`, which is not installed."
NOT_LEARNT: Final = f"{OFF}: too few rows show in which language the archive is."
NOT_WANTED: Final = f"{OFF}, as the settings say."
NO_TRANSLATOR: Final = (
    "Nothing translates here: where neither `translate_command` is set nor Python lends the "
    "release a translator, a person reads what was to be translated."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongues:
    """
    What an order says about languages.

    `named` are those of the archive, learnt from it where none is named; `any` knows every one.
    `detector` is None where it is not installed, and then every language passes. `translates` says
    whether the workspace has something that does; a route does not depend on it, as it is part of a
    release that may answer elsewhere.
    """

    detector: Detector | None = None
    named: tuple[str, ...] = ()
    routes: LanguageRoutes = field(default_factory=lambda: TO_A_PERSON)
    translates: bool = True

    def learn(self, texts: Sequence[str]) -> "Taught":
        """Learn from prepared training texts."""
        if ANY in self.named:
            return Taught(NO_LANGUAGES, (NOT_WANTED,))
        if self.detector is None:
            return Taught(NO_LANGUAGES, (NOT_INSTALLED,))
        learnt = learn_languages(texts, self.detector, named=self.named)
        if learnt.gate == NO_GATE:
            return Taught(NO_LANGUAGES, (NOT_LEARNT,))
        languages = Languages(gate=learnt.gate, routes=self.routes)
        shares = {code: learnt.shares.get(code, 0.0) for code in learnt.gate.languages}
        known = ", ".join(f"{code} ({100 * share:.0f} %)" for code, share in shares.items())
        told = f"Languages of the archive: {known}. {self._told}"
        lacks = languages.lacks_translator and not self.translates
        return Taught(languages, (told, NO_TRANSLATOR) if lacks else (told,))

    @property
    def _told(self) -> str:
        return " ".join(self._sentences()).strip()

    def _sentences(self) -> Iterator[str]:
        yield f"A message in another one {_READ[self.routes[USUAL]]}."
        for code, route in sorted(self.routes.items()):
            if code != USUAL:
                yield f"One in {code} {_READ[route]}."


@dataclass(frozen=True, slots=True)
class Taught:
    """The languages of a release, and what its report says about them."""

    languages: Languages
    remarks: tuple[str, ...]


_READ: Final = {
    LanguageRoute.MODEL: "is answered like any other",
    LanguageRoute.TRANSLATE: "is answered in translation",
    LanguageRoute.REVIEW: "goes to a person",
}
UNTAUGHT: Final = Taught(NO_LANGUAGES, ())
