"""International bank account numbers (ISO 13616)."""

import re
from collections.abc import Mapping
from typing import Final

from sortyard.text.personal.checksums import mod_97
from sortyard.text.personal.entities import Entity
from sortyard.text.personal.finder import ALONE, Found, PatternFinder, has

# How long one is, by the country that it begins with.
_LENGTHS: Final = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 "
    "DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 "
    "IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 "
    "MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 "
    "SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
)
LENGTHS: Final[Mapping[str, int]] = {entry[:2]: int(entry[2:]) for entry in _LENGTHS.split()}
_BETWEEN: Final = " \u00a0-"


def _end(found: Found) -> int:
    """Check as many characters as the country's numbers have, with their check digits."""
    words = found[0]
    wanted = LENGTHS.get(words[:2].upper(), 0)
    places = [place for place, one in enumerate(words) if one not in _BETWEEN]
    if not wanted or len(places) < wanted:
        return 0
    end = places[wanted - 1] + 1
    if words[end : end + 1].isalnum():
        return 0
    iban = "".join(one for one in words[:end] if one not in _BETWEEN).upper()
    return found.start() + end if mod_97(iban[4:] + iban[:4]) else 0


IBAN: Final = PatternFinder(
    Entity.IBAN,
    re.compile(rf"{ALONE}[A-Za-z]{{2}}[0-9]{{2}}(?:[{_BETWEEN}]?[0-9A-Za-z]){{11,30}}+"),
    _end,
    has("[0-9](?<=[A-Za-z]{2}[0-9])[0-9][ \u00a0-]?[0-9A-Za-z]"),
)
