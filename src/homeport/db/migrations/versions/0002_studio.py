"""What the studio, comments, jobs and search need."""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

OLDEST_RELEASE = "0.1.0"


def upgrade() -> None:
    op.create_table('comment_block',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("kind in ('email', 'site', 'address')", name=op.f('ck_comment_block_kind_known')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment_block')),
    sa.UniqueConstraint('value', name=op.f('uq_comment_block_value'))
    )
    op.create_table('job',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('payload', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('key', sa.Text(), nullable=True),
    sa.Column('run_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.Text(), server_default='', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job'))
    )
    op.create_index('ix_job_due', 'job', ['run_at', 'id'], unique=False, postgresql_where=sa.text('failed_at is null'))
    op.create_index('uq_job_key', 'job', ['key'], unique=True, postgresql_where=sa.text('failed_at is null and claimed_at is null'))
    op.create_table('rate_count',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('window_start', sa.DateTime(timezone=True), nullable=False),
    sa.Column('count', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('key', 'window_start', name=op.f('pk_rate_count'))
    )
    op.create_table('spam_word',
    sa.Column('word', sa.Text(), nullable=False),
    sa.Column('spam', sa.Integer(), server_default='0', nullable=False),
    sa.Column('ham', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('word', name=op.f('pk_spam_word'))
    )
    op.create_table('used_token',
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_used_token'))
    )
    op.create_index(op.f('ix_used_token_expires_at'), 'used_token', ['expires_at'], unique=False)
    op.create_table('api_token',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('scopes', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_api_token_account_id_account'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_token')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_api_token_token_hash'))
    )
    op.create_index(op.f('ix_api_token_account_id'), 'api_token', ['account_id'], unique=False)
    op.create_table('audit_event',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=True),
    sa.Column('account_name', sa.Text(), server_default='', nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), server_default='', nullable=False),
    sa.Column('details', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False),
    sa.Column('address', sa.Text(), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_audit_event_account_id_account'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_event'))
    )
    op.create_index(op.f('ix_audit_event_account_id'), 'audit_event', ['account_id'], unique=False)
    op.create_index('ix_audit_event_at', 'audit_event', ['at', 'id'], unique=False)
    op.create_table('challenge',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('challenge', sa.LargeBinary(), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_challenge_account_id_account'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_challenge')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_challenge_token_hash'))
    )
    op.create_index(op.f('ix_challenge_account_id'), 'challenge', ['account_id'], unique=False)
    op.create_table('one_time_link',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=True),
    sa.Column('role', sa.Text(), server_default='', nullable=False),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("purpose in ('setup', 'reset', 'invitation')", name=op.f('ck_one_time_link_purpose_known')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_one_time_link_account_id_account'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_one_time_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_one_time_link_token_hash'))
    )
    op.create_index(op.f('ix_one_time_link_account_id'), 'one_time_link', ['account_id'], unique=False)
    op.create_table('passkey',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.Column('credential_id', sa.LargeBinary(), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('sign_count', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('domain', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_passkey_account_id_account'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_passkey')),
    sa.UniqueConstraint('credential_id', name=op.f('uq_passkey_credential_id'))
    )
    op.create_index(op.f('ix_passkey_account_id'), 'passkey', ['account_id'], unique=False)
    op.create_table('recovery_code',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.Column('code_hash', sa.LargeBinary(), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_recovery_code_account_id_account'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_code'))
    )
    op.create_index(op.f('ix_recovery_code_account_id'), 'recovery_code', ['account_id'], unique=False)
    op.create_table('sign_in',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('method', sa.Text(), nullable=False),
    sa.Column('user_agent', sa.Text(), server_default='', nullable=False),
    sa.Column('address', sa.Text(), server_default='', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('proved_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_sign_in_account_id_account'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_sign_in_token_hash'))
    )
    op.create_index(op.f('ix_sign_in_account_id'), 'sign_in', ['account_id'], unique=False)
    op.create_table('media_variant',
    sa.Column('media_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('width', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('format', sa.Text(), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("format in ('avif', 'webp', 'original')", name=op.f('ck_media_variant_format_known')),
    sa.ForeignKeyConstraint(['media_id'], ['media.id'], name=op.f('fk_media_variant_media_id_media'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('media_id', 'width', 'format', name=op.f('pk_media_variant'))
    )
    op.create_table('response',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('public_id', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('entry_id', sa.BigInteger(), nullable=False),
    sa.Column('parent_id', sa.BigInteger(), nullable=True),
    sa.Column('source', sa.Text(), server_default='comment', nullable=False),
    sa.Column('state', sa.Text(), server_default='held', nullable=False),
    sa.Column('writer_name', sa.Text(), nullable=False),
    sa.Column('writer_email', sa.Text(), server_default='', nullable=False),
    sa.Column('writer_url', sa.Text(), server_default='', nullable=False),
    sa.Column('author_id', sa.BigInteger(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('source_url', sa.Text(), server_default='', nullable=False),
    sa.Column('held_because', sa.Text(), server_default='', nullable=False),
    sa.Column('spam_score', sa.Double(), nullable=True),
    sa.Column('address_hash', sa.LargeBinary(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.BigInteger(), nullable=True),
    sa.Column('previous_state', sa.Text(), server_default='', nullable=False),
    sa.Column('learned', sa.Text(), server_default='', nullable=False),
    sa.Column('previous_learned', sa.Text(), server_default='', nullable=False),
    sa.CheckConstraint("learned in ('', 'ham', 'spam')", name=op.f('ck_response_learned_known')),
    sa.CheckConstraint("source in ('comment', 'webmention', 'activitypub')", name=op.f('ck_response_source_known')),
    sa.CheckConstraint("state in ('held', 'shown', 'spam', 'deleted')", name=op.f('ck_response_state_known')),
    sa.ForeignKeyConstraint(['author_id'], ['author.id'], name=op.f('fk_response_author_id_author'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['decided_by_id'], ['account.id'], name=op.f('fk_response_decided_by_id_account'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_response_entry_id_entry'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['parent_id'], ['response.id'], name=op.f('fk_response_parent_id_response'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_response')),
    sa.UniqueConstraint('public_id', name=op.f('uq_response_public_id'))
    )
    op.create_index(op.f('ix_response_author_id'), 'response', ['author_id'], unique=False)
    op.create_index(op.f('ix_response_address_hash'), 'response', ['address_hash'], unique=False)
    op.create_index(op.f('ix_response_decided_by_id'), 'response', ['decided_by_id'], unique=False)
    op.create_index('ix_response_entry', 'response', ['entry_id', 'created_at', 'id'], unique=False)
    op.create_index(op.f('ix_response_parent_id'), 'response', ['parent_id'], unique=False)
    op.create_index('ix_response_queue', 'response', ['state', 'created_at', 'id'], unique=False)
    op.create_index('ix_response_writer_email', 'response', [sa.literal_column('lower(writer_email)')], unique=False)
    op.create_table('search_document',
    sa.Column('entry_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('words', postgresql.TSVECTOR(), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_search_document_entry_id_entry'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('entry_id', name=op.f('pk_search_document'))
    )
    op.create_index('ix_search_document_words', 'search_document', ['words'], unique=False, postgresql_using='gin')
    op.create_table('share_link',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('entry_id', sa.BigInteger(), nullable=False),
    sa.Column('token', sa.Text(), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_share_link_account_id_account'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_share_link_entry_id_entry'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_share_link')),
    sa.UniqueConstraint('token', name=op.f('uq_share_link_token'))
    )
    op.create_index(op.f('ix_share_link_account_id'), 'share_link', ['account_id'], unique=False)
    op.create_index(op.f('ix_share_link_entry_id'), 'share_link', ['entry_id'], unique=False)
    op.create_table('working_copy',
    sa.Column('entry_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('fields', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('base', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=True),
    sa.Column('saved_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_working_copy_account_id_account'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_working_copy_entry_id_entry'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('entry_id', name=op.f('pk_working_copy'))
    )
    op.create_index(op.f('ix_working_copy_account_id'), 'working_copy', ['account_id'], unique=False)
    op.add_column('account', sa.Column('handle', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False))
    op.add_column('account', sa.Column('totp_secret', sa.Text(), server_default='', nullable=False))
    op.add_column('account', sa.Column('totp_used_step', sa.BigInteger(), server_default='0', nullable=False))
    op.add_column('account', sa.Column('is_active', sa.Boolean(), server_default=sa.text('true'), nullable=False))
    op.create_unique_constraint(op.f('uq_account_handle'), 'account', ['handle'])
    op.add_column('entry', sa.Column('version', sa.Integer(), server_default='1', nullable=False))
    op.add_column('entry', sa.Column('changed_by_id', sa.BigInteger(), nullable=True))
    op.create_index(op.f('ix_entry_changed_by_id'), 'entry', ['changed_by_id'], unique=False)
    op.create_foreign_key(op.f('fk_entry_changed_by_id_account'), 'entry', 'account', ['changed_by_id'], ['id'], ondelete='SET NULL')
    op.create_index('ix_entry_modified', 'entry', ['modified_at', 'public_id'], unique=False)
    op.add_column('entry', sa.Column('comments_open', sa.Boolean(), nullable=True))
    op.add_column('gone', sa.Column('entry_id', sa.BigInteger(), nullable=True))
    op.create_index(op.f('ix_gone_entry_id'), 'gone', ['entry_id'], unique=False)
    op.create_foreign_key(op.f('fk_gone_entry_id_entry'), 'gone', 'entry', ['entry_id'], ['id'], ondelete='SET NULL')
    op.add_column('entry_revision', sa.Column('number', sa.Integer(), server_default='0', nullable=False))
    op.execute(
        "update entry_revision set number = counted.place from (select id, row_number() over"
        " (partition by entry_id order by id) as place from entry_revision) as counted"
        " where counted.id = entry_revision.id"
    )
    op.add_column('entry_revision', sa.Column('is_public', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('entry_revision', sa.Column('account_id', sa.BigInteger(), nullable=True))
    op.create_index(op.f('ix_entry_revision_account_id'), 'entry_revision', ['account_id'], unique=False)
    op.create_foreign_key(op.f('fk_entry_revision_account_id_account'), 'entry_revision', 'account', ['account_id'], ['id'], ondelete='SET NULL')
    op.add_column('media', sa.Column('account_id', sa.BigInteger(), nullable=True))
    op.add_column('media', sa.Column('variants_made_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f('ix_media_account_id'), 'media', ['account_id'], unique=False)
    op.create_foreign_key(op.f('fk_media_account_id_account'), 'media', 'account', ['account_id'], ['id'], ondelete='SET NULL')
    op.add_column('site', sa.Column('comments_open', sa.Boolean(), server_default=sa.text('true'), nullable=False))
    op.add_column('site', sa.Column('comment_rule', sa.Text(), server_default='known', nullable=False))
    op.add_column('site', sa.Column('comments_close_after_days', sa.Integer(), nullable=True))
    op.create_check_constraint(op.f('ck_site_comment_rule_known'), 'site', "comment_rule in ('hold', 'known', 'show')")
    # Images and videos are packed already: trying to compress them only costs time.
    op.execute("alter table media_blob alter column data set storage external")
    op.execute(f"insert into schema_compatibility (revision, oldest_release) values ('{revision}', '{OLDEST_RELEASE}')")


def downgrade() -> None:
    op.execute(f"delete from schema_compatibility where revision = '{revision}'")
    op.execute("alter table media_blob alter column data set storage extended")
    op.drop_constraint(op.f('ck_site_comment_rule_known'), 'site', type_='check')
    op.drop_column('site', 'comments_close_after_days')
    op.drop_column('site', 'comment_rule')
    op.drop_column('site', 'comments_open')
    op.drop_constraint(op.f('fk_media_account_id_account'), 'media', type_='foreignkey')
    op.drop_index(op.f('ix_media_account_id'), table_name='media')
    op.drop_column('media', 'variants_made_at')
    op.drop_column('media', 'account_id')
    op.drop_constraint(op.f('fk_entry_revision_account_id_account'), 'entry_revision', type_='foreignkey')
    op.drop_index(op.f('ix_entry_revision_account_id'), table_name='entry_revision')
    op.drop_column('entry_revision', 'account_id')
    op.drop_column('entry_revision', 'is_public')
    op.drop_column('entry_revision', 'number')
    op.drop_constraint(op.f('fk_gone_entry_id_entry'), 'gone', type_='foreignkey')
    op.drop_index(op.f('ix_gone_entry_id'), table_name='gone')
    op.drop_column('gone', 'entry_id')
    op.drop_column('entry', 'comments_open')
    op.drop_index('ix_entry_modified', table_name='entry')
    op.drop_constraint(op.f('fk_entry_changed_by_id_account'), 'entry', type_='foreignkey')
    op.drop_index(op.f('ix_entry_changed_by_id'), table_name='entry')
    op.drop_column('entry', 'changed_by_id')
    op.drop_column('entry', 'version')
    op.drop_constraint(op.f('uq_account_handle'), 'account', type_='unique')
    op.drop_column('account', 'is_active')
    op.drop_column('account', 'totp_used_step')
    op.drop_column('account', 'totp_secret')
    op.drop_column('account', 'handle')
    op.drop_index(op.f('ix_working_copy_account_id'), table_name='working_copy')
    op.drop_table('working_copy')
    op.drop_index(op.f('ix_share_link_entry_id'), table_name='share_link')
    op.drop_index(op.f('ix_share_link_account_id'), table_name='share_link')
    op.drop_table('share_link')
    op.drop_index('ix_search_document_words', table_name='search_document', postgresql_using='gin')
    op.drop_table('search_document')
    op.drop_index('ix_response_writer_email', table_name='response')
    op.drop_index('ix_response_queue', table_name='response')
    op.drop_index(op.f('ix_response_parent_id'), table_name='response')
    op.drop_index('ix_response_entry', table_name='response')
    op.drop_index(op.f('ix_response_decided_by_id'), table_name='response')
    op.drop_index(op.f('ix_response_address_hash'), table_name='response')
    op.drop_index(op.f('ix_response_author_id'), table_name='response')
    op.drop_table('response')
    op.drop_table('media_variant')
    op.drop_index(op.f('ix_sign_in_account_id'), table_name='sign_in')
    op.drop_table('sign_in')
    op.drop_index(op.f('ix_recovery_code_account_id'), table_name='recovery_code')
    op.drop_table('recovery_code')
    op.drop_index(op.f('ix_passkey_account_id'), table_name='passkey')
    op.drop_table('passkey')
    op.drop_index(op.f('ix_one_time_link_account_id'), table_name='one_time_link')
    op.drop_table('one_time_link')
    op.drop_index(op.f('ix_challenge_account_id'), table_name='challenge')
    op.drop_table('challenge')
    op.drop_index('ix_audit_event_at', table_name='audit_event')
    op.drop_index(op.f('ix_audit_event_account_id'), table_name='audit_event')
    op.drop_table('audit_event')
    op.drop_index(op.f('ix_api_token_account_id'), table_name='api_token')
    op.drop_table('api_token')
    op.drop_index(op.f('ix_used_token_expires_at'), table_name='used_token')
    op.drop_table('used_token')
    op.drop_table('spam_word')
    op.drop_table('rate_count')
    op.drop_index('uq_job_key', table_name='job', postgresql_where=sa.text('failed_at is null and claimed_at is null'))
    op.drop_index('ix_job_due', table_name='job', postgresql_where=sa.text('failed_at is null'))
    op.drop_table('job')
    op.drop_table('comment_block')
