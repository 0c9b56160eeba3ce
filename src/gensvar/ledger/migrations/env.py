"""What Alembic runs: every step inside the transaction of the connection that it was given."""

from alembic import context

from gensvar.ledger.tables import LEDGER

context.configure(connection=context.config.attributes["connection"], target_metadata=LEDGER, transactional_ddl=False)
context.run_migrations()
