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



def downgrade() -> None:
    with op.batch_alter_table('provider_identity', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_provider_identity_person_id'))

    op.drop_table('provider_identity')
    with op.batch_alter_table('provider_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_provider_entry_person_id'))
        batch_op.drop_index(batch_op.f('ix_provider_entry_made_at'))

    op.drop_table('provider_entry')
