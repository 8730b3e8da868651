"""Texts that are made of personal data, of parts of it, and of what stands around it."""

from hypothesis import strategies as st

WHOLE = (
    "anna@example.org",
    "+49 30 1234567",
    "0170/1234567",
    "(030) 123456",
    "555-123-4567",
    "DE89 3704 0044 0532 0130 00",
    "4111 1111 1111 1111",
    "192.168.0.1",
    "2001:db8::1",
    "https://example.org/a?b=c",
    "example.org",
    "078-05-1120",
    "86095742719",
    "12 Elm Street",
)
PARTS = (
    *("a", "0", "1", "12", " ", "+", "(", ")", ":", "::", ".", "-", "/", "@", "www.", "<", ">"),
    *("é", "\n", "\0", "phone ", "my number is ", " office", "ext 12", "card ", "Street", "A"),
    *("<EMAIL>", "<PHONE:0123456789ab>", "<PHON", "EMAIL", "\ud83d", "12 12 ", "AB12"),
    "\u212a",  # the sign of Kelvin, which is a letter k to those who ignore case
)

characters = st.characters(exclude_categories=())  # lone surrogates, too
nasty = st.lists(
    st.sampled_from(WHOLE) | st.sampled_from(PARTS) | st.text(characters, max_size=5), max_size=14
).map("".join)
