"""Looking a text through keeps its promises, whatever the text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.text.personal.entities import PATTERNED, Entity
from sortyard.text.personal.finding import blotted_out, find
from tests.unit.text.personal.pieces import PARTS, WHOLE, nasty


@given(nasty)
def test_spans_lie_in_the_text_in_order_and_apart(text: str) -> None:
    places = [place for span in find(text) for place in (span.start, span.end)]

    assert places == sorted(places)
    assert all(0 <= place <= len(text) for place in places)
    assert all(span.start < span.end for span in find(text))


@given(nasty)
def test_a_pre_filter_changes_nothing(text: str) -> None:
    """It only says sooner that there is nothing."""
    assert find(text) == find(text, filtered=False)


@given(st.text(st.characters(exclude_characters="0123456789@."), max_size=200))
def test_nothing_is_in_a_text_without_a_digit_an_at_or_a_dot(text: str) -> None:
    assert all(span.entity is Entity.URL for span in find(text))  # `http://localhost` is one


@given(nasty)
def test_what_was_found_is_not_found_again(text: str) -> None:
    assert find(blotted_out(text, find(text))) == ()


@given(nasty, st.sets(st.sampled_from(PATTERNED)))
def test_what_is_kept_is_not_named(text: str, kept: set[Entity]) -> None:
    assert not {span.entity for span in find(text, kept=kept)} & kept


@given(st.sampled_from(WHOLE), st.sampled_from(["", "a b ", "\n", "("]))
def test_each_kind_is_found_beside_other_words(piece: str, before: str) -> None:
    text = f"{before}{piece}, thanks"

    assert piece in {text[span.start : span.end] for span in find(text)}


def test_a_kept_number_is_not_taken_for_another_one() -> None:
    """An account that stays is no telephone number."""
    text = "NL91 ABNA 0417 1643 00"

    assert find(text, kept={Entity.IBAN}) == ()


def test_a_kept_address_of_the_web_may_hold_something_else() -> None:
    text = "https://example.org/?to=anna@example.org"

    (span,) = find(text, kept={Entity.URL})

    assert (span.entity, text[span.start : span.end]) == (Entity.EMAIL, "anna@example.org")


@pytest.mark.parametrize(
    "piece",
    [
        *WHOLE,
        *PARTS,
        *("a@", "a@b.", "1 ", "0 ", "+1", "0170 1234567 ", "+4912345678", "DE89 ", "1234 "),
        *("1.1.", "a:b:", "::1 ", "www.a ", "(1)", "0-", "a.", "a-", "A ", "x.y/", "1 A", "Ax "),
        *("call 1234567 ", "call me on ", "rue de la ", "1 Main ", "5 A A A A A ", "C. "),
        *("https://a)", "https://a) ", "phone phone ", "123-45-6789 ", "X1234567L", "20201010-"),
        "0123456789" * 100 + " ",
    ],
)
def test_time_grows_as_the_text(piece: str) -> None:
    """A pattern that went back and forth would take a minute for these."""
    text = piece * (40_000 // len(piece))
    began = time.process_time()
    find(text)

    assert time.process_time() - began < 2.0


def test_an_address_that_only_closes_brackets_is_no_trap() -> None:
    began = time.process_time()
    find("https://a" + ")" * 1_000_000)

    assert time.process_time() - began < 5.0
