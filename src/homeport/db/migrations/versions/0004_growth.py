"""What lists need to cost the same however much there is: an order to walk in for each of them."""

from typing import Any

from alembic import op
import sqlalchemy as sa

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

OLDEST_RELEASE = "0.1.0"

LISTED = "state = 'published' and kind <> 'page' and deleted_at is null"

# A tag's newest entries are found by an index only if the moment stands beside the tag. Triggers write it, so that the
# release before this one may go on writing: it does not know of the column.
LISTED_AT = """
create function entry_listed_at(entry entry) returns timestamptz language sql immutable as $$
    select case when entry.state = 'published' and entry.kind <> 'page' and entry.deleted_at is null
    and entry.path is not null then entry.published_at end
$$;
create function note_listed_at() returns trigger language plpgsql as $$ begin
    new.listed_at := (select entry_listed_at(entry) from entry where id = new.entry_id);
    return new;
end $$;
create function pass_on_listed_at() returns trigger language plpgsql as $$ begin
    update entry_tag set listed_at = entry_listed_at(new) where entry_id = new.id;
    update byline set listed_at = entry_listed_at(new) where entry_id = new.id;
    return null;
end $$;
create trigger entry_tag_listed_at before insert on entry_tag for each row execute function note_listed_at();
create trigger byline_listed_at before insert on byline for each row execute function note_listed_at();
create trigger entry_listed_at after update on entry for each row
    when (entry_listed_at(old) is distinct from entry_listed_at(new)) execute function pass_on_listed_at();
update entry_tag set listed_at = entry_listed_at(entry) from entry where id = entry_id;
update byline set listed_at = entry_listed_at(entry) from entry where id = entry_id;
"""

# An index holds no whole title: nothing bounds what people write there.
BY_TITLE = sa.text('lower("left"(title, 200))')
INDEXES: tuple[tuple[str, str, list[Any], str | None], ...] = (
    ("ix_entry_tag_listed", "entry_tag", ["tag_id", "listed_at", "entry_id"], "listed_at is not null"),
    ("ix_byline_listed", "byline", ["author_id", "listed_at", "entry_id"], "listed_at is not null"),
    ("ix_entry_series_listed", "entry", ["series_id", "published_at", "id"], LISTED),
    ("ix_entry_in_series", "entry", ["series_id", sa.text("coalesce(series_position, 2147483647)"), "published_at", "id"], LISTED),
    ("ix_tag_title", "tag", [BY_TITLE, "id"], None),
    ("ix_series_title", "series", [BY_TITLE, "id"], None),
)


def upgrade() -> None:
    for table in ("entry_tag", "byline"):
        op.add_column(table, sa.Column('listed_at', sa.DateTime(timezone=True), nullable=True))
    op.execute(LISTED_AT)
    # The triggers of content would otherwise wait for the end, and no index is made beside one that waits.
    op.execute("set constraints all immediate")
    for name, table, columns, condition in INDEXES:
        op.create_index(name, table, columns, unique=False, postgresql_where=sa.text(condition) if condition else None)
    op.execute(f"insert into schema_compatibility (revision, oldest_release) values ('{revision}', '{OLDEST_RELEASE}')")


def downgrade() -> None:
    op.execute(f"delete from schema_compatibility where revision = '{revision}'")
    for name, table, _columns, _condition in reversed(INDEXES):
        op.drop_index(name, table_name=table)
    op.execute("drop trigger entry_listed_at on entry")
    op.execute("drop trigger byline_listed_at on byline")
    op.execute("drop trigger entry_tag_listed_at on entry_tag")
    op.execute("drop function pass_on_listed_at()")
    op.execute("drop function note_listed_at()")
    op.execute("drop function entry_listed_at(entry)")
    for table in ("byline", "entry_tag"):
        op.drop_column(table, 'listed_at')
