"""Files as people have them become tables, and what is wrong in them is said with its line."""

import csv
import gzip
import io
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sortyard.data.problems import RowProblem, Trouble
from sortyard.data.readers import read_table
from sortyard.data.tables import Table
from sortyard.domain.errors import (
    EmptyArchive,
    MissingExtra,
    SortyardError,
    UnknownColumn,
    UnreadableArchive,
)

LAW = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
Read = Callable[..., Table]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write bytes or text to a file, and read it as a table."""

    def written(content: str | bytes, name: str = "tickets.csv") -> Table:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_table(path)

    return written


def rows(table: Table) -> list[tuple[object, ...]]:
    return list(zip(*table.cells.values(), strict=True))


def kinds(table: Table) -> list[tuple[int, Trouble]]:
    return [(one.line, one.kind) for one in table.problems]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_finds_the_delimiter(read: Read, delimiter: str) -> None:
    table = read(f"text{delimiter}label\nit broke{delimiter}repair\nmy bill{delimiter}billing\n")

    assert rows(table) == [("it broke", "repair"), ("my bill", "billing")]


def test_a_delimiter_inside_texts_does_not_mislead(read: Read) -> None:
    table = read("text;label\none, two, three;a\nfour, five;b\nsix;a\n")

    assert rows(table) == [("one, two, three", "a"), ("four, five", "b"), ("six", "a")]


def test_excel_may_state_the_delimiter(read: Read) -> None:
    assert rows(read("sep=;\ntext;label\na, b;x\n")) == [("a, b", "x")]


def test_one_column_may_hold_any_delimiter(read: Read) -> None:
    assert rows(read('text\nhello, you; there\n"quoted, too"\n')) == [
        ("hello, you; there",),
        ("quoted, too",),
    ]


def test_lines_are_counted_through_quoted_line_breaks(read: Read) -> None:
    table = read('text,label\n"one\ntwo\r\nthree",a\nfour,b\n"five, ""six""",c\n')

    assert rows(table) == [("one\ntwo\r\nthree", "a"), ("four", "b"), ('five, "six"', "c")]
    assert table.lines == (2, 5, 6)


def test_blank_lines_are_no_rows(read: Read) -> None:
    table = read("\n\ntext,label\n\na,x\n\n\nb,y\n\n")

    assert table.lines == (5, 8)


def test_a_row_with_a_wrong_number_of_cells_is_a_problem(read: Read) -> None:
    table = read("text,label\nfine,a\ntoo, many,b\nfew\nfine,b\n")

    assert rows(table) == [("fine", "a"), ("fine", "b")]
    assert table.problems == (
        RowProblem(3, Trouble.WRONG_CELL_COUNT, "3 cells, 2 columns"),
        RowProblem(4, Trouble.WRONG_CELL_COUNT, "1 cell, 2 columns"),
    )


def test_empty_cells_past_the_header_are_forgiven(read: Read) -> None:
    assert rows(read("text,label\nfine,a,,\n")) == [("fine", "a")]


def test_a_column_of_nothing_without_a_name_is_dropped(read: Read) -> None:
    assert read("text,label,\nfine,a,\n").columns == ("text", "label")


def test_a_quote_that_never_closes_costs_no_row(read: Read) -> None:
    table = read('text,label\n"one",a\n"two,b\nthree,c\nfour,d\n')

    assert rows(table) == [("one", "a"), ('"two', "b"), ("three", "c"), ("four", "d")]
    assert kinds(table) == [(3, Trouble.OPEN_QUOTE)]


def test_two_stray_quotes_do_not_swallow_the_rows_between(read: Read) -> None:
    between = "".join(f"text {n},a\n" for n in range(20))
    table = read(f'text,label\n"a, b","c"\n"oops,a\n{between}"oops,b\nlast,c\n')

    assert len(table) == 24
    assert kinds(table) == [(3, Trouble.OPEN_QUOTE), (24, Trouble.OPEN_QUOTE)]


def test_a_long_cell_with_commas_is_not_taken_for_rows(read: Read) -> None:
    table = read('text,label\n"Dear all,\nfirst, this\nthen that\nregards, Ann",a\nb,c\n')

    assert rows(table)[0] == ("Dear all,\nfirst, this\nthen that\nregards, Ann", "a")


