"""All that is kept can be taken along, but for what opens a door."""

import json
from collections import Counter
from dataclasses import replace

from sortyard.domain.access import ApiKey, Scope
from sortyard.domain.audit import Deed
from sortyard.domain.corrections import Correction
from sortyard.domain.messages import Message
from sortyard.domain.records import KeptText, Record, TextForm
from sortyard.storage.audit import AuditLog
from sortyard.storage.corrections import Corrections
from sortyard.storage.database import Database
from sortyard.storage.export import export_lines
from sortyard.storage.keys import Keys
from sortyard.storage.records import Records
from sortyard.storage.releases import KnownRelease, ReleaseBook, Rollout
from sortyard.storage.texts import TextKeeper, new_text_key, read_text_keys
from tests.contracts.sinks import NOON, made_record

KEEPER = TextKeeper.of(TextForm.ENCRYPTED, read_text_keys(new_text_key()))


def _fill(database: Database) -> None:
    sealed = KEEPER.keep(Message("m2", "Where is my \x00 refund?", "Help", {"vip": True}))
    Records(database).write([made_record(1), replace(made_record(2), kept=sealed)])
    Corrections(database).add(
        [
            Correction(
                message_id="m1",
                release="first",
                dimension="team",
                before=("orders",),
                after=("billing",),
                reviewer="r1",
                at=NOON,
            )
        ]
    )
    book = ReleaseBook(database)
    book.add(KnownRelease(id="first", created=NOON, recipe="quick"))
    book.note(Rollout(release="first", at=NOON, by="root", act="promote"))
    Keys(database).add(
        ApiKey(
            id="k1",
            name="desk",
            hash="5ec2e7" * 10,
            scopes=frozenset({Scope.ADMIN}),
            created=NOON,
        )
    )
    AuditLog(database).append(Deed(at=NOON, actor="root", act="promote", subject="first"))


def test_everything_is_taken_along(database: Database) -> None:
    _fill(database)

    kinds = Counter(json.loads(line)["kind"] for line in export_lines(database))

    expected = "release rollout record record review review correction key audit audit"
    assert kinds == Counter(expected.split())


def test_a_line_can_be_read_back(database: Database) -> None:
    _fill(database)

    lines = [json.loads(line) for line in export_lines(database)]
    records = [Record.from_dict(line) for line in lines if line["kind"] == "record"]

    assert records == list(Records(database).all())


def test_no_hash_of_a_key_is_taken_along(database: Database) -> None:
    _fill(database)

    assert not [line for line in export_lines(database) if "5ec2e7" in line]


def test_sealed_texts_are_opened_on_demand(database: Database) -> None:
    _fill(database)

    assert not [line for line in export_lines(database) if "Help" in line]
    opened = [json.loads(line) for line in export_lines(database, KEEPER)]
    texts = [Record.from_dict(line).kept for line in opened if line["kind"] == "record"]

    assert texts[1] == KeptText(
        form=TextForm.PLAIN, subject="Help", text="Where is my \x00 refund?", metadata={"vip": True}
    )


def test_a_new_store_tells_only_how_it_was_made(database: Database) -> None:
    (line,) = map(json.loads, export_lines(database))

    assert (line["kind"], line["act"]) == ("audit", "migrate")
