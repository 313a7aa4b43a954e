"""${message}."""

from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None

OLDEST_RELEASE = "0.1.0"


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
    op.execute(f"insert into schema_compatibility (revision, oldest_release) values ('{revision}', '{OLDEST_RELEASE}')")


def downgrade() -> None:
    op.execute(f"delete from schema_compatibility where revision = '{revision}'")
    ${downgrades if downgrades else "pass"}
