"""keeping and entering

Revision: 0010, after 0009
"""

import sqlalchemy as sa
from alembic import op


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('backup_key',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('recipient', sa.String(length=120), nullable=False),
    sa.Column('made_at', sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), 'postgresql'), nullable=False),
    sa.Column('made_by_ref', sa.String(length=12), nullable=False),
    sa.Column('shown_at', sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), 'postgresql'), nullable=True),
    sa.Column('retired_at', sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), 'postgresql'), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_backup_key')),
    sa.UniqueConstraint('recipient', name=op.f('uq_backup_key_recipient'))
    )
    op.create_table('backup_run',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ref', sa.String(length=12), nullable=False),
    sa.Column('stage', sa.String(length=40), nullable=False),
    sa.Column('asked_by_ref', sa.String(length=12), nullable=False),
    sa.Column('started_at', sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), 'postgresql'), nullable=False),
    sa.Column('ended_at', sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), 'postgresql'), nullable=True),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('rows', sa.BigInteger(), nullable=False),
    sa.Column('materials', sa.Integer(), nullable=False),
    sa.Column('copied', sa.Integer(), nullable=False),
    sa.Column('said_code', sa.String(length=60), nullable=False),
    sa.Column('said_params', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_backup_run')),
    sa.UniqueConstraint('ref', name=op.f('uq_backup_run_ref'))
    )
    with op.batch_alter_table('backup_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_backup_run_started_at'), ['started_at'], unique=False)

    op.create_table('provider_entry',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state_hash', sa.String(length=64), nullable=False),
    sa.Column('browser_hash', sa.String(length=64), nullable=False),
    sa.Column('nonce', sa.String(length=64), nullable=False),
    sa.Column('verifier', sa.String(length=64), nullable=False),
    sa.Column('then', sa.String(length=500), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('made_at', sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_provider_entry_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_provider_entry')),
    sa.UniqueConstraint('state_hash', name=op.f('uq_provider_entry_state_hash'))
    )
    with op.batch_alter_table('provider_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_provider_entry_made_at'), ['made_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_provider_entry_person_id'), ['person_id'], unique=False)

    op.create_table('provider_identity',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('issuer', sa.String(length=300), nullable=False),
    sa.Column('subject', sa.String(length=255), nullable=False),
    sa.Column('made_at', sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), 'postgresql'), nullable=False),
    sa.Column('last_used_at', sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_provider_identity_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_provider_identity')),
    sa.UniqueConstraint('issuer', 'person_id', name=op.f('uq_provider_identity_issuer_person_id')),
    sa.UniqueConstraint('issuer', 'subject', name=op.f('uq_provider_identity_issuer_subject'))
    )
    with op.batch_alter_table('provider_identity', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_provider_identity_person_id'), ['person_id'], unique=False)

    with op.batch_alter_table('publication', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_publication_sent'))



def downgrade() -> None:
    with op.batch_alter_table('publication', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_publication_sent'), ['account_id', 'sent_at'], unique=False)

    with op.batch_alter_table('provider_identity', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_provider_identity_person_id'))

    op.drop_table('provider_identity')
    with op.batch_alter_table('provider_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_provider_entry_person_id'))
        batch_op.drop_index(batch_op.f('ix_provider_entry_made_at'))

    op.drop_table('provider_entry')
    with op.batch_alter_table('backup_run', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_backup_run_started_at'))

    op.drop_table('backup_run')
    op.drop_table('backup_key')
