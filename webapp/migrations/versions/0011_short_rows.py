"""short rows

Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('post_outing',
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('first_at', sa.BigInteger(), nullable=False),
    sa.Column('last_at', sa.BigInteger(), nullable=False),
    sa.Column('measured', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('post_id', name=op.f('pk_post_outing'))
    )
    with op.batch_alter_table('post_outing', schema=None) as batch_op:
        batch_op.create_index('ix_post_outing_span', ['last_at', 'first_at'], unique=False)

    op.create_table('post_total',
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('first_at', sa.BigInteger(), nullable=False),
    sa.Column('last_at', sa.BigInteger(), nullable=False),
    sa.Column('told_at', sa.BigInteger(), nullable=False),
    sa.Column('sums', sa.LargeBinary(), nullable=False),
    sa.Column('bodies', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('post_id', name=op.f('pk_post_total'))
    )
    with op.batch_alter_table('post_total', schema=None) as batch_op:
        batch_op.create_index('ix_post_total_span', ['last_at', 'first_at'], unique=False)

    with op.batch_alter_table('post_tally', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_post_tally_last_at'))
        batch_op.create_index('ix_post_tally_span', ['last_at', 'first_at'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('post_tally', schema=None) as batch_op:
        batch_op.drop_index('ix_post_tally_span')
        batch_op.create_index(batch_op.f('ix_post_tally_last_at'), ['last_at'], unique=False)

    with op.batch_alter_table('post_total', schema=None) as batch_op:
        batch_op.drop_index('ix_post_total_span')

    op.drop_table('post_total')
    with op.batch_alter_table('post_outing', schema=None) as batch_op:
        batch_op.drop_index('ix_post_outing_span')

    op.drop_table('post_outing')
