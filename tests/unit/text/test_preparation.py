"""The chain that every text goes through keeps its promises."""

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.domain.errors import InvalidSettings, NewerFormat
from sortyard.domain.messages import Message
from sortyard.text.links import Link
from sortyard.text.markup import HtmlToText
from sortyard.text.normalise import RepairEncoding, Whitespace
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
        *("Ã¼", "â€™", "schÃ¶n", "\u2019", "é", "\ufb01", "\uff21"),
        "a" * 3_000,
        "word " * 700,
    ]
)
nasty = st.lists(st.one_of(texts, snippets)).map("".join)

links = st.one_of(
    st.just(RepairEncoding()),
    st.just(HtmlToText()),
    st.just(Whitespace()),
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
        "data:a;base64,AA",
    ]
)
def ten_megabytes(request: pytest.FixtureRequest) -> str:
    unit: str = request.param
    return unit * (10_000_000 // len(unit))


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
