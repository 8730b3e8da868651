"""A mail comes out of the whole chain once and for all, whatever lies around its new part."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sortyard.text.email.new_part import NewPart
from sortyard.text.markup import HtmlToText
from sortyard.text.normalise import Whitespace
from sortyard.text.preparation import Preparation
from sortyard.text.window import Window

pieces = st.sampled_from(
    [
        *("> quoted", "&gt; quoted", "--", "Anna wrote:", "Re: Chair", "Fwd: Chair", "", "hello"),
        *(
            "<blockquote>old</blockquote>",
            "<p>new</p>",
            "<br>",
            "&lt;blockquote&gt;",
            "\u2014",
            "```",
        ),
        *("On 3 May 2021 at 10:15, Anna <anna@example.com> wrote:", "a@b.example", "**bold**"),
        *("From: Anna <anna@example.com>", "Sent: Monday", "To: b", "Subject: Chair", "x" * 60),
        *("-----Original Message-----", "Sent from my iPhone", "Lines: 3", "\u2026", "# head"),
    ]
)
mails = st.lists(pieces, max_size=12).map("\n".join)
links = st.one_of(
    st.builds(NewPart, inline_quotes=st.booleans()),
    st.builds(Window, head=st.integers(0, 60), tail=st.integers(0, 60)),
    st.sampled_from([HtmlToText(), Whitespace()]),
)
chains = st.lists(links, min_size=1, max_size=4).map(lambda some: Preparation(tuple(some)))


@given(mails)
def test_a_prepared_mail_comes_out_unchanged(mail: str) -> None:
    prepare = Preparation.default()

    once = prepare(mail)

    assert prepare(once) == once


@given(chains, mails)
def test_so_it_does_in_any_order_of_links(prepare: Preparation, mail: str) -> None:
    once = prepare(mail)

    assert prepare(once) == once


@given(mails)
@example("&lt;blockquote&gt;\n> quoted")
@example("```\n> quoted")
@example("Anna wrote:\n<blockquote>old</blockquote>\n```\n> quoted")
def test_words_never_become_none(mail: str) -> None:
    """What says anything without this link says something with it."""
    usual = Preparation.default()
    without = Preparation(tuple(one for one in usual.links if not isinstance(one, NewPart)))

    assert bool(usual(mail)) == bool(without(mail))


def test_a_release_names_its_options() -> None:
    chain = Preparation((NewPart(closings=True),))

    assert Preparation.from_dict(chain.to_dict()) == chain


@pytest.mark.parametrize("text", ["Where is my card?", "card\nlost", "1 > 0"])
def test_a_short_message_is_what_it_was(text: str) -> None:
    assert Preparation.default()(text) == text
