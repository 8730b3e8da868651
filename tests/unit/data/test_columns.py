"""What columns are for is guessed with a reason, or refused."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from sortyard.data.cells import Cell
from sortyard.data.columns import Columns, infer_columns
from sortyard.data.readers import read_table
from sortyard.data.tables import Table
from sortyard.domain.errors import (
    InvalidUsage,
    UndecidedColumns,
    UnknownColumn,
    UnreadableArchive,
)
from sortyard.domain.taxonomy import Dimension, Kind, Label, Taxonomy

ROWS = 60
SENTENCES = tuple(f"this is what customer {n} wrote about the order" for n in range(ROWS))
LABELS = tuple(("billing", "repair", "sales")[n % 3] for n in range(ROWS))
FINE = tuple(f"{LABELS[n]} {n % 2}" for n in range(ROWS))

CROSSED = tuple(("north", "east", "south", "west")[n % 4] for n in range(ROWS))


def table(**columns: Sequence[Cell]) -> Table:
    named = {name.replace("_", " "): tuple(cells) for name, cells in columns.items()}
    return Table(source="tickets.csv", sha256="", cells=named, lines=tuple(range(2, ROWS + 2)))


def dimensions(columns: Columns) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.dimension, one.columns) for one in columns.labels]


def test_a_text_and_a_label_are_told_by_name_and_shape() -> None:
    columns = infer_columns(table(message=SENTENCES, team=LABELS))

    assert (columns.text, dimensions(columns)) == (("message",), [("team", ("team",))])
    assert all(guess.confidence >= 0.9 for guess in columns.guesses)


def test_shape_alone_is_enough_and_less_sure() -> None:
    columns = infer_columns(table(a=SENTENCES, b=LABELS))

    assert (columns.text, columns.label_specs) == (("a",), ("b",))
    assert all(guess.confidence <= 0.8 for guess in columns.guesses)


def test_every_guess_has_a_reason() -> None:
    columns = infer_columns(table(message=SENTENCES, team=LABELS))

    assert str(columns.guesses[0]) == "text: message (95% sure: long, varied and named so)"


def test_two_texts_about_as_long_are_undecided() -> None:
    with pytest.raises(UndecidedColumns, match="`--text COLUMN`"):
        infer_columns(table(a=SENTENCES, b=SENTENCES[::-1], team=LABELS))


def test_what_was_answered_is_not_the_text() -> None:
    replies = tuple(f"dear customer {n}, we are very sorry and will help" for n in range(ROWS))

    assert infer_columns(table(a=SENTENCES, reply=replies, team=LABELS)).text == ("a",)


def test_a_subject_beside_a_text_is_the_subject() -> None:
    subjects = tuple(f"order {n}" for n in range(ROWS))
    columns = infer_columns(table(subject=subjects, body=SENTENCES, team=LABELS))

    assert (columns.subject, columns.text) == ("subject", ("body",))
    assert columns.text_specs == ("subject", "body")


@pytest.mark.parametrize("asked", [("title", "body"), ("body", "title")])
def test_a_title_that_is_asked_for_is_the_subject(asked: tuple[str, str]) -> None:
    columns = infer_columns(table(title=LABELS, body=SENTENCES, team=LABELS), text=asked)

    assert (columns.subject, columns.text) == ("title", ("body",))


def test_a_title_alone_is_the_text() -> None:
    columns = infer_columns(table(title=LABELS, body=SENTENCES, team=LABELS), text=("title",))

    assert (columns.subject, columns.text, columns.metadata) == (None, ("title",), ("body",))


def test_no_label_is_undecided() -> None:
    with pytest.raises(UndecidedColumns, match="`--label COLUMN`"):
        infer_columns(table(message=SENTENCES, number=tuple(range(ROWS))))


def test_several_nameless_labels_are_undecided() -> None:
    with pytest.raises(UndecidedColumns):
        infer_columns(table(message=SENTENCES, a=LABELS, b=LABELS[::-1]))


def test_labels_named_with_the_same_noun_are_undecided() -> None:
    with pytest.raises(UndecidedColumns):
        infer_columns(table(message=SENTENCES, category1=LABELS, category2=CROSSED))


@pytest.mark.parametrize("former", ["previous_team", "old_team", "team_before"])
def test_what_a_label_was_before_is_no_label(former: str) -> None:
    columns = infer_columns(table(**{"message": SENTENCES, "team": LABELS, former: LABELS[::-1]}))

    assert dimensions(columns) == [("team", ("team",))]


def test_labels_named_with_different_nouns_are_dimensions() -> None:
    columns = infer_columns(table(message=SENTENCES, department=LABELS, intents=CROSSED))

    assert columns.label_specs == ("department", "intents")


def test_nested_labels_are_a_hierarchy_from_coarse_to_fine() -> None:
    columns = infer_columns(table(message=SENTENCES, intent=FINE, domain=LABELS))

    assert columns.label_specs == ("domain/intent",)


def test_urgency_beside_a_team_is_not_taken_unasked() -> None:
    urgency = tuple(["high", "low"][n % 2] for n in range(ROWS))
    columns = infer_columns(table(message=SENTENCES, team=LABELS, urgency=urgency))

    assert (columns.label_specs, columns.metadata) == (("team",), ("urgency",))


def test_a_single_label_is_a_label_where_it_is_named_so() -> None:
    assert infer_columns(table(text=SENTENCES, label=["spam"] * ROWS)).label_specs == ("label",)


def test_labels_with_one_row_each_are_labels_where_there_are_few_rows(tmp_path: Path) -> None:
    path = tmp_path / "few.csv"
    path.write_text("text,label\nmy card is lost,cards\nwhere is my bill,billing\n")

    assert infer_columns(read_table(path)).label_specs == ("label",)


def test_an_id_is_unique_short_and_named_so() -> None:
    ids = tuple(f"T-{n}" for n in range(ROWS))

    assert infer_columns(table(ticket_id=ids, text=SENTENCES, team=LABELS)).id == "ticket id"


def test_a_phone_number_is_no_id() -> None:
    phones = tuple(f"0123 {n}" for n in range(ROWS))

    assert infer_columns(table(phone_number=phones, text=SENTENCES, team=LABELS)).id is None


def test_a_conversation_is_a_group_and_a_date_is_a_time() -> None:
    threads = tuple(f"thread {n // 4}" for n in range(ROWS))
    dates = tuple(f"2024-01-{1 + n % 28:02}" for n in range(ROWS))
    columns = infer_columns(
        table(
            thread=threads, received_at=dates, text=SENTENCES, team=LABELS, channel=["web"] * ROWS
        )
    )

    assert (columns.group, columns.time) == ("thread", "received at")
    assert columns.metadata == ("thread", "received at", "channel")


def test_what_is_asked_for_is_taken_and_not_guessed() -> None:
    columns = infer_columns(
        table(text=SENTENCES, team=LABELS, other=FINE), text=("other",), labels=("text",)
    )

    assert (columns.text, columns.label_specs, columns.guesses) == (("other",), ("text",), ())


def test_a_group_that_is_asked_for_is_not_taken_for_a_label() -> None:
    columns = infer_columns(table(text=SENTENCES, team=LABELS, queue=CROSSED), group="queue")

    assert (columns.group, columns.label_specs) == ("queue", ("team",))


def test_a_dimension_can_be_named() -> None:
    columns = infer_columns(table(text=SENTENCES, x=LABELS), labels=("team = x",))

    assert dimensions(columns) == [("team", ("x",))]


def test_a_spec_reads_the_same_columns_again() -> None:
    given = ("team=a/b", "c")
    data = table(text=SENTENCES, a=LABELS, b=FINE, c=FINE)

    assert infer_columns(data, labels=given).label_specs == given


def test_an_exact_name_wins_over_a_hierarchy() -> None:
    data = table(text=SENTENCES, **{"a/b": LABELS, "a": LABELS, "b": FINE, "x=a": FINE})

    assert dimensions(infer_columns(data, labels=("a/b", "x=a"))) == [
        ("a/b", ("a/b",)),
        ("x=a", ("x=a",)),
    ]


def test_levels_may_have_a_slash_in_their_names() -> None:
    data = table(text=SENTENCES, **{"a/b": LABELS, "c": FINE})

    assert dimensions(infer_columns(data, labels=("a/b/c",))) == [("a/b", ("a/b", "c"))]


@pytest.mark.parametrize("spec", ["temas", "x=temas", "team/temas"])
def test_an_unknown_column_is_named_with_a_guess(spec: str) -> None:
    with pytest.raises(UnknownColumn, match=r"no column 'temas'.*Did you mean 'team'"):
        infer_columns(table(text=SENTENCES, team=LABELS), labels=(spec,))


def test_an_unknown_text_column_is_named() -> None:
    with pytest.raises(UnknownColumn, match="Did you mean 'text'"):
        infer_columns(table(text=SENTENCES, team=LABELS), text=("txt",))


def test_a_column_is_not_both_text_and_label() -> None:
    with pytest.raises(InvalidUsage):
        infer_columns(table(text=SENTENCES, team=LABELS), text=("team",), labels=("team",))


def test_two_dimensions_do_not_share_a_name() -> None:
    with pytest.raises(InvalidUsage, match="'team'"):
        infer_columns(table(text=SENTENCES, team=LABELS, a=FINE), labels=("team", "team=a"))


def test_a_file_without_a_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    lines = (f"{text},{label}\n" for text, label in zip(SENTENCES, LABELS, strict=True))
    path.write_text("".join(lines))

    with pytest.raises(UnreadableArchive, match="first line looks like a row"):
        infer_columns(read_table(path))


def test_a_taxonomy_names_the_label_columns() -> None:
    urgency = tuple(["high", "low"][n % 2] for n in range(ROWS))
    labels = tuple(Label(name=name) for name in ("high", "low"))
    taxonomy = Taxonomy(dimensions=(Dimension(name="urgency", labels=labels),))
    data = table(message=SENTENCES, team=LABELS, urgency=urgency)

    assert infer_columns(data, taxonomy=taxonomy).label_specs == ("urgency",)


def test_a_taxonomy_with_a_hierarchy_finds_its_lower_columns() -> None:
    tree = tuple(
        Label(name=name, children=(Label(name=f"{name} 0"), Label(name=f"{name} 1")))
        for name in ("billing", "repair", "sales")
    )
    taxonomy = Taxonomy(dimensions=(Dimension(name="domain", labels=tree),))
    data = table(message=SENTENCES, domain=LABELS, intent=FINE)

    assert infer_columns(data, taxonomy=taxonomy).label_specs == ("domain/intent",)


def test_a_taxonomy_says_how_many_labels_a_message_has() -> None:
    labels = tuple(Label(name=name) for name in sorted(set(LABELS)))
    taxonomy = Taxonomy(dimensions=(Dimension(name="team", kind=Kind.MULTI, labels=labels),))
    columns = infer_columns(table(message=SENTENCES, team=LABELS), taxonomy=taxonomy)

    assert columns.labels[0].kind is Kind.MULTI


def test_unlabelled_messages_need_no_label() -> None:
    assert infer_columns(table(message=SENTENCES), labelled=False).labels == ()


def test_messages_without_a_header_do_not_lose_the_first(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("".join(f"{at},{SENTENCES[at]},{LABELS[at]}\n" for at in range(ROWS)))

    with pytest.raises(UnreadableArchive, match="its first line looks like a row"):
        infer_columns(read_table(path), labelled=False)
