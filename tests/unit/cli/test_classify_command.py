"""`classify` before it opens a release."""

from pathlib import Path

from tests.unit.cli.conftest import Sortyard


def test_answers_never_take_the_place_of_the_messages(sortyard: Sortyard, tmp_path: Path) -> None:
    archive = tmp_path / "tickets.csv"
    archive.write_text("text\nhello\n")
    said = sortyard("classify", "--input", archive, "--output", "tickets.csv")

    assert (said.code, "take the place" in said.err, archive.read_text()) == (
        2,
        True,
        "text\nhello\n",
    )
