"""A message has an id, and reads as its sender wrote it."""

import pytest

from sortyard.domain.errors import InvalidMessage
from sortyard.domain.examples import Provenance
from sortyard.domain.messages import Message


def test_a_message_without_an_id_is_refused() -> None:
    with pytest.raises(InvalidMessage):
        Message("", "Hello")


def test_a_message_reads_subject_first() -> None:
    assert Message("1", "It burns.", subject="Help").whole == "Help\nIt burns."


@pytest.mark.parametrize("subject", [None, ""])
def test_a_message_without_a_subject_is_its_text(subject: str | None) -> None:
    assert Message("1", "It burns.", subject=subject).whole == "It burns."


def test_metadata_cannot_be_changed_through_its_default() -> None:
    with pytest.raises(TypeError):
        Message("1", "x").metadata["a"] = 1  # type: ignore[index]


def test_gold_is_what_a_person_stood_behind() -> None:
    gold = {one for one in Provenance if one.is_gold}
    assert gold == {Provenance.ARCHIVE, Provenance.ANNOTATED, Provenance.CORRECTION}
