"""`sortyard redact` shows what a policy does to messages."""

import base64
import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Sortyard

LINES = b"Write to anna@example.org\nNothing here\nCall 0170 1234567 or anna@example.org\n"
KEY = base64.b64encode(bytes(32)).decode()


def test_lines_of_standard_input_come_out_redacted(sortyard: Sortyard) -> None:
    said = sortyard("redact", stdin=LINES)

    assert said.out == "Write to <EMAIL>\nNothing here\nCall <PHONE> or <EMAIL>\n"
    assert "2 of 3 messages changed: 2 email, 1 phone" in said.err


def test_a_column_of_a_table_comes_out_redacted(sortyard: Sortyard, tmp_path: Path) -> None:
    pytest.importorskip("charset_normalizer", reason="the extra `train` is not installed here")
    (tmp_path / "new.csv").write_text('id,body\n1,"Call me\non 467 3395, please"\n2,Hello there\n')

    said = sortyard("redact", "new.csv", "--text", "body")

    assert said.out == "Call me on <PHONE>, please\nHello there\n"


def test_counts_are_for_scripts(sortyard: Sortyard) -> None:
    said = sortyard("redact", "--json", stdin=LINES)

    assert json.loads(said.out) == {
        "messages": 3,
        "changed": 2,
        "found": {"email": 2, "phone": 1},
    }


def test_a_policy_may_be_tried(sortyard: Sortyard) -> None:
    said = sortyard("redact", "--policy", "keep", "--policy", "phone=drop", stdin=LINES)

    assert said.out.splitlines()[2] == "Call  or anna@example.org"


def test_without_a_policy_that_of_the_workspace_counts(sortyard: Sortyard, tmp_path: Path) -> None:
    (tmp_path / "sortyard.toml").write_text('stored_personal = ["redact", "email=keep"]\n')

    assert sortyard("redact", stdin=LINES).out.startswith("Write to anna@example.org\n")


def test_a_hash_takes_a_key(sortyard: Sortyard, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = sortyard("redact", "--policy", "hash", stdin=LINES)
    monkeypatch.setenv("SORTYARD_HASH_KEY", KEY)
    done = sortyard("redact", "--policy", "hash", stdin=LINES)

    assert (refused.code, done.code) == (2, 0)
    assert "SORTYARD_HASH_KEY cannot be used: `hash` takes a key" in refused.err
    first, _, third = done.out.splitlines()
    assert first.removeprefix("Write to ") == third.rpartition(" ")[2]


def test_a_key_may_lie_in_a_file(sortyard: Sortyard, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{KEY}\n")
    (tmp_path / "sortyard.toml").write_text('hash_key_file = "key"\n')

    assert "<EMAIL:" in sortyard("redact", "--policy", "hash", stdin=LINES).out


@pytest.mark.parametrize("content", [None, b"secret", b"\xff\xfe"])
def test_a_key_file_that_has_none_is_named(
    sortyard: Sortyard, tmp_path: Path, content: bytes | None
) -> None:
    (tmp_path / "sortyard.toml").write_text('hash_key_file = "key"\n')
    if content is not None:
        (tmp_path / "key").write_bytes(content)

    said = sortyard("redact", "--policy", "hash", stdin=LINES)

    assert (said.code, "key" in said.err, "secret" in said.err) == (2, True, False)


def test_names_take_a_model(sortyard: Sortyard) -> None:
    said = sortyard("redact", "--policy", "name=redact", stdin=LINES)

    assert said.code == 2
    assert "take a spaCy model" in said.err


def test_a_policy_that_means_nothing_is_refused(sortyard: Sortyard) -> None:
    said = sortyard("redact", "--policy", "emial=keep", stdin=LINES)

    assert (said.code, "Did you mean 'email'" in said.err) == (2, True)
