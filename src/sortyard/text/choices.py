"""What a workspace may choose about the preparation of its texts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """
    The parts of preparation that people want differently.

    They decide which chain a new release gets. The chain is stored in the release, so that a later
    choice changes nothing about a release that there is.
    """


USUAL = Choices()