def test_quotes_of_a_file_without_quoting_are_letters(read: Read) -> None:
    table = read('text\tlabel\n"hello" she said\ta\n"Bye\tb\nhe said "no"\ta\n"unclosed\tb\n')

    assert rows(table) == [
        ('"hello" she said', "a"),
        ('"Bye', "b"),
        ('he said "no"', "a"),
        ('"unclosed', "b"),
    ]


def test_a_cell_of_ten_megabytes_is_read(read: Read) -> None:
    table = read(f"text,label\n{'word ' * 2_000_000},a\nshort,b\n")

    assert len(table) == 2


def test_the_limit_of_the_csv_module_is_put_back(read: Read) -> None:
    before = csv.field_size_limit()
    read("text,label\na,b\n")

    assert csv.field_size_limit() == before


def test_columns_get_names_of_their_own(read: Read) -> None:
    table = read(",text,text\n1,a,b\n")

    assert table.columns == ("column 1", "text", "text 2")
    assert kinds(table) == [(1, Trouble.COLUMN_NAME)] * 2


# --- encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_in_all_its_encodings(read: Read, encoding: str) -> None:
    text = "text,label\nGrüße an alle; naïve,a\nдни,b\n"

    assert rows(read(text.encode(encoding))) == [("Grüße an alle; naïve", "a"), ("дни", "b")]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_western_legacy_encodings(read: Read, encoding: str) -> None:
    table = read("text,label\nGrüße aus Köln,é\n".encode(encoding))

    assert rows(table) == [("Grüße aus Köln", "é")]
    assert (table.encoding, table.problems) == ("cp1252", ())


def test_a_cyrillic_legacy_encoding(read: Read) -> None:
    pytest.importorskip("charset_normalizer", reason="guessing needs the extra `train`")
    text = "Здравствуйте. Я не могу войти в личный кабинет. Помогите пожалуйста"
    table = read(f"text,label\n{text},интернет\n{text},счёт\n".encode("cp1251"))

    assert rows(table)[0] == (text, "интернет")


def test_mixed_encodings_are_repaired_line_by_line(read: Read) -> None:
    table = read("text,label\nKöln,a\n".encode() + "Zürich,b\n".encode("cp1252") + b"Rome,c\n")

    assert [text for text, _ in rows(table)] == ["Köln", "Zürich", "Rome"]
    assert kinds(table) == [(3, Trouble.REPAIRED_ENCODING)]


# --- other formats


def test_json_lines(read: Read) -> None:
    table = read(
        '{"text": "a", "labels": ["x", "y"], "n": 1}\n\n{"text": "b", "from": {"id": 7}}\n'
    )

    assert table.cells == {
        "text": ("a", "b"),
        "labels": (("x", "y"), None),
        "n": (1, None),
        "from.id": (None, 7),
    }
    assert table.lines == (1, 3)


def test_a_bad_line_among_json_lines_is_a_problem_and_the_rest_go_on(read: Read) -> None:
    table = read('{"text": "a"}\n{"text": \n[1, 2]\n{"text": "b\u2028c"}\n')

    assert table["text"] == ("a", "b\u2028c")
    assert kinds(table) == [(2, Trouble.NOT_AN_OBJECT), (3, Trouble.NOT_AN_OBJECT)]


def test_parquet(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow", reason="Parquet needs the extra `train`")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "tickets.parquet"
    parquet.write_table(pa.table({"text": ["a", None], "labels": [["x"], []], "n": [1, 2]}), path)

    table = read_table(path)

    assert table.cells == {"text": ("a", None), "labels": (("x",), ()), "n": (1, 2)}
    assert table.lines == (1, 2)


def test_parquet_without_pyarrow_names_the_extra(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(MissingExtra, match=r"sortyard\[train\]"):
        read(b"PAR1")


def test_damaged_parquet_is_unreadable(read: Read) -> None:
    pytest.importorskip("pyarrow", reason="Parquet needs the extra `train`")
    with pytest.raises(UnreadableArchive, match="damaged Parquet"):
        read(b"PAR1 and then nothing", "tickets.parquet")


def test_gzip_is_unpacked_whatever_its_name(read: Read) -> None:
    assert rows(read(gzip.compress(b"text,label\na,b\n"), "tickets.csv")) == [("a", "b")]


def test_the_hash_is_that_of_the_file_as_it_lies_there(read: Read) -> None:
    one, other = read("text,label\na,b\n"), read("text,label\na,c\n")

    assert one.sha256 != other.sha256


# --- what is no archive


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"PK\x03\x04 an xlsx", "Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (bytes(range(256)) * 20, "binary"),
        (b"\x7fELF" + b"\x00\x01\x02" * 100, "binary"),
        (gzip.compress(b"text,label\n" * 1_000)[:-20], "gzip"),
        (b'[\n  {"text": "a"}\n]\n', "one large JSON"),
        (b'{\n  "rows": []\n}\n', "one large JSON"),
    ],
    ids=["xlsx", "pdf", "png", "bytes", "elf", "cut gzip", "json list", "json object"],
)
def test_other_files_are_unreadable_and_say_what_they_are(
    read: Read, content: bytes, why: str
) -> None:
    with pytest.raises(UnreadableArchive, match=why) as caught:
        read(content)

    assert "CSV, TSV, JSONL or Parquet" in caught.value.remedy


