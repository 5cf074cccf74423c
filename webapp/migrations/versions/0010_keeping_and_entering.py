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



def downgrade() -> None:
    with op.batch_alter_table('backup_run', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_backup_run_started_at'))

    op.drop_table('backup_run')
    op.drop_table('backup_key')
