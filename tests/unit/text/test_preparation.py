"""The chain that every text goes through keeps its promises."""

import csv
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.domain.errors import InvalidSettings, NewerFormat
from sortyard.domain.messages import Message
from sortyard.text.ballast import Ballast
from sortyard.text.choices import Choices
from sortyard.text.code_blocks import FoldedCode
from sortyard.text.emoji import NamedEmoji
from sortyard.text.former.encoding import RepairEncoding1
from sortyard.text.former.html import HtmlToText1
from sortyard.text.links import Link
from sortyard.text.markdown import Markdown
from sortyard.text.markup import HtmlToText
from sortyard.text.normalise import RepairEncoding, Whitespace
from sortyard.text.personal.link import PersonalData
from sortyard.text.preparation import KNOWN_LINKS, Preparation
from sortyard.text.window import Window

LAW = settings(deadline=None)  # a busy machine breaks no law

# Everything a str can hold: lone surrogates, NUL, unassigned code points.
characters = st.characters(exclude_categories=())
texts = st.text(characters)
snippets = st.sampled_from(
    [
        *("<p>", "</div>", "<br/>", "<script>", "<!--", "<b", "<pre>", "]]>", "<![CDATA["),
        *("&amp;", "&lt;", "&amp;lt;b&amp;gt;", "&#0;", "&nbsp;"),
        *("\r\n", "\t", "\u2028", "\ufeff", "\x00", "\x1b[", "\ud83d", "\ude00", " ", "\n\n\n"),
        *("anna@example.org", "0170 1234567", "4111 1111 1111 1111", "https://x.org/", "<EMAIL>"),
        *("Ã¼", "â€™", "schÃ¶n", "\u2019", "é", "\ufb01", "\uff21"),
        *("\u202e", "\u200d", "\ue000", "\u0301" * 9, "\U0001f600", "\U0001f1e9\U0001f1ea"),
        *("**", "_", "`", "```\n", "## ", "[a](https://b.example)", "|---|---|\n", "*a*"),
        *("\n at a.b(c:1)", "\nTraceback (most recent call last):\n", "\nValueError: x\n"),
        *("\n10:11:12 ERROR no", "<p hidden>", "<pre>a\nb</pre>", '<a href="http://c.example">'),
        "a" * 3_000,
        "word " * 700,
    ]
)
nasty = st.lists(st.one_of(texts, snippets)).map("".join)

links = st.one_of(
    st.just(RepairEncoding()),
    st.sampled_from([RepairEncoding1(), RepairEncoding("nfkc"), HtmlToText1(), Ballast()]),
    st.sampled_from([HtmlToText(), HtmlToText("host"), Markdown(), Markdown("host")]),
    st.sampled_from([FoldedCode(), NamedEmoji(), Whitespace()]),
    st.sampled_from([PersonalData(), PersonalData(redact="url", drop="email phone")]),
    st.builds(Window, head=st.integers(0, 50), tail=st.integers(0, 50)),
)
chains = st.lists(links, max_size=5).map(lambda chosen: Preparation(tuple(chosen)))


@LAW
@given(nasty)
def test_never_raises_and_twice_is_once(text: str) -> None:
    """A prepared text comes out of the default chain unchanged."""
    prepare = Preparation.default()

    once = prepare(text)

    assert prepare(once) == once


@LAW
@given(chains, nasty)
def test_any_order_of_links_is_idempotent(prepare: Preparation, text: str) -> None:
    """Whatever chain a release stores, preparing twice is preparing once."""
    once = prepare(text)

    assert prepare(once) == once


@LAW
@given(nasty)
def test_whatever_a_workspace_chooses_twice_is_once(text: str) -> None:
    choices = Choices(form="nfkc", links="host", code="fold", emoji="name")
    prepare = Preparation.default(choices)

    once = prepare(text)

    assert prepare(once) == once


@LAW
@given(nasty)
def test_what_comes_out_can_be_written_to_a_file(text: str) -> None:
    """No lone surrogate, and no NUL, is left."""
    prepared = Preparation.default()(text)

    assert "\x00" not in prepared.encode("utf-8").decode("utf-8")


@LAW
@given(nasty)
def test_the_default_window_bounds_the_length(text: str) -> None:
    assert len(Preparation.default()(text)) <= 2_000 + 500 + len("\n...\n")


@LAW
@given(links, nasty)
def test_each_link_alone_never_raises(link: Link, text: str) -> None:
    assert isinstance(link(text), str)


@LAW
@given(chains)
def test_survives_a_trip_through_json(prepare: Preparation) -> None:
    assert Preparation.from_dict(prepare.to_dict()) == prepare


