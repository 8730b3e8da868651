"""The columns of real archives are guessed right, or not at all."""

from pathlib import Path

import pytest

from sortyard.data.archive import read_archive
from sortyard.domain.errors import UndecidedColumns
from sortyard.domain.taxonomy import Kind


@pytest.mark.parametrize(
    ("file", "text", "labels"),
    [
        ("banking77/test.csv", ("text",), ("category",)),
        ("clinc150/val.csv", ("text",), ("domain/intent",)),
        ("nlupp/hotels.jsonl", ("text",), ("intents",)),
        ("goemotions/dev.csv.gz", ("text",), ("emotions",)),
        ("chat/dev.csv.gz", ("text",), ("department", "intents")),
        ("newsgroups/test.jsonl.gz", ("text",), ("group",)),
        ("cfpb_votes/complaints.csv", ("narrative",), ("product",)),
    ],
)
def test_guessed_right(
    shared_data: Path, file: str, text: tuple[str, ...], labels: tuple[str, ...]
) -> None:
    columns = read_archive(shared_data / file).columns

    assert (columns.text_specs, columns.label_specs) == (text, labels)


@pytest.mark.parametrize("file", ["it_tickets/tickets.csv", "cfpb/complaints.csv"])
def test_not_guessed_among_many(shared_data: Path, file: str) -> None:
    with pytest.raises(UndecidedColumns, match="label"):
        read_archive(shared_data / file)


def test_a_name_with_commas_is_one_label(shared_data: Path) -> None:
    archive = read_archive(
        shared_data / "cfpb/complaints.csv", labels=("Product/Sub-product/Issue", "Tags")
    )
    product, tags = archive.columns.labels

    assert product.kind is Kind.SINGLE
    assert tags.kind is Kind.MULTI
    assert "Payday loan, title loan, or personal loan" in archive.taxonomy["Product"].paths


def test_a_slash_in_a_name_is_replaced_and_reported(shared_data: Path) -> None:
    archive = read_archive(shared_data / "cfpb/complaints.csv", labels=("Issue",))

    assert "Taking-threatening an illegal action" in archive.taxonomy["Issue"].paths
    assert [(one.line, str(one.kind)) for one in archive.problems] == [(406, "renamed-label")]


def test_tickets_have_three_dimensions_and_a_subject(shared_data: Path) -> None:
    labels = ("category/sub_category1/sub_category2", "business_service", "urgency")
    archive = read_archive(shared_data / "it_tickets/tickets.csv", labels=labels)

    assert archive.dataset.dimensions == ("category", "business_service", "urgency")
    assert archive.dataset.examples[0].labels["category"] == ("4/2/21",)
    assert archive.columns.text_specs == ("title", "body")


def test_emotions_are_several_labels(shared_data: Path) -> None:
    archive = read_archive(shared_data / "goemotions/dev.csv.gz")
    held = archive.dataset.labels("emotions")

    assert archive.taxonomy["emotions"].kind is Kind.MULTI
    assert len(archive.taxonomy["emotions"].paths) == 28
    assert sum(len(labels) > 1 for labels in held) / len(held) == pytest.approx(0.16, abs=0.01)


def test_conversations_are_groups(shared_data: Path) -> None:
    archive = read_archive(shared_data / "chat/dev.csv.gz")

    assert archive.columns.group == "conversation"
    assert archive.dataset.groups is not None
