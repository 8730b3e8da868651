"""Every kind of problem says what happened and what to do."""

import pytest

from sortyard.data.problems import RowProblem, Trouble, counted


@pytest.mark.parametrize("kind", Trouble)
def test_every_kind_has_a_meaning_and_a_remedy(kind: Trouble) -> None:
    problem = RowProblem(3, kind, "id '7'")

    assert str(problem) == f"line 3: {kind.meaning} (id '7')"
    assert problem.remedy.endswith(".")


def test_counts_come_most_frequent_first() -> None:
    problems = [
        RowProblem(2, Trouble.EMPTY_TEXT),
        *(RowProblem(line, Trouble.EMPTY_LABEL) for line in range(3, 10)),
    ]

    first, second = counted(problems)

    assert (first.kind, first.count, first.lines) == (Trouble.EMPTY_LABEL, 7, (3, 4, 5, 6, 7))
    assert str(second) == "1 row: the text is empty; the row was left out (line 2)."


def test_what_is_counted_is_named() -> None:
    renamed = [RowProblem(4, Trouble.RENAMED_LABEL, "'a/b' is now 'a-b'")]

    assert str(counted(renamed)[0]).startswith("1 label: ")
