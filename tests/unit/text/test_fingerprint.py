"""A text is known again by who has it, and read back by nobody."""

from hypothesis import given
from hypothesis import strategies as st

from sortyard.text.fingerprint import fingerprint

TEXTS = st.text(max_size=40)
KEYS = st.binary(min_size=1, max_size=64)


@given(TEXTS, KEYS)
def test_a_fingerprint_is_a_number_of_64_bits(text: str, key: bytes) -> None:
    assert 0 <= fingerprint(text, key) < 1 << 64


@given(TEXTS, KEYS)
def test_the_same_text_has_the_same_fingerprint(text: str, key: bytes) -> None:
    assert fingerprint(text, key) == fingerprint(str(text), bytes(key))


def test_case_blanks_and_punctuation_do_not_count() -> None:
    assert fingerprint("My card,  please!", b"k") == fingerprint("my CARD please", b"k")


def test_other_words_are_another_text() -> None:
    texts = ["my card", "my cards", "card my", "mycard", "?", "!", ""]
    assert len({fingerprint(one, b"k") for one in texts}) == len(texts)


def test_another_key_makes_other_fingerprints() -> None:
    assert fingerprint("my card", b"one") != fingerprint("my card", b"two")


def test_half_of_a_surrogate_pair_stops_nothing() -> None:
    assert fingerprint("\ud83d", b"k") != fingerprint("\ud83e", b"k")
