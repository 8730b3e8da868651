"""What Alembic runs: the steps that are missing, in the transaction of whoever asked for them."""

from alembic import context

from sortyard.storage.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table="schema_version",
)
context.run_migrations()
