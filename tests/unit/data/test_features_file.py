"""A file of features says what is declared, and one with mistakes says where they are."""

from pathlib import Path

import pytest

from sortyard.data.features_file import parse_features, read_features
from sortyard.domain.errors import InvalidFeatures, NewerFormat
from sortyard.domain.features import NOTHING_DECLARED, ColumnKind, Declaration, Measure

FILE = """\
format: 1
metadata:
  source: category
  attachments: number
  attachment types: list
  date: time
text: [length, format, length]
keywords:
  refund: [refund, money back]
  card: card
"""


def problems_of(text: str) -> tuple[str, ...]:
    with pytest.raises(InvalidFeatures) as caught:
        parse_features(text, "features.yaml")
    return caught.value.problems


def test_a_file_declares_features() -> None:
    assert parse_features(FILE, "features.yaml") == Declaration(
        metadata={
            "source": ColumnKind.CATEGORY,
            "attachments": ColumnKind.NUMBER,
            "attachment types": ColumnKind.LIST,
            "date": ColumnKind.TIME,
        },
        measures=(Measure.LENGTH, Measure.FORMAT),
        keywords={"refund": ("refund", "money back"), "card": ("card",)},
    )


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "format: 1\n", "text:\n"])
def test_nothing_declares_nothing(text: str) -> None:
    assert parse_features(text, "features.yaml") == NOTHING_DECLARED
    assert not NOTHING_DECLARED


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("metadata:\n  source: kind\n", "line 2, metadata > source: this should be 'category', "),
        ("metadata: {}\n", "line 1, metadata:"),
        ("text: [length, tone]\n", "line 1, text > 1: this should be 'format', "),
        ("keywords: {}\n", "line 1, keywords:"),
        ("keywords:\n  refund: []\n", "line 2, keywords > refund: it is empty"),
        ("keywords:\n  refund: ['  ']\n", "one of its words is blank"),
        ("metdata:\n  source: category\n", "did you mean 'metadata' for 'metdata'"),
        ("text: [\n", "line"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, words: str) -> None:
    assert words in "; ".join(problems_of(text))


def test_all_mistakes_are_told_at_once() -> None:
    assert len(problems_of("metadata: {a: b}\ntext: [c]\nkeywords: {d: []}\n")) == 3


def test_a_newer_file_is_refused() -> None:
    with pytest.raises(NewerFormat):
        parse_features("format: 2\n", "features.yaml")


def test_a_file_that_is_not_there_is_no_surprise(tmp_path: Path) -> None:
    with pytest.raises(InvalidFeatures, match=r"absent\.yaml"):
        read_features(tmp_path / "absent.yaml")


def test_a_file_of_other_bytes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "features.yaml").write_bytes(b"text: [\xff]")
    with pytest.raises(InvalidFeatures, match="not UTF-8"):
        read_features(tmp_path / "features.yaml")
