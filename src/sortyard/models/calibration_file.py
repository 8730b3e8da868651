"""Read calibrators back from `calibration.json`."""

from collections.abc import Mapping

from sortyard.domain.errors import InvalidSettings, NewerFormat
from sortyard.models.calibration import (
    SOURCE,
    Calibrator,
    IndependentCalibrator,
    Stored,
    Temperature,
)
from sortyard.models.independent import Curves, Sigmoids
from sortyard.models.isotonic import Isotonic
from sortyard.models.platt import Platt

FORMAT = 1

_CALIBRATORS: Mapping[str, type[Temperature | Platt | Isotonic]] = {
    one.kind: one for one in (Temperature, Platt, Isotonic)
}
_INDEPENDENT: Mapping[str, type[Sigmoids | Curves]] = {one.kind: one for one in (Sigmoids, Curves)}


def calibrator_to_dict(calibrator: Calibrator | IndependentCalibrator) -> dict[str, object]:
    """Write a calibrator as plain JSON values, with its kind and the format's number."""
    return {"format": FORMAT} | calibrator.to_dict()


def calibrator_from_dict(stored: Stored) -> Calibrator:
    """
    Read the calibrator of a `single` dimension.

    Raises `NewerFormat` for a format or a kind that this version does not know, and
    `InvalidSettings` for values that are none.
    """
    return _CALIBRATORS[_kind(stored, _CALIBRATORS)].from_dict(stored)


def independent_calibrator_from_dict(stored: Stored) -> IndependentCalibrator:
    """Read the calibrator of a `multi` dimension; raises as `calibrator_from_dict` does."""
    return _INDEPENDENT[_kind(stored, _INDEPENDENT)].from_dict(stored)


def _kind(stored: Stored, known: Mapping[str, object]) -> str:
    found = stored.get("format", FORMAT)
    if not isinstance(found, int):
        raise InvalidSettings(SOURCE, [f"format is a whole number, not {found!r}"])
    if found > FORMAT:
        raise NewerFormat(SOURCE, found, FORMAT)
    kind = stored.get("kind")
    if not isinstance(kind, str):
        raise InvalidSettings(SOURCE, [f"kind is a word, not {kind!r}"])
    if kind not in known:
        raise NewerFormat(f"{SOURCE} (kind {kind!r})", FORMAT + 1, FORMAT)
    return kind
