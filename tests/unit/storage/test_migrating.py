"""The tables are made once, whoever comes first, and are what the code takes them for."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from sortyard.domain.errors import CannotWrite, NewerFormat
from sortyard.storage.audit import AuditLog
from sortyard.storage.database import Database
from sortyard.storage.migrating import STEPS, migrate, schema_version
from sortyard.storage.schema import METADATA, SCHEMA
from tests.contracts.sinks import NOON

BY = {"by": "root", "at": NOON}
MIGRATE = """
import sys
from datetime import UTC, datetime
from sortyard.storage.database import Database
from sortyard.storage.migrating import migrate
print(migrate(Database.open(sys.argv[1]), by="root", at=datetime(2026, 3, 1, tzinfo=UTC)))
"""


def test_the_tables_are_made_once(url: str) -> None:
    database = Database.open(url)

    assert migrate(database, **BY) == migrate(database, **BY) == schema_version(database) == SCHEMA
    database.close()


def test_a_store_without_tables_has_version_zero(url: str) -> None:
    database = Database.open(url)

    assert schema_version(database) == 0
    database.close()


def test_several_processes_may_start_at_once(url: str) -> None:
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", MIGRATE, url], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(4)
    ]
    ended = [(*start.communicate(timeout=60), start.returncode) for start in starts]

    assert [(out.split(), code) for out, _, code in ended] == [([b"%d" % SCHEMA], 0)] * 4, ended
    database = Database.open(url)
    assert AuditLog(database).verify() == 1  # and only one of them did it
    database.close()


def test_a_start_where_nothing_is_to_be_done_loads_no_alembic(sqlite: Database) -> None:
    script = f"{MIGRATE}\nassert 'alembic' not in sys.modules"

    subprocess.run([sys.executable, "-c", script, f"sqlite:///{sqlite.name}"], check=True)


def test_a_store_of_a_later_version_is_refused(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text(f"UPDATE schema_version SET version_num = '{SCHEMA + 1:04}'"))

    with pytest.raises(NewerFormat, match=f"format {SCHEMA + 1}; this version reads up to"):
        migrate(database, **BY)


def test_the_steps_lead_to_the_tables_that_the_code_knows(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": "schema_version",
                "include_name": lambda name, kind, _: kind != "table" or name in METADATA.tables,
            },
        )
        differences = compare_metadata(context, METADATA)

    assert differences == []


def test_the_last_step_has_the_number_that_the_code_knows() -> None:
    config = Config()
    config.set_main_option("script_location", str(STEPS))

    assert ScriptDirectory.from_config(config).get_current_head() == f"{SCHEMA:04}"


def test_nobody_else_reads_the_file(sqlite: Database) -> None:
    mode = Path(sqlite.name).stat().st_mode

    assert stat.S_IMODE(mode) & 0o077 == 0


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(CannotWrite):
        migrate(Database.open(f"sqlite:///{tmp_path}/file/store.db"), **BY)
