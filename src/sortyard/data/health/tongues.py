"""In which languages the messages are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sortyard.data.health.finding import HealthFinding, percent
from sortyard.data.health.personal import spread
from sortyard.data.taxonomy_finding import Severity
from sortyard.text.language.detector import Detector
from sortyard.text.language.learning import MOST_READ, learn_languages

SEVERAL: Final = 0.02  # share from which on a second language is more than chance
SHOWN: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongues:
    """
    The shares of languages by their ISO 639 code, most frequent first.

    `read` rows were looked at; `shares` are of those that tell their language at all. `detector`
    is None where none is installed.
    """

    read: int
    shares: Mapping[str, float]
    detector: str | None

    def findings(self) -> Iterator[HealthFinding]:
        """Say when there is more than one, and when nobody could tell."""
        if self.detector is None:
            yield HealthFinding(
                code="languages-unknown",
                severity=Severity.NOTE,
                problem="Languages were not told apart: nothing that does is installed.",
                remedy="Install it: `pip install 'sortyard[language]'`.",
            )
            return
        common = {code: share for code, share in self.shares.items() if share >= SEVERAL}
        if len(common) > 1:
            named = ", ".join(
                f"{code} {percent(share)}" for code, share in [*common.items()][:SHOWN]
            )
            yield HealthFinding(
                code="several-languages",
                severity=Severity.NOTE,
                problem=f"The messages are in several languages: {named}.",
                remedy="Choose an encoder that knows them all, or say with `languages` which are "
                "answered; messages in others go to a person.",
            )


def tongues(texts: Sequence[str], detector: Detector | None) -> Tongues:
    """Tell the languages of messages, spread over the archive."""
    read = spread(texts, MOST_READ)
    if detector is None:
        return Tongues(read=0, shares={}, detector=None)
    shares = learn_languages(read, detector).shares
    ranked = dict(sorted(shares.items(), key=lambda one: -one[1]))
    return Tongues(read=len(read), shares=ranked, detector=detector.name)
