"""Alembic's way in: it works on the connection that kennis.store.schema hands over, inside its transaction."""

from alembic import context

from kennis.store.base import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
