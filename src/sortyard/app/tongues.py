"""What the settings of a workspace say about languages."""

from sortyard.app.settings import FILE, Settings
from sortyard.domain.errors import MissingExtra
from sortyard.domain.languages import check_languages, read_routes
from sortyard.text.language.detector import Detector
from sortyard.text.language.identifier import open_identifier, same_language
from sortyard.training.languages import Tongues


def tongues_of(settings: Settings) -> Tongues:
    """Read them; raises InvalidSettings."""
    named = check_languages(settings.languages, source=FILE)
    return Tongues(
        detector=_detector(),
        named=tuple(dict.fromkeys(map(same_language, named))),
        routes=read_routes(settings.other_languages, source=FILE),
    )


def _detector() -> Detector | None:
    try:
        return open_identifier()
    except MissingExtra:
        return None
