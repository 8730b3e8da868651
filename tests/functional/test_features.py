"""Features that a workspace declares reach its answers through every front door."""

import json
from pathlib import Path
from random import Random

import pytest

import sortyard as library
from sortyard.domain.messages import Message
from tests.functional.conftest import Sortyard, objects
from tests.functional.tickets import OPENINGS, WORDS

pytestmark = pytest.mark.slow

PLACES = {"north": "7", "south": "8", "west": "9.5"}  # numbers in a file, and texts elsewhere
FEATURES = """\
metadata:
  desk: category
  when: time
text: [format, length, readability, formality]
keywords:
  money: [refund, money]
"""
TEXT = "refund for order 12 thanks"


@pytest.fixture(scope="module")
def featured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose `place` only the metadata tell."""
    folder, random = tmp_path_factory.mktemp("featured"), Random(6)
    lines = ["id,body,place,desk,when"]
    for number in range(180):
        place, words = random.choice(sorted(PLACES)), random.choice(sorted(WORDS))
        text = random.choice(WORDS[words]).format(n=random.randint(1, 9_999))
        when = f"{number % 28 + 1:02}.01.2024 {number % 24:02}:15"
        opening = random.choice(OPENINGS)
        lines.append(f"t-{number},{opening}{text} {number},{place},{PLACES[place]},{when}")
    (folder / "tickets.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    work = folder / "work"
    work.mkdir()
    (work / "features.yaml").write_text(FEATURES, encoding="utf-8")
    library.train(folder / "tickets.csv", workspace=work, text=["body"], label=["place"])
    return work


def _places(found: list[dict[str, object]]) -> list[str]:
    return [one["dimensions"]["place"]["candidates"][0]["label"] for one in found]  # type: ignore[index]


def test_the_columns_of_a_file_reach_the_answers(
    sortyard: Sortyard, featured: Path, tmp_path: Path
) -> None:
    rows = [f"a-{number},{TEXT},{desk}" for number, desk in enumerate(PLACES.values())]
    file = tmp_path / "new.csv"
    file.write_text("\n".join(["id,body,desk", *rows]) + "\n", encoding="utf-8")

    assert _places(objects(sortyard("classify", "-w", featured, "-i", file, "--json").out)) == list(
        PLACES
    )


def test_so_does_what_a_line_says(sortyard: Sortyard, featured: Path) -> None:
    lines = [json.dumps({"body": TEXT, "desk": desk}) for desk in PLACES.values()]
    found = sortyard("classify", "-w", featured, "--json", stdin="\n".join(lines).encode())

    assert _places(objects(found.out)) == list(PLACES)


def test_so_does_what_a_program_says(featured: Path) -> None:
    classifier = library.load(workspace=featured)
    found = classifier.classify_batch(
        [Message("1", TEXT, None, {"desk": float(desk)}) for desk in PLACES.values()]
    )

    assert [one["place"].candidates[0].label for one in found] == list(PLACES)  # type: ignore[index]


def test_an_explanation_has_their_parts(sortyard: Sortyard, featured: Path) -> None:
    said = sortyard("explain", "-w", featured, TEXT, "-m", "desk=9.5").out

    assert "'desk=9.5'" in said
    assert "why west" in said


def test_metadata_without_a_name_are_refused(sortyard: Sortyard, featured: Path) -> None:
    ended = sortyard("explain", "-w", featured, TEXT, "--metadata", "red")

    assert (ended.code, "NAME=VALUE" in ended.err) == (2, True)


def test_the_report_says_what_they_bring(featured: Path) -> None:
    (report,) = featured.glob(".sortyard/releases/*/report.txt")
    words = " ".join(report.read_text(encoding="utf-8").split())

    assert "place: metadata features are used: log loss" in words
    assert "'desk' alone tells" in words


def test_a_wrong_declaration_ends_a_training_before_it_begins(
    sortyard: Sortyard, featured: Path, tmp_path: Path
) -> None:
    (tmp_path / "features.yaml").write_text("metadata: {place: category}\n", encoding="utf-8")
    ended = sortyard(
        "train",
        featured.parent / "tickets.csv",
        "-w",
        tmp_path,
        "--text",
        "body",
        "--label",
        "place",
    )

    assert (ended.code, "invalid-features" in ended.err) == (2, True)
