"""
Everything that finds personal data, the surest first: what one has found, none finds again.

To add one: write its finder in a file of its own, and name it here. A new kind also needs its name
in `Entity`. Both change what a text becomes, so the version of the link goes up.
"""

from typing import Final

from sortyard.text.personal.cards import CARD
from sortyard.text.personal.emails import EMAIL
from sortyard.text.personal.finder import Finder
from sortyard.text.personal.ibans import IBAN
from sortyard.text.personal.ip_addresses import V4, V6
from sortyard.text.personal.national_ids.finder import NATIONAL_ID
from sortyard.text.personal.phones import PHONE, TOLD_PHONE
from sortyard.text.personal.postal_addresses import POSTAL_ADDRESSES
from sortyard.text.personal.urls import DOMAIN, URL

FINDERS: Final[tuple[Finder, ...]] = (
    URL,
    EMAIL,
    DOMAIN,
    IBAN,
    V6,
    V4,
    NATIONAL_ID,
    CARD,
    *POSTAL_ADDRESSES,
    PHONE,
    TOLD_PHONE,
)