def test_plain_text_is_left_alone() -> None:
    text = "Hello,\nmy card (no. 12) was charged twice: 3 < 4, right?\n\nThanks!"

    assert Preparation.default()(text) == text


def test_a_message_is_read_with_its_subject() -> None:
    message = Message("1", "It&nbsp;broke.", subject="Broken  chair")

    assert Preparation.default().prepare(message) == "Broken chair\nIt broke."


def test_markup_that_hides_in_escaped_markup_goes() -> None:
    assert Preparation.default()("&lt;p&gt;Hello&lt;/p&gt;") == "Hello"


def test_ten_megabytes_take_less_than_a_second(ten_megabytes: str) -> None:
    started = time.process_time()

    Preparation.default()(ten_megabytes)

    assert time.process_time() - started < 1.0


@pytest.fixture(
    params=[
        *("word ", "é\u2019 ", "Ã¼ ", "\x00", "\n ", "<", "<b<b", "&amp;", "&amp"),
        *("<p>hi</p>", "<div>", "<li><ul>", "<b><p>", "<style>a</style>", "<!--", "<style>"),
        *("data:a;base64,AA", "a\u0301\u0316", "\U0001f600", "**a", "`a ", "[a](http://"),
        *("<pre>", "<p hidden>", "<br>", "_a_ ", "## a\n", "Traceback (most recent call last):\n"),
    ]
)
def ten_megabytes(request: pytest.FixtureRequest) -> str:
    unit: str = request.param
    return unit * (10_000_000 // len(unit))


def test_a_mail_of_a_megabyte_takes_less_than_a_second() -> None:
    row = '<tr><td style="padding:0"><a href="https://shop.example/i?x=1">Item</a></td></tr>\n'
    picture = f'<img src="data:image/png;base64,{"iVBOR" * 80_000}">'
    mail = f"<html><style>{'td {} ' * 20_000}</style><table>{row * 6_000}</table>{picture}<p>end"
    started = time.process_time()

    prepared = Preparation.default()(mail)

    assert time.process_time() - started < 1.0
    assert (len(mail) > 1_000_000, prepared[:4], prepared[-3:]) == (True, "Item", "end")


@pytest.mark.parametrize("name", ["banking77", "clinc150"])
def test_short_plain_texts_come_out_byte_for_byte(shared_data: Path, name: str) -> None:
    """But for blanks at their ends and between words, and curly quotes."""
    first = Preparation(
        (Window(240_000, 60_000), RepairEncoding1(), HtmlToText1(), Whitespace(), Window())
    )
    with (shared_data / name / "test.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]

    assert [Preparation.default()(text) for text in texts] == [first(text) for text in texts]


def test_two_chains_with_the_same_links_have_the_same_fingerprint() -> None:
    assert Preparation.default().fingerprint == Preparation.default().fingerprint


def test_another_option_is_another_fingerprint() -> None:
    assert Preparation((Window(10, 5),)).fingerprint != Preparation((Window(10, 6),)).fingerprint


WINDOW = {"name": "window", "version": 1}


def described(*links: object, **changes: object) -> dict[str, Any]:
    return {"format": 1, "links": list(links)} | changes


@pytest.mark.parametrize(
    "newer", [described(format=2), described({"name": "window", "version": 99})], ids=repr
)
def test_a_newer_chain_is_refused(newer: dict[str, Any]) -> None:
    with pytest.raises(NewerFormat, match=r"Upgrade Sortyard"):
        Preparation.from_dict(newer)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (described({"name": "windoww"}), "Did you mean 'window'"),
        (described(WINDOW | {"options": {"tial": 1}}), "tial"),
        (described(WINDOW | {"options": {"head": -1}}), "not -1"),
        (described(WINDOW | {"options": {"head": "many"}}), "not 'many'"),
        (described(WINDOW | {"options": [1]}), "options"),
        (described(WINDOW | {"version": "one"}), "version"),
        (described(WINDOW | {"version": 0}), "version"),
        (described({"name": "window"}), "version"),
        (described({"name": ["window"]}), "no link"),
        (described(None), "no link 'None'"),
        (described(links="all"), "list of 'links'"),
        (described(format=None), "'format'"),
    ],
    ids=repr,
)
def test_a_wrong_chain_is_refused_with_the_reason(wrong: dict[str, Any], why: str) -> None:
    with pytest.raises(InvalidSettings, match=why):
        Preparation.from_dict(wrong)


def test_every_known_link_can_be_described() -> None:
    """A link that is added to the table needs nothing else to be stored in a release."""
    chain = Preparation(tuple(kind() for kind in KNOWN_LINKS))

    assert Preparation.from_dict(chain.to_dict()) == chain
