"""What the settings of a workspace say about languages."""

from collections.abc import Collection, Iterable

from sortyard.app.settings import FILE, Settings
from sortyard.app.translating import translator_of
from sortyard.domain.errors import InvalidSettings, MissingExtra, listing
from sortyard.domain.languages import ANY, check_languages, read_routes
from sortyard.text.language.detector import Detector
from sortyard.text.language.identifier import open_identifier, same_language
from sortyard.training.languages import Tongues


def tongues_of(settings: Settings) -> Tongues:
    """Read them; raises InvalidSettings."""
    written = check_languages(settings.languages, source=FILE)
    named = tuple(dict.fromkeys(map(same_language, written)))
    detector = _detector()
    if detector is not None:
        _check_told(named, detector.languages)
    return Tongues(
        detector=detector,
        named=named,
        routes=read_routes(settings.other_languages, source=FILE),
        translates=translator_of(settings) is not None,
    )


def _check_told(named: Iterable[str], told: Collection[str]) -> None:
    """Refuse languages that would never be found, so that all would pass or none."""
    unknown = [code for code in named if code not in {ANY, *told}]
    if unknown:
        problem = f"{listing(unknown)} in 'languages' cannot be told from others; there are "
        raise InvalidSettings(
            FILE, [f"{problem}{' '.join(sorted(told))}, and {ANY!r} for every one"]
        )


def _detector() -> Detector | None:
    try:
        return open_identifier()
    except MissingExtra:
        return None
