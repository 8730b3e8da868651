"""What a workspace may choose about the preparation of its texts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """
    The parts of preparation that people want differently.

    They decide which chain a new release gets. The chain is stored in the release, so that a later
    choice changes nothing about a release that there is. `form` is the normal form of characters,
    `links` what stays of a link, `code` whether long runs of what a machine wrote are folded, and
    `emoji` whether they are named.
    """

    form: str = "nfc"
    links: str = "words"
    code: str = "keep"
    emoji: str = "keep"


USUAL = Choices()
