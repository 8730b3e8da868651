"""The first tables."""

import sqlalchemy as sa
from alembic import op

from sortyard.storage.columns import Json, Moment, Words

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table."""
    _make_records()
    _make_record_keys()
    _make_reviews()
    _make_corrections()
    _make_releases()
    _make_audit()
    _make_keys()


def _make_records() -> None:
    op.create_table(
        "records",
        sa.Column("message", Words, nullable=False),
        sa.Column("release", Words, nullable=False),
        sa.Column("received", Moment, nullable=False),
        sa.Column("milliseconds", sa.Double, nullable=False),
        sa.Column("origin", Words, nullable=False),
        sa.Column("author", Words),
        sa.Column("degraded", sa.Text),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("subject", Words),
        sa.Column("text", Words),
        sa.Column("metadata", Json, nullable=False),
        sa.Column("choices", Json, nullable=False),
        postgresql_partition_by="RANGE (received)",
    )
    op.create_index("ix_records_received", "records", ["received"])
    op.create_index("ix_records_message", "records", ["message"], postgresql_using="hash")
    op.create_index("ix_records_author", "records", ["author"], postgresql_using="hash")
    if op.get_context().dialect.name == "postgresql":
        # A row of any day finds a place, also where its own partition was not made.
        op.execute("CREATE TABLE records_default PARTITION OF records DEFAULT")


def _make_record_keys() -> None:
    op.create_table(
        "record_keys",
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_record_keys"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_record_keys_day", "record_keys", ["day"], postgresql_using="brin")
    op.create_table(
        "forgotten",
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_forgotten"),
        sqlite_with_rowid=False,
    )


def _make_reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("message", Words, nullable=False),
        sa.Column("release", Words, nullable=False),
        sa.Column("dimensions", Json, nullable=False),
        sa.Column("opened", Moment, nullable=False),
        sa.Column("closed", Moment),
        sa.Column("closed_by", Words),
        sa.PrimaryKeyConstraint("digest", name="pk_reviews"),
    )
    op.create_index("ix_reviews_message", "reviews", ["message"], postgresql_using="hash")
    op.create_index("ix_reviews_closed_opened", "reviews", ["closed", "opened"])


def _make_corrections() -> None:
    op.create_table(
        "corrections",
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("message", Words, nullable=False),
        sa.Column("release", Words, nullable=False),
        sa.Column("dimension", Words, nullable=False),
        sa.Column("before", Json, nullable=False),
        sa.Column("after", Json, nullable=False),
        sa.Column("reviewer", Words, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_corrections"),
    )
    op.create_index("ix_corrections_message", "corrections", ["message"], postgresql_using="hash")
    op.create_index("ix_corrections_at", "corrections", ["at"])


def _make_releases() -> None:
    op.create_table(
        "releases",
        sa.Column("id", Words, nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.Column("recipe", Words, nullable=False),
        sa.Column("figures", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_releases"),
    )
    op.create_table(
        "rollouts",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("release", Words, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("by", Words, nullable=False),
        sa.Column("act", Words, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_rollouts"),
    )


def _make_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("actor", Words, nullable=False),
        sa.Column("act", Words, nullable=False),
        sa.Column("subject", Words, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
    )


def _make_keys() -> None:
    op.create_table(
        "keys",
        sa.Column("id", Words, nullable=False),
        sa.Column("name", Words, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("scopes", Json, nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.Column("expires", Moment),
        sa.Column("revoked", Moment),
        sa.Column("per_minute", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_keys"),
    )
