"""`sortyard audit` says how healthy an archive is, and writes nothing unless asked."""

import csv
import json
from html.parser import HTMLParser
from pathlib import Path
from random import Random
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.functional.tickets import write_tickets
from tests.unit.cli.conftest import Sortyard

QUICKLY = "--no-suspects"
NAMED = ("--text", "body", "--label", "team", "--time", "created")


def archive(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return path


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    """Tickets with two spellings, copies under two labels, a leak, times and former labels."""
    clean = write_tickets(tmp_path / "clean.csv", count=150, random=Random(4))
    with clean.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    for at, row in enumerate(rows):
        row["created"] = f"2024-{1 + at // 15:02}-{1 + at % 15:02}"
        row["split"] = "test" if at % 5 == 0 else "train"
        row["previous_team"] = "access" if at % 10 == 0 else row["team"]
    copies = [
        {**row, "id": f"c-{at}", "team": "Billing", "split": "test"}
        for at, row in enumerate(rows[1:9])
    ]
    copies[0]["body"] = "write to anna@example.org about card 4111 1111 1111 1111 please"
    return archive(tmp_path / "dirty.csv", [*rows, *copies])


def facts(sortyard: Sortyard, *arguments: str | Path):
    ended = sortyard("audit", *arguments, QUICKLY, "--json")
    assert ended.code == 0, ended.err
    return json.loads(ended.out)


def test_it_finds_what_is_wrong(sortyard: Sortyard, dirty: Path) -> None:
    codes = {one["code"] for one in facts(sortyard, dirty, *NAMED)["findings"]}

    assert {"spelling-drift", "two-labels", "split-leak", "personal-data", "few-rows"} <= codes


def test_nothing_is_written(sortyard: Sortyard, dirty: Path) -> None:
    before = sorted(dirty.parent.rglob("*"))
    facts(sortyard, dirty, *NAMED)

    assert sorted(dirty.parent.rglob("*")) == before


def test_every_figure_of_a_dimension_is_there(sortyard: Sortyard, dirty: Path) -> None:
    team = facts(sortyard, dirty, *NAMED)["dimensions"]["team"]

    assert team["kind"] == "single"
    assert team["balance"]["band"] == "even" or team["balance"]["asks"]
    assert team["history"]["dated"] == 158
    assert team["reassignments"]["column"] == "previous_team"
    assert 0.0 <= team["forecast"]["low"] <= team["forecast"]["value"] <= 1.0
    assert team["forecast"]["trials"] > 0


def test_no_personal_data_is_told(sortyard: Sortyard, dirty: Path) -> None:
    page = dirty.parent / "page.html"
    said = sortyard("audit", dirty, *NAMED, QUICKLY, "--all", "--html", page)
    told = said.out + said.err + page.read_text(encoding="utf-8")

    assert "anna@example.org" not in told
    assert "4111" not in told


def test_words_fit_a_terminal(sortyard: Sortyard, dirty: Path) -> None:
    said = sortyard("audit", dirty, *NAMED, QUICKLY, "--all")

    assert said.code == 0
    assert max(map(len, said.out.splitlines())) <= 80


def test_strict_answers_no_where_an_error_was_found(sortyard: Sortyard, dirty: Path) -> None:
    assert sortyard("audit", dirty, *NAMED, QUICKLY, "--strict").code == 1


def test_strict_answers_yes_for_clean_tickets(sortyard: Sortyard, tmp_path: Path) -> None:
    rows = [
        {"body": f"{words} {chr(97 + at)}{chr(97 + at // 2)} please", "team": team}
        for team, words in (("billing", "refund for my order"), ("access", "cannot log in to"))
        for at in range(20)
    ]
    ended = sortyard("audit", archive(tmp_path / "a.csv", rows), *NAMED[:4], QUICKLY, "--strict")

    assert "error[" not in ended.out
    assert ended.code == 0


def test_a_test_file_is_looked_through_for_leaks(sortyard: Sortyard, dirty: Path) -> None:
    clean = dirty.parent / "clean.csv"
    found = facts(sortyard, dirty, *NAMED[:4], "--test", clean)["leakage"]
    (leak,) = next(one for one in found if one["source"] == "clean.csv")["leaks"]

    assert leak["exact"] == leak["rows"] == 150


def test_a_column_that_is_not_there_is_named(sortyard: Sortyard, dirty: Path) -> None:
    ended = sortyard("audit", dirty, *NAMED, QUICKLY, "--split", "parts")

    assert ended.code == 2
    assert "unknown-column" in ended.err


class Page(HTMLParser):
    """Collects tags, and refuses those that do not nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):  # noqa: ARG002 -- the parser calls it so
        self.tags.add(tag)
        if tag not in {"meta", "wbr", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_is_whole_and_needs_nothing_else(sortyard: Sortyard, dirty: Path) -> None:
    path = dirty.parent / "page.html"
    sortyard("audit", dirty, *NAMED, QUICKLY, "--html", path)
    text = path.read_text(encoding="utf-8")
    page = Page(text)

    assert page.open == []
    assert not {"script", "link", "img", "iframe"} & page.tags
    assert "url(" not in text
    for drawing in text.split("<svg")[1:]:
        ET.fromstring("<svg" + drawing.split("</svg>")[0] + "</svg>")


def test_names_of_labels_are_no_markup(sortyard: Sortyard, tmp_path: Path) -> None:
    rows = [
        {"body": f"message number {at} about it", "team": "<script>x</script>" if at % 2 else "b"}
        for at in range(60)
    ]
    path = tmp_path / "page.html"
    sortyard("audit", archive(tmp_path / "a.csv", rows), *NAMED[:4], QUICKLY, "--html", path)

    assert "<script>" not in path.read_text(encoding="utf-8")


GARBAGE = {
    "one row": "text,label\nhello there my friend,a\n",
    "one label": "text,label\n" + "hello there my friend,a\n" * 5,
    "empty labels": "text,label\nhello there you,a\nhow are you now,\nsome other words,b\n",
    "only empty labels": "text,label\nhello there you,\nhow are you now,\n",
    "only empty texts": "text,label\n,a\n,b\n",
    "no row": "text,label\n",
    "nothing": "",
    "a huge cell": "text,label\n" + "word " * 50_000 + ",a\nsmall one here,b\n",
    "no words": "text,label\n" + "?!,a\n!!,b\n" * 40,
    "open quote": 'text,label\n"never closed,a\nsome words here,b\n',
    "marks for labels": "text,label\n" + "some words here,---\nother words there,...\n" * 20,
}


@pytest.mark.parametrize("content", GARBAGE.values(), ids=GARBAGE)
def test_garbage_gives_findings_or_a_remedy_and_no_fault(
    sortyard: Sortyard, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content, encoding="utf-8")
    ended = sortyard("audit", path, QUICKLY, "--text", "text", "--label", "label")

    assert ended.code in {0, 2}
    assert "internal" not in ended.err
    assert ended.out or "fix:" in ended.err


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "cp1252", "utf-8-sig"])
def test_encodings_of_old_programs_are_read(
    sortyard: Sortyard, tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(
        ("text,label\n" + "où est ma carte,café\nje veux payer,été\n" * 20).encode(encoding)
    )

    assert facts(sortyard, path)["rows"] == 40


CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=25))
def test_any_cells_give_findings_or_a_remedy(
    sortyard: Sortyard, tmp_path: Path, rows: list[tuple[str, str]]
) -> None:
    path = archive(tmp_path / "a.csv", [{"text": text, "label": label} for text, label in rows])
    page = tmp_path / "page.html"
    ended = sortyard(
        "audit", path, QUICKLY, "--all", "--text", "text", "--label", "label", "--html", page
    )

    assert ended.code in {0, 2}
    assert "internal" not in ended.err


@pytest.mark.slow
def test_probable_errors_are_written_decided_and_read_back(
    sortyard: Sortyard, tmp_path: Path
) -> None:
    clean = write_tickets(tmp_path / "clean.csv", count=240, random=Random(4))
    with clean.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    truth = {row["id"]: row["team"] for row in rows}
    flipped = rows[::20]
    for row in flipped:
        row["team"] = "access" if row["team"] == "billing" else "billing"
    path = archive(tmp_path / "flipped.csv", rows)
    listed, better = tmp_path / "doubts.csv", tmp_path / "better.csv"
    said = sortyard("audit", path, *NAMED[:4], "--export", listed, "--json")
    with listed.open(encoding="utf-8") as stream:
        doubts = list(csv.DictReader(stream))
    ids = {row["id"] for row in flipped}

    assert said.code == 0, said.err
    assert len(ids & {one["id"] for one in doubts}) >= 0.8 * len(ids)
    assert "the parcel" not in said.out

    for one in doubts:
        one["decided"] = truth[one["id"]]
    archive(listed, doubts)
    done = sortyard("audit", path, *NAMED[:4], "--decided", listed, "--corrected", better)
    with better.open(encoding="utf-8") as stream:
        mended = {row["id"]: row["team"] for row in csv.DictReader(stream)}

    assert done.code == 0, done.err
    assert sum(mended[id_] != truth[id_] for id_ in truth) <= 0.2 * len(ids)


def test_decisions_of_another_archive_are_left_out(sortyard: Sortyard, tmp_path: Path) -> None:
    """Its ids are the same numbers, and its messages are others."""
    write_tickets(path := tmp_path / "tickets.csv", count=40, random=Random(4))
    with path.open(encoding="utf-8") as stream:
        own, other = list(csv.DictReader(stream))[:2]
    listed = archive(
        tmp_path / "doubts.csv",
        [
            {"id": own["id"], "text": f" {own['body']}\n", "decided": "access"},
            {"id": other["id"], "text": "something else altogether", "decided": "access"},
        ],
    )

    better = tmp_path / "better.csv"
    done = sortyard("audit", path, *NAMED[:4], "--decided", listed, "--corrected", better)
    with better.open(encoding="utf-8") as stream:
        teams = [row["team"] for row in csv.DictReader(stream)]

    assert done.code == 0, done.err
    assert "1 decision on messages that the archive does not have" in done.err
    assert teams[:2] == ["access", other["team"]]


def test_decisions_need_a_file_to_write(sortyard: Sortyard, dirty: Path) -> None:
    ended = sortyard("audit", dirty, *NAMED, "--decided", dirty)

    assert ended.code == 2
    assert "--corrected" in ended.err


@pytest.mark.parametrize("option", ["--export", "--html"])
def test_the_archive_is_never_written_over(sortyard: Sortyard, dirty: Path, option: str) -> None:
    before = dirty.read_bytes()

    said = sortyard("audit", dirty, *NAMED, QUICKLY, option, dirty)

    assert said.code == 2
    assert "is read, and would be written over" in said.err
    assert dirty.read_bytes() == before
