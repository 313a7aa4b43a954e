"""Alembic's entry: run the migrations on the connection that `db/schema.py` hands over, in its transaction."""

from alembic import context

from homeport.db.model import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=context.config.attributes.get("metadata", Base.metadata),
    transaction_per_migration=False,
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
