"""The site's first schema."""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None

OLDEST_RELEASE = "0.1.0"


def upgrade() -> None:
    op.create_table('author',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('slug', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('bio', sa.Text(), server_default='', nullable=False),
    sa.Column('url', sa.Text(), server_default='', nullable=False),
    sa.Column('image_path', sa.Text(), server_default='', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("slug <> ''", name=op.f('ck_author_slug_present')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_author')),
    sa.UniqueConstraint('slug', name=op.f('uq_author_slug'))
    )
    op.create_table('gone',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('path', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("left(path, 1) = '/'", name=op.f('ck_gone_path_absolute')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_gone')),
    sa.UniqueConstraint('path', name=op.f('uq_gone_path'))
    )
    op.create_table('media',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('hash', sa.Text(), nullable=False),
    sa.Column('original_hash', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('content_type', sa.Text(), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=True),
    sa.Column('height', sa.Integer(), nullable=True),
    sa.Column('alt', sa.Text(), server_default='', nullable=False),
    sa.Column('caption', sa.Text(), server_default='', nullable=False),
    sa.Column('source_url', sa.Text(), server_default='', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("hash ~ '^[0-9a-f]{32}$'", name=op.f('ck_media_hash_form')),
    sa.CheckConstraint("name <> ''", name=op.f('ck_media_name_present')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_media')),
    sa.UniqueConstraint('hash', name=op.f('uq_media_hash'))
    )
    op.create_index(op.f('ix_media_original_hash'), 'media', ['original_hash'], unique=False)
    op.create_table('permalink_pattern',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('pattern', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_permalink_pattern')),
    sa.UniqueConstraint('pattern', name=op.f('uq_permalink_pattern_pattern'))
    )
    op.create_table('schema_compatibility',
    sa.Column('revision', sa.Text(), nullable=False),
    sa.Column('oldest_release', sa.Text(), nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.PrimaryKeyConstraint('revision', name=op.f('pk_schema_compatibility'))
    )
    op.create_table('series',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('slug', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), server_default='', nullable=False),
    sa.CheckConstraint("slug <> ''", name=op.f('ck_series_slug_present')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_series')),
    sa.UniqueConstraint('slug', name=op.f('uq_series_slug'))
    )
    op.create_table('site',
    sa.Column('id', sa.SmallInteger(), server_default='1', autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='My site', nullable=False),
    sa.Column('tagline', sa.Text(), server_default='', nullable=False),
    sa.Column('address', sa.Text(), server_default='', nullable=False),
    sa.Column('language', sa.Text(), server_default='en', nullable=False),
    sa.Column('time_zone', sa.Text(), server_default='UTC', nullable=False),
    sa.Column('permalink_pattern', sa.Text(), server_default='/posts/{slug}', nullable=False),
    sa.Column('navigation', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False),
    sa.Column('author_name', sa.Text(), server_default='', nullable=False),
    sa.Column('author_bio', sa.Text(), server_default='', nullable=False),
    sa.Column('author_url', sa.Text(), server_default='', nullable=False),
    sa.Column('author_image_path', sa.Text(), server_default='', nullable=False),
    sa.Column('accent', sa.Text(), server_default='', nullable=False),
    sa.Column('font', sa.Text(), server_default='serif', nullable=False),
    sa.Column('icon_path', sa.Text(), server_default='', nullable=False),
    sa.Column('smart_typography', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('raw_html', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('remote_images', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.CheckConstraint("font in ('serif', 'sans')", name=op.f('ck_site_font_known')),
    sa.CheckConstraint('id = 1', name=op.f('ck_site_one_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_site'))
    )
    op.create_table('tag',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('slug', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), server_default='', nullable=False),
    sa.CheckConstraint("slug <> ''", name=op.f('ck_tag_slug_present')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tag')),
    sa.UniqueConstraint('slug', name=op.f('uq_tag_slug'))
    )
    op.create_table('account',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('email', sa.Text(), server_default='', nullable=False),
    sa.Column('password_hash', sa.Text(), server_default='', nullable=False),
    sa.Column('author_id', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("role in ('owner', 'editor', 'author')", name=op.f('ck_account_role_known')),
    sa.ForeignKeyConstraint(['author_id'], ['author.id'], name=op.f('fk_account_author_id_author')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('author_id', name=op.f('uq_account_author_id')),
    sa.UniqueConstraint('name', name=op.f('uq_account_name'))
    )
    op.create_table('entry',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('public_id', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('feed_id', sa.Text(), nullable=True),
    sa.Column('kind', sa.Text(), server_default='article', nullable=False),
    sa.Column('title', sa.Text(), nullable=True),
    sa.Column('subtitle', sa.Text(), server_default='', nullable=False),
    sa.Column('slug', sa.Text(), nullable=False),
    sa.Column('path', sa.Text(), nullable=True),
    sa.Column('state', sa.Text(), server_default='draft', nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('modified_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('language', sa.Text(), server_default='', nullable=False),
    sa.Column('canonical_url', sa.Text(), server_default='', nullable=False),
    sa.Column('link_url', sa.Text(), server_default='', nullable=False),
    sa.Column('description', sa.Text(), server_default='', nullable=False),
    sa.Column('cover_media_id', sa.BigInteger(), nullable=True),
    sa.Column('cover_alt', sa.Text(), server_default='', nullable=False),
    sa.Column('series_id', sa.BigInteger(), nullable=True),
    sa.Column('series_position', sa.Integer(), nullable=True),
    sa.Column('translation_of_id', sa.BigInteger(), nullable=True),
    sa.Column('front_matter', sa.Text(), server_default='', nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('html_version', sa.Integer(), nullable=False),
    sa.Column('outline', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False),
    sa.Column('excerpt', sa.Text(), server_default='', nullable=False),
    sa.Column('word_count', sa.Integer(), server_default='0', nullable=False),
    sa.Column('dropped', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False),
    sa.CheckConstraint("kind in ('article', 'note', 'link', 'quote', 'page')", name=op.f('ck_entry_kind_known')),
    sa.CheckConstraint("left(path, 1) = '/'", name=op.f('ck_entry_path_absolute')),
    sa.CheckConstraint("slug <> ''", name=op.f('ck_entry_slug_present')),
    sa.CheckConstraint("state = 'draft' or published_at is not null", name=op.f('ck_entry_public_has_date')),
    sa.CheckConstraint("state in ('draft', 'published', 'unlisted')", name=op.f('ck_entry_state_known')),
    sa.CheckConstraint("title is not null or kind in ('note', 'link', 'quote')", name=op.f('ck_entry_title_present')),
    sa.ForeignKeyConstraint(['cover_media_id'], ['media.id'], name=op.f('fk_entry_cover_media_id_media')),
    sa.ForeignKeyConstraint(['series_id'], ['series.id'], name=op.f('fk_entry_series_id_series')),
    sa.ForeignKeyConstraint(['translation_of_id'], ['entry.id'], name=op.f('fk_entry_translation_of_id_entry')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entry')),
    sa.UniqueConstraint('public_id', name=op.f('uq_entry_public_id'))
    )
    op.create_index(op.f('ix_entry_cover_media_id'), 'entry', ['cover_media_id'], unique=False)
    op.create_index('ix_entry_listed', 'entry', ['published_at', 'id'], unique=False, postgresql_where=sa.text("state = 'published' and kind <> 'page' and deleted_at is null"))
    op.create_index('ix_entry_series', 'entry', ['series_id', 'series_position'], unique=False)
    op.create_index(op.f('ix_entry_translation_of_id'), 'entry', ['translation_of_id'], unique=False)
    op.create_index('uq_entry_path', 'entry', ['path'], unique=True, postgresql_where=sa.text('deleted_at is null'))
    op.create_index('uq_entry_slug', 'entry', [sa.literal_column("(kind = 'page')"), 'slug'], unique=True, postgresql_where=sa.text('deleted_at is null'))
    op.create_table('media_blob',
    sa.Column('media_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['media_id'], ['media.id'], name=op.f('fk_media_blob_media_id_media'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('media_id', name=op.f('pk_media_blob'))
    )
    op.create_table('byline',
    sa.Column('entry_id', sa.BigInteger(), nullable=False),
    sa.Column('author_id', sa.BigInteger(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['author.id'], name=op.f('fk_byline_author_id_author')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_byline_entry_id_entry'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('entry_id', 'author_id', name=op.f('pk_byline'))
    )
    op.create_index('ix_byline_author_id_entry_id', 'byline', ['author_id', 'entry_id'], unique=False)
    op.create_table('entry_revision',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('entry_id', sa.BigInteger(), nullable=False),
    sa.Column('title', sa.Text(), nullable=True),
    sa.Column('front_matter', sa.Text(), server_default='', nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_entry_revision_entry_id_entry'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entry_revision'))
    )
    op.create_index('ix_entry_revision_entry', 'entry_revision', ['entry_id', 'created_at'], unique=False)
    op.create_table('entry_tag',
    sa.Column('entry_id', sa.BigInteger(), nullable=False),
    sa.Column('tag_id', sa.BigInteger(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_entry_tag_entry_id_entry'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tag_id'], ['tag.id'], name=op.f('fk_entry_tag_tag_id_tag'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('entry_id', 'tag_id', name=op.f('pk_entry_tag'))
    )
    op.create_index('ix_entry_tag_tag_id_entry_id', 'entry_tag', ['tag_id', 'entry_id'], unique=False)
    op.create_table('imported_file',
    sa.Column('label', sa.Text(), nullable=False),
    sa.Column('path', sa.Text(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('entry_id', sa.BigInteger(), nullable=False),
    sa.Column('imported_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_imported_file_entry_id_entry'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('label', 'path', name=op.f('pk_imported_file')),
    sa.UniqueConstraint('entry_id', name=op.f('uq_imported_file_entry_id'))
    )
    op.create_table('redirect',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('path', sa.Text(), nullable=False),
    sa.Column('entry_id', sa.BigInteger(), nullable=True),
    sa.Column('tag_id', sa.BigInteger(), nullable=True),
    sa.Column('series_id', sa.BigInteger(), nullable=True),
    sa.Column('target', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("left(path, 1) = '/'", name=op.f('ck_redirect_path_absolute')),
    sa.CheckConstraint('num_nonnulls(entry_id, tag_id, series_id, target) = 1', name=op.f('ck_redirect_one_target')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_redirect_entry_id_entry'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['series_id'], ['series.id'], name=op.f('fk_redirect_series_id_series'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tag_id'], ['tag.id'], name=op.f('fk_redirect_tag_id_tag'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_redirect')),
    sa.UniqueConstraint('path', name=op.f('uq_redirect_path'))
    )
    op.create_index(op.f('ix_redirect_entry_id'), 'redirect', ['entry_id'], unique=False)
    op.create_index(op.f('ix_redirect_series_id'), 'redirect', ['series_id'], unique=False)
    op.create_index(op.f('ix_redirect_tag_id'), 'redirect', ['tag_id'], unique=False)
    op.create_table('reference',
    sa.Column('entry_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('target', sa.Text(), nullable=False),
    sa.Column('to_entry_id', sa.BigInteger(), nullable=True),
    sa.Column('to_media_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("kind in ('link', 'image')", name=op.f('ck_reference_kind_known')),
    sa.CheckConstraint('num_nonnulls(to_entry_id, to_media_id) <= 1', name=op.f('ck_reference_one_target')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_reference_entry_id_entry'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['to_entry_id'], ['entry.id'], name=op.f('fk_reference_to_entry_id_entry'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['to_media_id'], ['media.id'], name=op.f('fk_reference_to_media_id_media')),
    sa.PrimaryKeyConstraint('entry_id', 'kind', 'target', name=op.f('pk_reference'))
    )
    op.create_index(op.f('ix_reference_to_entry_id'), 'reference', ['to_entry_id'], unique=False)
    op.create_index(op.f('ix_reference_to_media_id'), 'reference', ['to_media_id'], unique=False)
    op.execute("insert into site default values")
    op.execute(f"insert into schema_compatibility (revision, oldest_release) values ('{revision}', '{OLDEST_RELEASE}')")


def downgrade() -> None:
    op.drop_index(op.f('ix_reference_to_media_id'), table_name='reference')
    op.drop_index(op.f('ix_reference_to_entry_id'), table_name='reference')
    op.drop_table('reference')
    op.drop_index(op.f('ix_redirect_tag_id'), table_name='redirect')
    op.drop_index(op.f('ix_redirect_series_id'), table_name='redirect')
    op.drop_index(op.f('ix_redirect_entry_id'), table_name='redirect')
    op.drop_table('redirect')
    op.drop_table('imported_file')
    op.drop_index('ix_entry_tag_tag_id_entry_id', table_name='entry_tag')
    op.drop_table('entry_tag')
    op.drop_index('ix_entry_revision_entry', table_name='entry_revision')
    op.drop_table('entry_revision')
    op.drop_index('ix_byline_author_id_entry_id', table_name='byline')
    op.drop_table('byline')
    op.drop_table('media_blob')
    op.drop_index('uq_entry_slug', table_name='entry', postgresql_where=sa.text('deleted_at is null'))
    op.drop_index('uq_entry_path', table_name='entry', postgresql_where=sa.text('deleted_at is null'))
    op.drop_index(op.f('ix_entry_translation_of_id'), table_name='entry')
    op.drop_index('ix_entry_series', table_name='entry')
    op.drop_index('ix_entry_listed', table_name='entry', postgresql_where=sa.text("state = 'published' and kind <> 'page' and deleted_at is null"))
    op.drop_index(op.f('ix_entry_cover_media_id'), table_name='entry')
    op.drop_table('entry')
    op.drop_table('account')
    op.drop_table('tag')
    op.drop_table('site')
    op.drop_table('series')
    op.drop_table('schema_compatibility')
    op.drop_table('permalink_pattern')
    op.drop_index(op.f('ix_media_original_hash'), table_name='media')
    op.drop_table('media')
    op.drop_table('gone')
    op.drop_table('author')
