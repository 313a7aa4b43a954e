"""What the studio's lists and its search need to cost the same however much there is."""

from typing import Any

from alembic import op
import sqlalchemy as sa

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

OLDEST_RELEASE = "0.1.0"

# Letters anywhere in a text are found by their trigrams. A server without the extension, or a role that may not make
# one, costs speed alone: the statements are the same, and PostgreSQL reads the tables from end to end for them.
EXTENSION = """
do $$ begin
    create extension if not exists pg_trgm;
exception when insufficient_privilege or undefined_file or feature_not_supported then
    raise warning 'pg_trgm cannot be had here (%); searching the studio takes longer the more there is', sqlerrm;
end $$
"""
HAS_EXTENSION = "select exists (select from pg_extension where extname = 'pg_trgm')"

BY_LETTERS: tuple[tuple[str, str, list[str]], ...] = (
    ("ix_entry_letters", "entry", ["title", "slug"]),
    ("ix_media_letters", "media", ["name", "alt", "caption"]),
    ("ix_redirect_letters", "redirect", ["path"]),
    ("ix_response_letters", "response", ["writer_name", "text"]),
    ("ix_series_letters", "series", ["title"]),
    ("ix_tag_letters", "tag", ["title"]),
)

INDEXES: tuple[tuple[str, str, list[Any], list[str], str | None], ...] = (
    ("ix_audit_event_name", "audit_event", ["account_name", "id"], [], None),
    ("ix_entry_state", "entry", ["state", "modified_at", "public_id"], ["kind", "published_at"], "deleted_at is null"),
    ("ix_entry_kind", "entry", ["kind", "modified_at", "public_id"], [], "deleted_at is null"),
    ("ix_entry_deleted", "entry", ["modified_at", "public_id"], [], "deleted_at is not null"),
    ("ix_job_again", "job", ["id"], [], "failed_at is null and attempts > 0"),
    ("ix_job_failed", "job", ["failed_at", "id"], [], "failed_at is not null"),
    ("ix_media_type", "media", ["content_type", "id"], [], None),
)


def upgrade() -> None:
    op.execute(EXTENSION)
    for name, table, columns, included, condition in INDEXES:
        where = sa.text(condition) if condition else None
        op.create_index(name, table, columns, unique=False, postgresql_include=included, postgresql_where=where)
    if op.get_bind().execute(sa.text(HAS_EXTENSION)).scalar_one():
        for name, table, columns in BY_LETTERS:
            letters = dict.fromkeys(columns, "gin_trgm_ops")
            op.create_index(name, table, columns, unique=False, postgresql_using="gin", postgresql_ops=letters)
    op.execute(f"insert into schema_compatibility (revision, oldest_release) values ('{revision}', '{OLDEST_RELEASE}')")


def downgrade() -> None:
    op.execute(f"delete from schema_compatibility where revision = '{revision}'")
    # The extension stays: something else in this database may use it, and it may have been there before.
    for name, table, _columns in reversed(BY_LETTERS):
        op.drop_index(name, table_name=table, if_exists=True)
    for name, table, *_ in reversed(INDEXES):
        op.drop_index(name, table_name=table)
