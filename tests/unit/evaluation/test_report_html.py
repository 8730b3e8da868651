"""The page is whole, needs nothing else, and trusts no name."""

from html.parser import HTMLParser
from time import process_time
from xml.etree import ElementTree as ET

import pytest

from sortyard.evaluation.report_html import as_html
from tests.unit.evaluation.outcomes_for_tests import random_single
from tests.unit.evaluation.reports_for_tests import (
    dimension,
    hostile,
    ordinary,
    report_of,
    tiny,
)

EMPTY = {"meta", "wbr", "br", "link", "img", "input"}
MAKERS = pytest.mark.parametrize("make", [ordinary, hostile, tiny])


class Page(HTMLParser):
    """Collects what the tests ask about, and refuses tags that do not nest."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.attributes, self.text = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


@MAKERS
def test_every_tag_is_closed_in_order(make):
    page = Page(as_html(make()))

    assert page.open == []
    assert page.tags[0] == "html"


@MAKERS
def test_the_page_asks_the_network_for_nothing(make):
    text = as_html(make())
    page = Page(text)

    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert not {"src", "srcset", "onclick", "onload"} & {name for name, _ in page.attributes}
    assert all(value.startswith("#") for name, value in page.attributes if name == "href")
    assert "url(" not in text
    assert "@import" not in text


@MAKERS
def test_every_drawing_is_well_formed(make):
    drawings = as_html(make()).split("<svg")[1:]

    for one in drawings:
        tree = ET.fromstring("<svg" + one.split("</svg>")[0] + "</svg>")
        assert tree.find("title").text


def test_names_of_labels_are_text_and_never_markup():
    text = as_html(hostile())

    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "\x1b" not in text


def test_anchors_are_made_by_us_and_unique():
    page = Page(as_html(ordinary()))

    anchors = [value for name, value in page.attributes if name == "id"]
    assert anchors == ["dimension-1", "dimension-2"]


def test_the_page_opens_in_plain_words():
    words = "".join(Page(as_html(ordinary())).text)

    assert words.index("Of 100 messages") < words.index("Calibration error")


def test_failing_gates_are_named_at_the_top():
    report = hostile()
    words = "".join(Page(as_html(report)).text)

    assert not report.passed
    assert words.index("does not ship") < words.index("Of 100 messages")


def test_a_page_of_150_labels_is_quick_and_light(rng):
    labels = tuple(f"domain{one % 10}/label{one:03}" for one in range(150))
    report = report_of(dimension(random_single(rng, rows=3_000, labels=labels, skill=5.0), rng))
    as_html(report)  # the first one reads the templates

    start = process_time()
    text = as_html(report)

    assert process_time() - start < 1.0
    assert len(text) < 400_000


def test_the_page_warns_of_a_test_on_too_few_messages():
    assert "only 1 test message." in as_html(tiny())
    assert "cannot tell 0.70 from 0.90" not in as_html(ordinary())


def test_a_tree_is_shown_level_by_level_and_a_flat_dimension_is_not():
    page = Page(as_html(ordinary()))

    assert sum("Level by level" in text for text in page.text) == 1
    assert not any("Level by level" in text for text in Page(as_html(tiny())).text)
