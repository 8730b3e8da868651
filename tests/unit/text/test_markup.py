"""HTML becomes what its reader sees, and nothing else is taken for HTML."""

import pytest

from sortyard.text.markup import HtmlToText
from sortyard.text.normalise import Whitespace


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Hello <b>wor</b>ld</p>", "Hello world"),
        ("one<br>two<BR/>three", "one\ntwo\nthree"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "1 2"),
        ("<style>p { color: red }</style><p>seen</p>", "seen"),
        ("<p>seen<script>if (a < b) hide()</script></p>", "seen"),
        ("<html><head><title>t</title></head><body>seen</body></html>", "seen"),
        ("<!-- hidden --><p>seen</p>", "seen"),
        ("<p>split\nby the\nsource</p>", "split by the source"),
        ("<p>5 &lt; 6 &amp;&nbsp;7</p>", "5 < 6 & 7"),
        ('<a href="x">link</a>', "link"),
        ("<p>never closed", "never closed"),
        ("Dear team,<br>\r\nit broke<br>\r\nThanks", "Dear team,\nit broke\nThanks"),
    ],
)
def test_markup_becomes_text(html: str, text: str) -> None:
    lines = (line.strip() for line in HtmlToText()(html).replace("\xa0", " ").split("\n"))

    assert "\n".join(" ".join(line.split()) for line in lines if line) == text


@pytest.mark.parametrize(
    "text",
    [
        "a < b and b > c",
        "write to <anna@example.com>",
        "see <https://example.com/page>",
        "use vector<int> here",
        "x<y",
        "AT&T, R&D & co; this&that;",
        "?a=1&copy=2",
        "<placeholder>",
    ],
)
def test_what_is_not_html_stays(text: str) -> None:
    assert HtmlToText()(text) == text


def test_a_large_picture_inside_a_mail_does_not_push_out_the_words() -> None:
    picture = f'<img src="data:image/png;base64,{"A" * 500_000}">'

    assert HtmlToText()(f"<p>before</p>{picture}<p>after</p>").split() == ["before", "after"]


def test_a_large_style_sheet_does_not_push_out_the_words() -> None:
    style = f"<STYLE type='text/css'>{'p { margin: 0 } ' * 30_000}</STYLE>"

    assert HtmlToText()(f"<html>{style}<p>İstanbul</p></html>").split() == ["İstanbul"]


def test_thousands_of_nested_tags_are_stripped_without_the_parser() -> None:
    assert HtmlToText()("<div>" * 20_000 + "deep &amp; dark").split() == ["deep", "&", "dark"]


def test_entities_without_tags_are_read() -> None:
    assert HtmlToText()("Fish &amp; chips &#8364;5 &#x20AC;6") == "Fish & chips €5 €6"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<div style="display:none">preview</div><p>seen</p>', "seen"),
        ("<p hidden>not seen</p><p>seen</p>", "seen"),
        ('<div style="mso-hide:all;DISPLAY : None"><b hidden>x</b></div>seen<br>', "seen"),
        ('<div style="max-height:0px;overflow:hidden">preview</div><p>seen</p>', "seen"),
        ('<div style="max-height:0.5em;overflow:hidden">seen</div>', "seen"),
        ('<p style="background:url(display:none)">seen</p>', "seen"),
        ('<p style="display:none">all of it</p>', "all of it"),
        ('<p>fine <img src="e.png" alt="\U0001f600"></p>', "fine \U0001f600"),
        ('<p>from us <img src="logo.png" alt="Logo"></p>', "from us"),
        ("<table><caption>prices</caption><tr><th>a</th><td>1</td></tr></table>", "prices\na 1"),
        ("<select><option>red</option><option>blue</option></select><br>", "red\nblue"),
    ],
)
def test_what_is_hidden_goes_and_what_is_seen_stays(html: str, text: str) -> None:
    assert lines_of(HtmlToText()(html)) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("one<br>two", "one\ntwo"),
        ("one<br><br>two", "one\n\ntwo"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<div>one</div><div>two</div><div><br></div><div>three</div>", "one\ntwo\n\nthree"),
        ("<div>one<br></div><div>two</div>", "one\ntwo"),
        ("<pre>Traceback\n  File x\nValueError: y</pre>", "Traceback\nFile x\nValueError: y"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
    ],
)
def test_lines_end_where_a_browser_ends_them(html: str, text: str) -> None:
    assert Whitespace()(HtmlToText()(html)) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            '<a href="https://www.bank.example/login?x=1">your account</a>',
            "your account (bank.example)",
        ),
        ('<a href="http://bank.example">bank.example</a>', "bank.example"),
        ('<a href="mailto:anna@example.com">Anna</a>', "Anna"),
        ('<a name="top">top</a> <a href="/here">here</a>', "top here"),
    ],
)
def test_a_link_says_where_it_leads_by_choice(html: str, text: str) -> None:
    assert Whitespace()(HtmlToText(links="host")(html)) == text


def test_another_choice_of_links_is_a_problem() -> None:
    assert HtmlToText(links="all").problems() == ("html: links is one of words, host, not 'all'",)


def lines_of(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
