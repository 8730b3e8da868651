"""`Kind regards`, and the name below it."""

import re
from collections.abc import Sequence
from typing import Final

_MOST_BELOW: Final = 8  # lines that are not empty
_LONGEST_BELOW: Final = 80  # characters

_CLOSING: Final = re.compile(
    r"(?:(?:with )?(?:best|kind|kindest|warm|warmest|many)? ?(?:regards|wishes)|all the best|best"
    r"|cheers"
    r"|(?:yours )?(?:sincerely|faithfully|truly)(?: yours)?|yours|respectfully|cordially"
    r"|(?:many )?thanks(?: (?:a lot|again|so much|in advance|and (?:best |kind )?regards))?"
    r"|thank you(?: (?:very much|so much|again|in advance|and (?:best |kind )?regards))?|thx|br"
    r"|rgds"
    r"|mfg|lg|vg|(?:mit )?(?:(?:freundlichen?|besten?|vielen?|herzlichen?|lieben?"
    r"|schönen?) )+(?:grüße|"
    r"grüßen|gruß|grüsse|grüssen|gruss)(?: aus \w+)?|vielen dank(?: im voraus)?"
    r"|(?:bien )?cordialement"
    r"|salutations(?: distinguées)?|merci(?: d'avance| beaucoup)?|bonne journée"
    r"|(?:un )?(?:cordial )?"
    r"saludos?(?: cordiales)?|(?:muchas )?gracias|atentamente|atenciosamente|obrigad[oa]|abraços?"
    r"|cordiali saluti|distinti saluti|saluti|grazie(?: mille)?|met vriendelijke groeten?|mvg"
    r"|groeten|"
    r"groetjes|bedankt|(?:med )?vänlig(?:a)? hälsning(?:ar)?|mvh|hälsningar|(?:med )?venlig hilsen|"
    r"(?:med )?vennlig hilsen|hilsen|ystävällisin terveisin|terveisin|pozdrawiam|z poważaniem"
    r"|dziękuję"
    r"|s pozdravem|děkuji|с уважением|спасибо|з повагою|дякую|üdvözlettel|köszönöm|saygılarımla"
    r"|teşekkürler)"
    r"[\s,.!:)-]*"
)


def closing_above(lines: Sequence[str], start: int, end: int) -> int | None:
    """Find the closing below which nothing but a short block of short lines follows."""
    filled = 0
    for at in range(end - 1, start - 1, -1):
        line = lines[at]
        if len(line) > _LONGEST_BELOW:
            return None
        if line and _CLOSING.fullmatch(line.lower()):
            return at
        filled += bool(line)
        if filled > _MOST_BELOW:
            return None
    return None
