"""A long text keeps its beginning and its end."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.text.window import Window

LAW = settings(deadline=None)  # a busy machine breaks no law


def test_a_short_text_is_left_alone() -> None:
    assert Window(head=10, tail=5)("short enough") == "short enough"


def test_the_middle_goes_between_words() -> None:
    assert Window(head=12, tail=9)("one two three four five six seven") == "one two\n...\nseven"


def test_a_text_without_spaces_is_cut_anyway() -> None:
    assert Window(head=100, tail=50)("x" * 1_000) == "x" * 100 + "\n...\n" + "x" * 50


def test_no_tail_means_no_tail() -> None:
    assert Window(head=5, tail=0)("aaaaa bbbbb ccccc") == "aaaaa\n...\n"


windows = st.builds(Window, head=st.integers(0, 60), tail=st.integers(0, 60))


@LAW
@given(windows, st.text(max_size=300))
def test_what_is_kept_was_there(window: Window, text: str) -> None:
    """The head is a beginning of the text and the tail is an end."""
    head, cut, tail = window(text).partition("\n...\n")

    assert window(text) == text or (text.startswith(head) and text.endswith(tail) and cut)


@LAW
@given(windows, st.text(max_size=300))
def test_nothing_left_is_longer_than_asked(window: Window, text: str) -> None:
    assert len(window(text)) <= window.head + window.tail + len("\n...\n")
