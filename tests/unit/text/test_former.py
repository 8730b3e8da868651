"""A release that was made with former links reads every text as it did."""

import json

import pytest

from sortyard.text.preparation import Preparation

FIRST_CHAIN = """{"format": 1, "links": [
{"name": "window", "version": 1, "options": {"head": 240000, "tail": 60000}},
{"name": "encoding", "version": 1, "options": {}},
{"name": "html", "version": 1, "options": {}},
{"name": "whitespace", "version": 1, "options": {}},
{"name": "window", "version": 1, "options": {"head": 2000, "tail": 500}}]}"""


@pytest.fixture(scope="module")
def prepare() -> Preparation:
    return Preparation.from_dict(json.loads(FIRST_CHAIN))


@pytest.mark.parametrize(
    ("text", "prepared"),
    [
        ("one<br>two", "one\n\ntwo"),
        ("<p hidden>a</p><p>b</p>", "a\n\nb"),
        ("<pre>one\ntwo</pre>", "one two"),
        ("pay\u202elap \ue00a", "pay\u202elap \ue00a"),
        ("sch\u00c3\u00b6n \u201cok\u201d", 'sch\u00f6n "ok"'),
        ("**bold** [a](https://a.example)", "**bold** [a](https://a.example)"),
    ],
)
def test_the_first_chain_still_reads_as_it_did(
    prepare: Preparation, text: str, prepared: str
) -> None:
    assert prepare(text) == prepared


def test_the_first_chain_is_stored_again_as_it_was(prepare: Preparation) -> None:
    assert prepare.to_dict() == json.loads(FIRST_CHAIN)
