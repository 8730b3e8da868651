"""A quotation that HTML marks with a tag ends where the tag ends."""

from hypothesis import given
from hypothesis import strategies as st

from sortyard.text.email.html_marks import as_plain, with_marks
from sortyard.text.markup import HtmlToText
from sortyard.text.preparation import Preparation

tags = st.sampled_from(["<blockquote>", "</blockquote>", "<p>", "a", "\x03", "\x04", "&#3;", "\n"])


def test_every_line_of_it_is_marked() -> None:
    html = "<p>When?</p><blockquote>one<br>two<blockquote>deep</blockquote></blockquote><p>Now</p>"

    lines = [line for line in HtmlToText()(html).split("\n") if line.strip("> ")]

    assert lines == ["When?", "> one", "> two", "> deep", "Now"]


def test_an_answer_below_a_quotation_is_what_is_new() -> None:
    html = (
        "<p>On 03/05/21 10:15, Help wrote:</p><blockquote type='cite'><p>Did it start?</p>"
        "</blockquote><p>No, it did not.</p><div class='moz-signature'>Anna<br>Berlin</div>"
    )

    assert Preparation.default()(html) == "No, it did not."


def test_an_answer_above_one_is_what_is_new() -> None:
    html = (
        "<div dir='ltr'>Yes, it does.</div><br><div class='gmail_quote'><div class='gmail_attr'>"
        "On Mon, 3 May 2021 at 10:15, Help &lt;<a href='mailto:help@x.org'>help@x.org</a>&gt; "
        "wrote:<br></div><blockquote class='gmail_quote'><div>Does it?</div></blockquote></div>"
    )

    assert Preparation.default()(html) == "Yes, it does."


def test_what_outlook_puts_below_a_line_is_not_new() -> None:
    html = (
        "<p>Bitte stornieren.</p><hr><div id='divRplyFwdMsg'><b>Von:</b> Hilfe<br><b>Gesendet:</b>"
        " Montag, 3. Mai<br><b>An:</b> Anna<br><b>Betreff:</b> AW: Auftrag</div><p>Alter Text</p>"
    )

    assert Preparation.default()(html) == "Bitte stornieren."


@given(st.lists(tags).map("".join))
def test_no_mark_is_left(html: str) -> None:
    assert not {*as_plain(with_marks(html))} & {"\x03", "\x04"}
