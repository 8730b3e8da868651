"""Former labels, lengths, languages and personal data of an archive."""

from hypothesis import given
from hypothesis import strategies as st

from sortyard.data.health.lengths import Lengths
from sortyard.data.health.personal import personal_data
from sortyard.data.health.previous import previous_column, reassignments
from sortyard.data.health.tongues import tongues
from sortyard.domain.messages import Message


def moved(*pairs):
    messages = [
        Message(str(at), "words", None, {"old_team": before} if before else {})
        for at, (before, _) in enumerate(pairs)
    ]
    return messages, [(after,) for _, after in pairs]


def test_former_labels_are_held_against_those_of_now():
    messages, labels = moved(("a", "b"), ("a", "b"), ("b", "b"), ("", "a"), ("gone", "a"))
    found = reassignments(messages, labels, "old_team")

    assert (found.compared, found.changed) == (4, 3)
    assert [(one.before, one.after, one.rows) for one in found.moves] == [
        ("a", "b", 2),
        ("gone", "a", 1),
    ]
    assert found.gone == (("gone", 1),)
    assert [one.code for one in found.findings("team")] == ["reassigned", "gone-labels"]


def test_a_column_of_former_labels_has_their_name_and_their_values():
    messages, _ = moved(("a", "b"), ("b", "b"))

    assert previous_column(messages, ["old_team"], {"a", "b"}) == "old_team"
    assert previous_column(messages, ["old_team"], {"x", "y"}) is None
    assert previous_column(messages, ["team"], {"a", "b"}) is None


@given(st.lists(st.text(max_size=400), min_size=1, max_size=40))
def test_every_message_is_in_one_range_of_lengths(texts):
    found = Lengths.of(texts)

    assert sum(one.rows for one in found.bins) == len(texts)
    assert found.shortest <= found.median <= found.longest


def test_huge_cells_are_said():
    found = Lengths.of(["ok then", "x" * 200_000])

    assert "huge-texts" in {one.code for one in found.findings()}


def test_personal_data_is_counted_and_never_told():
    texts = ["write to anna@example.org", "anna@example.org or bob@example.org", "nothing"]
    found = personal_data(texts, advance=lambda _: None)
    (finding,) = found.findings()

    assert (found.touched, found.entities[0].found, found.entities[0].rows) == (2, 3, 2)
    assert "anna" not in finding.problem + finding.remedy


def test_without_a_detector_languages_are_said_to_be_unknown():
    (finding,) = tongues(["some words here"], None).findings()

    assert finding.code == "languages-unknown"
