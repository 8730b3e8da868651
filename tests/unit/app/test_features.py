"""What a workspace declares must be what its archive has, and known when a message arrives."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from sortyard.app.archives import open_with
from sortyard.app.features import features_of
from sortyard.domain.errors import InvalidFeatures
from sortyard.domain.features import NOTHING_DECLARED, ColumnKind, Declaration

ROWS = [
    "id,body,team,topic,source",
    *(f"t-{n},where is my parcel number {n},{n % 2},{n % 3},web" for n in range(9)),
]


def declared(folder: Path, features: str | None, labels: Sequence[str] = ("team",)) -> Declaration:
    (folder / "tickets.csv").write_text("\n".join(ROWS), encoding="utf-8")
    given = {"text": ("body",), "label": tuple(labels)}
    opened = open_with(folder / "tickets.csv", folder / "work", given=given)
    if features is not None:
        (folder / "work" / "features.yaml").write_text(features, encoding="utf-8")
    return features_of(opened.workspace, opened.archive)


def test_without_a_file_nothing_is_declared(tmp_path: Path) -> None:
    assert declared(tmp_path, None) == NOTHING_DECLARED


def test_columns_that_the_archive_has_may_be_declared(tmp_path: Path) -> None:
    found = declared(tmp_path, "metadata: {source: category, topic: category}")

    assert found.metadata == {"source": ColumnKind.CATEGORY, "topic": ColumnKind.CATEGORY}


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("team", "column 'team' holds the labels of 'team'"),
        ("topic", "column 'topic' holds the labels of 'topic'"),
        ("body", "column 'body' is read as text already"),
        ("id", "column 'id' holds the ids"),
        ("sauce", "no column 'sauce'. Did you mean 'source' for 'sauce'?"),
    ],
)
def test_what_is_no_metadata_is_no_feature(tmp_path: Path, column: str, words: str) -> None:
    with pytest.raises(InvalidFeatures, match="the guide shows how") as caught:
        declared(tmp_path, f"metadata: {{{column}: category}}", ("team", "topic"))

    assert words in caught.value.problem
