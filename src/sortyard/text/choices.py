"""What a workspace may choose about the preparation of its texts."""

from dataclasses import dataclass

from sortyard.text.personal.link import EVERYTHING, PersonalData


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """
    The parts of preparation that people want differently.

    They decide which chain a new release gets. The chain is stored in the release, so that a later
    choice changes nothing about a release that there is. `form` is the normal form of characters,
    `links` what stays of a link, `code` whether long runs of what a machine wrote are folded, and
    `emoji` whether they are named, and `personal` what becomes of personal data.
    """

    form: str = "nfc"
    links: str = "words"
    code: str = "keep"
    emoji: str = "keep"
    personal: PersonalData = EVERYTHING


USUAL = Choices()
