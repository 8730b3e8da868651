"""Markdown becomes its words, and plain text that merely has its marks stays as it is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.text.markdown import Markdown

LAW = settings(deadline=None)  # a busy machine breaks no law

marks = st.sampled_from(
    ["*", "**", "_", "__", "`", "```\n", "#", "## ", "[", "](https://a.example)", "!", "|", "\n"]
)
pieces = st.one_of(marks, st.sampled_from(["a", "word ", " ", "---", "|---|---|\n", "~~"]))
marked = st.lists(pieces, max_size=40).map("".join)


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("## Steps\n1. open *the* app", "Steps\n1. open the app"),
        ("**Expected**: it `works`", "Expected: it works"),
        ("see [our page](https://acme.example/a_(b)) now", "see our page now"),
        ("![logo](x.png) hello", "logo hello"),
        ("[![badge](b.svg)](https://ci.example) ok", "badge ok"),
        ("It fails:\n```python\nprint(1)\n```\nWhy?", "It fails:\nprint(1)\nWhy?"),
        ("| name | price |\n|---|---|\n| tea | 3 |\nok", "name price\ntea 3\nok"),
        ("**bold _and_ *more* here**", "bold and more here"),
        ("**new** and ~~old~~", "new and old"),
        ("Title\n=====\n**a**", "Title\na"),
    ],
)
def test_markdown_becomes_its_words(markdown: str, text: str) -> None:
    assert Markdown()(markdown) == text


@pytest.mark.parametrize(
    "text",
    [
        "5 * 3 * 2 = 30 and a*b*c",
        "*sigh* it is _still_ broken",
        "# of users affected: 5\n# 1 priority",
        "file_name_x.txt and __init__.py",
        "my password is **** or *****",
        "2**3**4",
        "*.txt and **/*.py",
        "C:\\data\\*.* is empty",
        "the `winners' and the `losers'",
        "array[i](j) and [x](y)",
        "a | b\n---------\nc | d",
        "-- \nAnna",
        "~~~~~~~~~~\nAnna\n~~~~~~~~~~",
        "snake_case_word ## not a heading",
    ],
)
def test_plain_text_with_the_same_marks_stays(text: str) -> None:
    assert Markdown()(text) == text


def test_a_name_between_low_lines_stays_a_name() -> None:
    assert Markdown()("**see** __init__ and __the note__") == "see __init__ and the note"


def test_a_link_says_where_it_leads_by_choice() -> None:
    text = "[pay here](https://www.bank.example/x) or [bank.example](https://bank.example)"

    assert Markdown(links="host")(text) == "pay here (bank.example) or bank.example"


@LAW
@given(marked)
def test_twice_is_once(text: str) -> None:
    once = Markdown()(text)

    assert Markdown()(once) == once


@LAW
@given(marked)
def test_no_letter_is_lost_but_addresses_and_languages(text: str) -> None:
    text = text.replace("](https://a.example)", "").replace("```", "")

    kept = [one for one in Markdown()(text) if one.isalpha()]

    assert kept == [one for one in text if one.isalpha()]
