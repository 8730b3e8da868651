"""What is kept of a text so that only who has the text can tell that it was there."""

import re
from hashlib import blake2b

BITS = 64
_WORD = re.compile(r"\w+")


def fingerprint(text: str, key: bytes) -> int:
    """
    Sum a text up as a number of 64 bits, which nobody can read back.

    Case, blanks and punctuation do not count. Under another `key` (at most 64 bytes) the same text
    has another number, so that fingerprints of two keys cannot be compared.
    """
    words = _WORD.findall(text.casefold()) or [text]
    content = " ".join(words).encode(errors="surrogatepass")
    return int.from_bytes(blake2b(content, digest_size=BITS // 8, key=key).digest(), "little")
