"""Words are kept in the form that was chosen, and opened only by whoever has the key."""

import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.domain.errors import InvalidSettings, InvalidUsage
from sortyard.domain.messages import Message
from sortyard.domain.records import KeptText, TextForm
from sortyard.storage.texts import TextKeeper, new_text_key, read_text_keys
from sortyard.text.personal.entities import Entity
from sortyard.text.personal.policy import Policy, Treatment
from sortyard.text.personal.redaction import Redactor

MESSAGE = Message(
    "m1",
    "Write to anna@example.org",
    "My number is +49 30 1234567",
    {"from": "anna@example.org", "card": 4111111111111111, "vip": True, "share": 0.25},
)
OLD, NEW = (read_text_keys(new_text_key())[0] for _ in range(2))

messages = st.builds(
    Message,
    id=st.just("m1"),
    text=st.text(),
    subject=st.none() | st.text(),
    metadata=st.dictionaries(st.text(), st.text() | st.integers() | st.booleans(), max_size=3),
)


def test_plain_words_stay_as_they_are() -> None:
    kept = TextKeeper.of(TextForm.PLAIN).keep(MESSAGE)

    assert kept == KeptText(
        form=TextForm.PLAIN,
        subject=MESSAGE.subject,
        text=MESSAGE.text,
        metadata=MESSAGE.metadata,
    )


def test_nothing_is_kept_of_a_message_that_is_not_to_be() -> None:
    assert TextKeeper.of(TextForm.NONE).keep(MESSAGE) == KeptText(form=TextForm.NONE)


def test_personal_data_is_redacted_wherever_it_stands() -> None:
    kept = TextKeeper.of(TextForm.REDACTED).keep(MESSAGE)

    assert kept == KeptText(
        form=TextForm.REDACTED,
        subject="My number is <PHONE>",
        text="Write to <EMAIL>",
        metadata={"from": "<EMAIL>", "card": "<CARD>", "vip": True, "share": 0.25},
    )


def test_what_becomes_of_personal_data_may_be_chosen() -> None:
    redact = Redactor(Policy(named={Entity.EMAIL: Treatment.KEEP}))

    kept = TextKeeper.of(TextForm.REDACTED, redact=redact).keep(MESSAGE)

    assert (kept.subject, kept.text) == ("My number is <PHONE>", "Write to anna@example.org")


def test_sealed_words_are_treated_first_where_that_was_chosen() -> None:
    keeper = TextKeeper.of(TextForm.ENCRYPTED, [NEW], redact=Redactor(Policy()))

    opened = keeper.reveal(keeper.keep(MESSAGE))

    assert (opened.subject, opened.text) == ("My number is <PHONE>", "Write to <EMAIL>")


def test_an_author_is_not_left_beside_redacted_words() -> None:
    message = Message("m1", "Hello", metadata={"author": "Jane Doe", "source": "email"})

    kept = TextKeeper.of(TextForm.REDACTED).keep(message)

    assert dict(kept.metadata) == {"source": "email"}


@given(messages)
def test_a_sealed_text_opens_as_it_was(message: Message) -> None:
    keeper = TextKeeper.of(TextForm.ENCRYPTED, [NEW])

    opened = keeper.reveal(keeper.keep(message))

    assert opened == TextKeeper.of(TextForm.PLAIN).keep(message)


def test_a_sealed_text_shows_nothing() -> None:
    kept = TextKeeper.of(TextForm.ENCRYPTED, [NEW]).keep(MESSAGE)

    assert (kept.subject, dict(kept.metadata)) == (None, {})
    assert kept.text is not None
    body = base64.b64decode(kept.text.split(".")[2])
    assert not [word for word in (b"anna", b"vip", b"number") if word in body]


def test_the_same_text_is_sealed_in_another_way_each_time() -> None:
    keeper = TextKeeper.of(TextForm.ENCRYPTED, [NEW])

    assert keeper.keep(MESSAGE).text != keeper.keep(MESSAGE).text


def test_a_key_that_was_changed_still_opens() -> None:
    kept = TextKeeper.of(TextForm.ENCRYPTED, [OLD]).keep(MESSAGE)

    opened = TextKeeper.of(TextForm.ENCRYPTED, [NEW, OLD]).reveal(kept)

    assert opened.text == MESSAGE.text


def test_another_key_does_not_open() -> None:
    kept = TextKeeper.of(TextForm.ENCRYPTED, [OLD]).keep(MESSAGE)

    with pytest.raises(InvalidUsage, match="which is not given"):
        TextKeeper.of(TextForm.ENCRYPTED, [NEW]).reveal(kept)


@pytest.mark.parametrize("body", ["", "!", "AAAA", "A" * 40, base64.b64encode(b"x" * 99).decode()])
def test_a_sealed_text_that_was_changed_does_not_open(body: str) -> None:
    keeper = TextKeeper.of(TextForm.ENCRYPTED, [NEW])
    kept = keeper.keep(MESSAGE)
    assert kept.text is not None
    version, key, _ = kept.text.split(".")

    with pytest.raises(InvalidUsage, match="was changed"):
        keeper.reveal(replace(kept, text=f"{version}.{key}.{body}"))


def test_what_is_not_sealed_stays_as_it_is() -> None:
    kept = TextKeeper.of(TextForm.REDACTED).keep(MESSAGE)

    assert TextKeeper.of(TextForm.ENCRYPTED, [NEW]).reveal(kept) == kept


def test_sealing_takes_a_key() -> None:
    with pytest.raises(InvalidSettings, match="SORTYARD_TEXT_KEY cannot be used: it is not set"):
        TextKeeper.of(TextForm.ENCRYPTED)


def test_no_key_is_shown() -> None:
    assert repr(NEW)[2:-1] not in repr(TextKeeper.of(TextForm.ENCRYPTED, [NEW]))


@pytest.mark.parametrize("value", [None, "", " , "])
def test_without_a_key_there_is_none(value: str | None) -> None:
    assert read_text_keys(value) == ()


def test_keys_are_read_in_order() -> None:
    both = ", ".join(base64.b64encode(key).decode() for key in (NEW, OLD))

    assert read_text_keys(both) == (NEW, OLD)


@pytest.mark.parametrize("value", ["secret", "c2VjcmV0", "ключ", "QUJD" * 10])
def test_a_key_that_is_none_is_refused_and_not_quoted(value: str) -> None:
    with pytest.raises(InvalidSettings, match="key 1 is not 32 bytes as base64") as refused:
        read_text_keys(value)

    assert value not in str(refused.value)


def test_an_author_is_kept_by_name_only_beside_plain_text() -> None:
    keys = [NEW]
    plain = TextKeeper.of(TextForm.PLAIN, keys).author("anna")
    others = {TextKeeper.of(form, keys).author("anna") for form in set(TextForm) - {TextForm.PLAIN}}

    assert plain == "anna"
    assert len(others) == 1
    assert "anna" not in str(others)


def test_without_a_key_or_a_name_no_author_is_kept() -> None:
    assert TextKeeper.of(TextForm.REDACTED).author("anna") is None
    assert TextKeeper.of(TextForm.PLAIN).author(None) is None


def test_an_author_is_found_in_every_form() -> None:
    """Whatever the settings were when a message came in."""
    keeper = TextKeeper.of(TextForm.REDACTED, [NEW, OLD])
    kept = {
        TextKeeper.of(TextForm.PLAIN).author("anna"),
        TextKeeper.of(TextForm.NONE, [OLD]).author("anna"),
        TextKeeper.of(TextForm.ENCRYPTED, [NEW]).author("anna"),
    }

    assert kept == set(keeper.author_forms("anna"))
