"""
The tables.

A change here is a new file in `migrations/versions`; a test holds the two against each other.
"""

from typing import Final

from sqlalchemy import Column, Date, Double, Index, Integer, LargeBinary, MetaData, Table, Text

from sortyard.storage.columns import Json, Moment, Words

SCHEMA: Final = 1  # the number of the last step in `migrations/versions`

METADATA: Final = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
)

# One row an answer. On PostgreSQL it is partitioned by day, so that a day is dropped at once, and
# so it can have no key of its own: PostgreSQL wants the day to be a part of such a key.
records: Final = Table(
    "records",
    METADATA,
    Column("message", Words, nullable=False),
    Column("release", Words, nullable=False),
    Column("received", Moment, nullable=False),
    Column("milliseconds", Double, nullable=False),
    Column("origin", Words, nullable=False),
    Column("author", Words),
    Column("degraded", Text),
    Column("form", Text, nullable=False),
    Column("subject", Words),
    Column("text", Words),
    Column("metadata", Json, nullable=False),
    Column("choices", Json, nullable=False),
    postgresql_partition_by="RANGE (received)",
)
Index(None, records.c.received)
# An id may be of any length; such a long one fits into a hash index only.
Index(None, records.c.message, postgresql_using="hash")
Index(None, records.c.author, postgresql_using="hash")

# What has been recorded: a digest of the message's id and the release. Of two records with the same
# one, the first stands. Days come in order, so that the smallest of all indexes finds them.
record_keys: Final = Table(
    "record_keys",
    METADATA,
    Column("digest", LargeBinary, primary_key=True),
    Column("day", Date, nullable=False),
    sqlite_with_rowid=False,
)
Index(None, record_keys.c.day, postgresql_using="brin")

# What was to be forgotten, as digests: a record that is older than that is never written again.
forgotten: Final = Table(
    "forgotten",
    METADATA,
    Column("digest", LargeBinary, primary_key=True),
    Column("at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

reviews: Final = Table(
    "reviews",
    METADATA,
    Column("digest", LargeBinary, primary_key=True),
    Column("message", Words, nullable=False),
    Column("release", Words, nullable=False),
    Column("dimensions", Json, nullable=False),
    Column("opened", Moment, nullable=False),
    Column("closed", Moment),
    Column("closed_by", Words),
)
Index(None, reviews.c.message, postgresql_using="hash")
Index(None, reviews.c.closed, reviews.c.opened)

corrections: Final = Table(
    "corrections",
    METADATA,
    Column("digest", LargeBinary, primary_key=True),
    Column("message", Words, nullable=False),
    Column("release", Words, nullable=False),
    Column("dimension", Words, nullable=False),
    Column("before", Json, nullable=False),
    Column("after", Json, nullable=False),
    Column("reviewer", Words, nullable=False),
    Column("at", Moment, nullable=False),
)
Index(None, corrections.c.message, postgresql_using="hash")
Index(None, corrections.c.at)

releases: Final = Table(
    "releases",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("created", Moment, nullable=False),
    Column("recipe", Words, nullable=False),
    Column("figures", Json, nullable=False),
)

rollouts: Final = Table(
    "rollouts",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("release", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", Words, nullable=False),
    Column("act", Words, nullable=False),
)

audit: Final = Table(
    "audit",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("actor", Words, nullable=False),
    Column("act", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("facts", Text, nullable=False),  # JSON, also where somebody has written anything else
    Column("before", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

keys: Final = Table(
    "keys",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("hash", Text, nullable=False),
    Column("scopes", Json, nullable=False),
    Column("created", Moment, nullable=False),
    Column("expires", Moment),
    Column("revoked", Moment),
    Column("per_minute", Integer),
)