@pytest.mark.parametrize("content", ["", "\n \n", "\ufeff", "text,label\n"], ids=repr)
def test_a_file_without_rows_is_empty(read: Read, content: str) -> None:
    with pytest.raises(EmptyArchive):
        read(content)


def test_a_file_of_bad_rows_only_says_what_is_wrong_with_them(read: Read) -> None:
    with pytest.raises(EmptyArchive, match=r"none of its 2 rows .* line 2: .*cells"):
        read("text,label\na\nb\n")


def test_a_missing_file_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableArchive, match="no such file"):
        read_table(tmp_path / "nowhere.csv")


def test_a_folder_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableArchive, match="folder"):
        read_table(tmp_path)


def test_an_unknown_column_suggests_the_known_ones(read: Read) -> None:
    with pytest.raises(UnknownColumn, match="Did you mean 'label'"):
        read("text,label\na,b\n")["lable"]


# --- laws

# Control characters are what tells a binary file; quotes and line breaks are what makes CSV hard.
cells = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters='\n\r\t"'), max_size=20
)


@LAW
@given(
    grid=st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=8),
    delimiter=st.sampled_from(",;\t|"),
)
def test_what_a_careful_writer_writes_comes_back(
    read: Read, grid: list[tuple[str, str, str]], delimiter: str
) -> None:
    """With every cell quoted, any text survives."""
    kept = [row for row in grid if any(row)]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([("text", "label", "channel"), ("x", "y", "z"), *kept])

    assert rows(read(text.getvalue()))[1:] == kept


@LAW
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(st.sampled_from('ab,;\t|"\n\r\\{}[]:é\u2028'), max_size=100).map(str.encode),
        st.binary(max_size=100).map(gzip.compress),
        st.binary(max_size=100).map(lambda rest: b"text,label\n" + rest),
        st.binary(max_size=100).map(lambda rest: b'{"text": 1}\n' + rest),
    )
)
def test_any_bytes_are_read_or_refused_on_purpose(read: Read, content: bytes) -> None:
    try:
        table = read(content)
    except SortyardError:
        return
    assert all(len(column) == len(table) > 0 for column in table.cells.values())


def test_a_first_line_that_is_broken_is_left_out_like_any_other(read: Read) -> None:
    table = read('{broken\n{"text": "a"}\n{"text": "b"}\n')

    assert table["text"] == ("a", "b")
    assert [(one.line, one.kind) for one in table.problems] == [(1, Trouble.NOT_AN_OBJECT)]


@LAW
@given(st.lists(st.dictionaries(cells, cells, min_size=1, max_size=3), min_size=1, max_size=5))
def test_json_objects_come_back(read: Read, records: list[dict[str, str]]) -> None:
    table = read("".join(json.dumps(record) + "\n" for record in records))

    columns = zip(*table.cells.values(), strict=True)
    read_back = [dict(zip(table.columns, row, strict=True)) for row in columns]
    assert [{k: v for k, v in one.items() if v is not None} for one in read_back] == records


def test_a_hundred_thousand_rows_take_less_than_three_seconds(read: Read) -> None:
    line = f"{'a text of some words, ' * 5}"
    content = "text,label\n" + "".join(f'"{line}{n}",label {n % 150}\n' for n in range(100_000))
    started = time.process_time()

    read(content)

    assert time.process_time() - started < 3.0
