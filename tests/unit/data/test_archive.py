"""An archive is read whole; what is odd about a row is said, and no row is lost in silence."""

import json
from collections.abc import Callable
from math import isnan
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sortyard.data.archive import Archive, read_archive, read_messages
from sortyard.data.problems import Trouble
from sortyard.domain.errors import EmptyArchive, UnknownDimension, UnknownLabels
from sortyard.domain.taxonomy import Dimension, Kind, Label, Taxonomy

LAW = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
Read = Callable[..., Archive]
AS_ASKED: dict[str, Any] = {"text": ("text",), "labels": ("label",)}


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write a file, and read it as an archive with the columns `text` and `label`."""

    def written(content: str, **asked: Any) -> Archive:
        path = tmp_path / "tickets.csv"
        path.write_text(content, encoding="utf-8", newline="")
        return read_archive(path, **(AS_ASKED | asked))

    return written


def kinds(archive: Archive) -> list[tuple[int, Trouble]]:
    return [(one.line, one.kind) for one in archive.problems]


def taxonomy(*names: str, kind: Kind = Kind.SINGLE) -> Taxonomy:
    labels = tuple(Label(name=name) for name in names)
    return Taxonomy(dimensions=(Dimension(name="label", kind=kind, labels=labels),))


def test_rows_become_examples(read: Read) -> None:
    archive = read("text,label,channel\nit broke,repair,web\nmy bill,billing,mail\n")
    first = archive.dataset.examples[0]

    assert (first.message.id, first.message.text) == ("row-1", "it broke")
    assert first.labels == {"label": ("repair",)}
    assert first.message.metadata == {"channel": "web"}
    assert archive.taxonomy["label"].paths == ("billing", "repair")


def test_an_empty_text_is_left_out_and_counted(read: Read) -> None:
    archive = read("text,label\na,x\n  ,x\nnan,x\n<p>&nbsp;</p>,x\n\u200b,x\n")

    assert len(archive.dataset) == 1
    assert kinds(archive) == [(line, Trouble.EMPTY_TEXT) for line in (3, 4, 5, 6)]
    assert archive.rows == 5


def test_an_empty_label_is_left_out_and_counted(read: Read) -> None:
    archive = read("text,label\na,x\nb,\nc,NaN\n")

    assert archive.dataset.labels("label") == (("x",),)
    assert kinds(archive) == [(3, Trouble.EMPTY_LABEL), (4, Trouble.EMPTY_LABEL)]


def test_a_message_without_any_label_is_kept_beside_the_examples(read: Read) -> None:
    archive = read("text,label,urgency\na,x,\nb,,\n ,,\nc,,high\n", labels=("label", "urgency"))

    assert [one.text for one in archive.dataset.unlabelled] == ["b"]
    assert archive.dataset.select([0]).unlabelled == archive.dataset.unlabelled


def test_a_row_with_a_wrong_label_is_not_taken_for_one_without(read: Read) -> None:
    archive = read("text,label\na,x\nb,nobody\nc,\n", taxonomy=taxonomy("x"))

    assert [one.text for one in archive.dataset.unlabelled] == ["c"]


def test_what_is_unlabelled_is_part_of_what_a_release_was_made_from(read: Read) -> None:
    hashes = {read(f"text,label\na,x\n{more}").dataset.content_hash for more in ("", "b,\n")}

    assert len(hashes) == 2


def test_an_empty_label_in_one_dimension_keeps_the_row_for_the_other(read: Read) -> None:
    archive = read("text,label,urgency\na,x,\nb,y,high\n", labels=("label", "urgency"))

    assert archive.dataset.answered("label") == (0, 1)
    assert archive.dataset.answered("urgency") == (1,)


def test_an_empty_cell_among_several_labels_says_that_none_holds(read: Read) -> None:
    archive = read("text,label\na,x;y\nb,\nc,x\nd,y\ne,null\n")

    assert archive.dataset.labels("label") == (("x", "y"), (), ("x",), ("y",))
    assert kinds(archive) == [(6, Trouble.EMPTY_LABEL)]


def test_duplicate_and_empty_ids_are_made_unique_and_counted(read: Read) -> None:
    archive = read("id,text,label\n7,a,x\n7,b,x\n,c,x\n7-2,d,x\nrow-3,e,x\n", id_column="id")

    assert archive.dataset.ids == ("7", "7-3", "row-3-2", "7-2", "row-3")
    assert kinds(archive) == [(3, Trouble.DUPLICATE_ID), (4, Trouble.EMPTY_ID)]


@LAW
@given(st.lists(st.sampled_from(["", "a", "a-2", "a-3", "row-1", "row-2", "row-2-2"]), min_size=1))
def test_ids_are_always_unique(read: Read, ids: list[str]) -> None:
    rows = "".join(f"{one},text {n},x\n" for n, one in enumerate(ids))

    found = read(f"id,text,label\n{rows}", id_column="id").dataset.ids

    assert len(set(found)) == len(ids)


def test_an_unknown_label_is_a_problem_with_a_guess(read: Read) -> None:
    archive = read("text,label\na,billing\nb,biling\n", taxonomy=taxonomy("billing", "repair"))

    assert archive.dataset.labels("label") == (("billing",),)
    assert kinds(archive) == [(3, Trouble.UNKNOWN_LABEL)]
    assert "Did you mean 'billing'" in archive.problems[0].about


def test_unknown_labels_only_are_an_error(read: Read) -> None:
    with pytest.raises(UnknownLabels, match="Did you mean 'billing' for 'biling'"):
        read("text,label\na,biling\nb,x\n", taxonomy=taxonomy("billing", "repair"))


def test_a_given_taxonomy_is_kept_as_it_is(read: Read) -> None:
    """A label without rows stays: it is recognised by its definition."""
    given = taxonomy("billing", "repair", "never seen")

    assert read("text,label\na,billing\n", taxonomy=given).taxonomy == given


def test_several_labels_where_one_is_allowed_are_a_problem(read: Read) -> None:
    archive = read("text,label\na,x;y\nb,x\n", taxonomy=taxonomy("x", "y"))

    assert archive.dataset.labels("label") == (("x",),)
    assert kinds(archive) == [(2, Trouble.SEVERAL_LABELS)]


def test_a_dimension_that_the_taxonomy_lacks_is_an_error(read: Read) -> None:
    with pytest.raises(UnknownDimension, match="'team'"):
        read("text,label\na,x\n", labels=("team=label",), taxonomy=taxonomy("x"))


def test_empty_deeper_levels_end_the_path(read: Read) -> None:
    archive = read("text,label,b,c\nt,x,y,z\nt,x,y,\nt,x,,z\nt,,y,z\n", labels=("label/b/c",))

    assert archive.dataset.labels("label") == (("x/y/z",), ("x/y",), ("x",))
    assert kinds(archive) == [(5, Trouble.EMPTY_LABEL)]


def test_no_label_at_all_is_an_empty_archive(read: Read) -> None:
    with pytest.raises(EmptyArchive, match="2 rows: the label is empty") as refused:
        read("text,label\na,\nb,\n")

    assert "Label the row" in refused.value.remedy


def test_no_text_at_all_is_an_empty_archive(read: Read) -> None:
    with pytest.raises(EmptyArchive, match="2 rows: the text is empty"):
        read("text,label\n,a\n,b\n")


def test_a_dimension_without_a_label_is_an_empty_archive(read: Read) -> None:
    with pytest.raises(EmptyArchive, match="'urgency'"):
        read("text,label,urgency\na,x,\nb,y,\n", labels=("label", "urgency"))


def test_a_single_label_is_read(read: Read) -> None:
    assert read("text,label\na,x\nb,x\n").taxonomy["label"].paths == ("x",)


def test_a_ten_megabyte_text_is_kept_and_counted(read: Read) -> None:
    archive = read(f"text,label\n{'word ' * 2_000_000},x\nb,x\n")

    assert kinds(archive) == [(2, Trouble.LONG_TEXT)]
    assert len(archive.dataset) == 2


def test_metadata_is_typed_where_it_is_clear(read: Read) -> None:
    archive = read("text,label,n,price,vip,zip\na,x,1,1.5,true,007\nb,x,2,,FALSE,123\n")
    first, second = (one.message.metadata for one in archive.dataset.examples)

    assert first == {"n": 1, "price": 1.5, "vip": True, "zip": "007"}
    assert second == {"n": 2, "vip": False, "zip": "123"}


def test_groups_and_times_follow_their_rows(read: Read) -> None:
    archive = read(
        "text,label,who,at\na,x,1,2024-01-01\n,x,1,2024-01-02\nc,x,,soon\n",
        group="who",
        time="at",
    )
    assert archive.dataset.groups is not None
    assert archive.dataset.times is not None

    assert archive.dataset.groups[0] == "1" != archive.dataset.groups[1]
    assert archive.dataset.times[0] == 1_704_067_200
    assert isnan(archive.dataset.times[1])
    assert kinds(archive)[1:] == [(4, Trouble.EMPTY_GROUP), (4, Trouble.UNREADABLE_TIME)]


def test_a_subject_alone_is_enough_to_read(read: Read) -> None:
    archive = read("title,text,label\nbroken chair,,x\n", text=("title", "text"))

    assert archive.dataset.texts == ("broken chair\n",)


def test_two_texts_are_joined(read: Read) -> None:
    archive = read("a,b,label\none,two,x\nthree,,x\n", text=("a", "b"))

    assert archive.dataset.texts == ("one\ntwo", "three")


def test_a_label_column_of_numbers_is_fine(read: Read) -> None:
    assert read("text,label\na,10\nb,9\n").taxonomy["label"].paths == ("9", "10")


def test_problems_are_counted_with_their_first_lines(read: Read) -> None:
    archive = read("text,label\n" + "a,x\n" * 3 + ",x\n" * 7)

    assert str(archive.problem_counts[0]) == (
        "7 rows: the text is empty; the row was left out (lines 5, 6, 7, 8, 9, …)."
    )


def test_no_problem_quotes_a_text(read: Read) -> None:
    archive = read("text,label\nsecret words,\nmore, secret,x\nfine,x\n")

    assert archive.problems
    assert not any("secret" in str(one) for one in archive.problems)


def test_reading_twice_gives_the_same_hash(read: Read) -> None:
    content = "text,label\na,x\nb,y\n"

    assert read(content).dataset.content_hash == read(content).dataset.content_hash


# --- messages without labels


def test_unlabelled_messages_are_all_there_even_the_empty_ones(tmp_path: Path) -> None:
    """One poor row never costs the others their answer."""
    path = tmp_path / "new.csv"
    path.write_text("id,text\n1,a first message\n2,\n3,another message here\n")

    found = read_messages(path)

    assert [one.id for one in found.messages] == ["1", "2", "3"]
    assert [(one.line, one.kind) for one in found.problems] == [(3, Trouble.NOTHING_TO_READ)]


def test_one_column_needs_no_telling_name(tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("x\nhello, it broke\n")

    assert [one.text for one in read_messages(path).messages] == ["hello, it broke"]


def test_a_text_file_has_a_message_a_line(tmp_path: Path) -> None:
    path = tmp_path / "new.txt"
    path.write_text("it broke, again\n\nmy bill\n")

    assert [one.text for one in read_messages(path).messages] == ["it broke, again", "my bill"]


def test_a_bad_line_among_a_hundred_costs_one_answer(tmp_path: Path) -> None:
    path = tmp_path / "new.jsonl"
    lines = [json.dumps({"text": f"message number {n} of many"}) for n in range(100)]
    path.write_text("\n".join([*lines[:50], '{"text": ', *lines[51:]]))

    found = read_messages(path)

    assert len(found) == 99
    assert [(one.line, one.kind) for one in found.problems] == [(51, Trouble.NOT_AN_OBJECT)]
