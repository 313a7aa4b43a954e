"""What tells stored pages that they are out of date."""

from alembic import op
import sqlalchemy as sa

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

OLDEST_RELEASE = "0.1.0"

# The first change that readers can see raises the revision, the others of its transaction only add their keys. It
# happens at the end of the transaction, so the row is locked no longer than the commit takes. What depends on the key *
# is everything, so older keys need not be kept beside it. Who commits is told by the notice, everybody else by NOTIFY.
RAISE = """
create function raise_content(variadic changed text[]) returns void language plpgsql as $$
declare
    raised bigint;
begin
    update content_revision
    set revision = revision + 1, raised_in = pg_current_xact_id()::text::bigint, raised_at = now()
    where raised_at <> now() or raised_in <> pg_current_xact_id()::text::bigint
    returning revision into raised;
    if found then
        perform pg_notify('homeport_content', raised::text);
        raise notice 'homeport content %', raised;
    else
        select revision into raised from content_revision;
        if exists (select from content_change where key = '*' and revision = raised) then
            return;
        end if;
    end if;
    if '*' = any (changed) then
        delete from content_change;
    end if;
    insert into content_change (key, revision) select distinct each, raised from unnest(changed) as each
    on conflict (key) do update set revision = excluded.revision;
end $$
"""

# Each takes from its row what readers see of it, and is called only when that has changed.
FUNCTIONS = {
    "content_changed": "perform raise_content('*');",
    "entry_changed": "perform raise_content('entry:' || new.id);",
    "response_changed": """
        if tg_op <> 'INSERT' then perform raise_content('entry:' || old.entry_id); end if;
        if tg_op <> 'DELETE' then perform raise_content('entry:' || new.entry_id); end if;
    """,
    "part_of_entry_changed": """
        if exists (
            select from entry
            where state <> 'draft' and deleted_at is null
            and id in (case when tg_op <> 'INSERT' then old.entry_id end, case when tg_op <> 'DELETE' then new.entry_id end)
        ) then perform raise_content('*'); end if;
    """,
    "variant_changed": """
        perform raise_content('entry:' || id) from entry
        where cover_media_id = case when tg_op = 'DELETE' then old.media_id else new.media_id end
        and state <> 'draft' and deleted_at is null;
    """,
}

CARD = (
    "public_id feed_id kind title subtitle slug path state published_at updated_at deleted_at language canonical_url"
    " link_url description cover_media_id cover_alt series_id series_position translation_of_id excerpt word_count"
).split()
RESPONSE = "entry_id parent_id public_id source state writer_name writer_url author_id text html source_url created_at edited_at".split()


def differ(columns: list[str]) -> str:
    """Return the condition that one of the columns has changed."""
    return "({}) is distinct from ({})".format(*(", ".join(f"{row}.{name}" for name in columns) for row in ("old", "new")))


def visible(row: str) -> str:
    """Return the condition that readers see an entry, or will once its moment has come."""
    return f"({row}.state <> 'draft' and {row}.deleted_at is null)"


def told(row: str) -> str:
    """Return the condition that readers see an answer, or that it was one."""
    return f"({row}.state in ('shown', 'deleted'))"


TRIGGERS = (
    ("entry", "insert", visible("new"), "content_changed"),
    ("entry", "delete", visible("old"), "content_changed"),
    ("entry", "update", f"({visible('old')} or {visible('new')}) and {differ(CARD)}", "content_changed"),
    ("entry", "update", f"{visible('new')} and {differ(['html', 'outline', 'comments_open'])}", "entry_changed"),
    ("response", "insert", told("new"), "response_changed"),
    ("response", "delete", told("old"), "response_changed"),
    ("response", "update", f"({told('old')} or {told('new')}) and {differ(RESPONSE)}", "response_changed"),
    ("entry_tag", "insert or delete", "", "part_of_entry_changed"),
    ("entry_tag", "update", "old is distinct from new", "part_of_entry_changed"),
    ("byline", "insert or delete", "", "part_of_entry_changed"),
    ("byline", "update", "old is distinct from new", "part_of_entry_changed"),
    ("media_variant", "insert or update or delete", "", "variant_changed"),
    ("media", "update", differ(["hash", "name", "content_type", "width", "height", "alt", "caption"]), "content_changed"),
    ("tag", "delete", "", "content_changed"),
    ("tag", "update", "old is distinct from new", "content_changed"),
    ("series", "delete", "", "content_changed"),
    ("series", "update", "old is distinct from new", "content_changed"),
    ("author", "delete", "", "content_changed"),
    ("author", "update", "old is distinct from new", "content_changed"),
    ("site", "insert or delete", "", "content_changed"),
    ("site", "update", "old is distinct from new", "content_changed"),
)


def upgrade() -> None:
    op.create_table('content_revision',
    sa.Column('id', sa.SmallInteger(), server_default='1', autoincrement=False, nullable=False),
    sa.Column('revision', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('raised_in', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('origin', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_content_revision_one_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_content_revision'))
    )
    op.create_table('content_change',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_content_change'))
    )
    op.create_index(op.f('ix_content_change_revision'), 'content_change', ['revision'], unique=False)
    op.create_index('ix_entry_shown', 'entry', ['published_at'], unique=False, postgresql_where=sa.text("state <> 'draft' and deleted_at is null"))
    op.execute("insert into content_revision default values")
    op.execute(RAISE)
    for name, body in FUNCTIONS.items():
        op.execute(f"create function {name}() returns trigger language plpgsql as $$ begin {body} return null; end $$")
    for number, (table, events, condition, function) in enumerate(TRIGGERS):
        when = f"when ({condition})" if condition else ""
        op.execute(
            f"create constraint trigger {table}_content_{number} after {events} on {table}"
            f" deferrable initially deferred for each row {when} execute function {function}()"
        )
    op.execute(f"insert into schema_compatibility (revision, oldest_release) values ('{revision}', '{OLDEST_RELEASE}')")


def downgrade() -> None:
    op.execute(f"delete from schema_compatibility where revision = '{revision}'")
    for number, (table, _events, _condition, _function) in enumerate(TRIGGERS):
        op.execute(f"drop trigger {table}_content_{number} on {table}")
    for name in FUNCTIONS:
        op.execute(f"drop function {name}()")
    op.execute("drop function raise_content(text[])")
    op.drop_index('ix_entry_shown', table_name='entry', postgresql_where=sa.text("state <> 'draft' and deleted_at is null"))
    op.drop_index(op.f('ix_content_change_revision'), table_name='content_change')
    op.drop_table('content_change')
    op.drop_table('content_revision')
