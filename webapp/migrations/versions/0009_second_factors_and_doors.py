"""second factors and doors

Revision: 0009, after 0008
"""

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit_seal',
    sa.Column('n', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('sealed_at', sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['audit_event.id'], name=op.f('fk_audit_seal_event_id_audit_event')),
    sa.PrimaryKeyConstraint('n', name=op.f('pk_audit_seal')),
    sa.UniqueConstraint('event_id', name=op.f('uq_audit_seal_event_id'))
    )
    op.create_table('door_letter',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('asked_at', sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), 'postgresql'), nullable=False),
    sa.Column('mail_at', sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), 'postgresql'), nullable=True),
    sa.Column('mailed_at', sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), 'postgresql'), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=True),
    sa.Column('expires_at', sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), 'postgresql'), nullable=True),
    sa.Column('used_at', sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), 'postgresql'), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_door_letter_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_door_letter')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_door_letter_token_hash'))
    )
    with op.batch_alter_table('door_letter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_door_letter_mail_at'), ['mail_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_door_letter_person_id'), ['person_id'], unique=False)

    op.create_table('passkey',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ref', sa.String(length=12), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('credential', sa.String(length=1400), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('sign_count', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('made_at', sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), 'postgresql'), nullable=False),
    sa.Column('last_used_at', sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), 'postgresql'), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_passkey_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_passkey')),
    sa.UniqueConstraint('credential', name=op.f('uq_passkey_credential')),
    sa.UniqueConstraint('ref', name=op.f('uq_passkey_ref'))
    )
    with op.batch_alter_table('passkey', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_passkey_person_id'), ['person_id'], unique=False)

    op.create_table('recovery_code',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), 'postgresql'), nullable=False),
    sa.Column('used_at', sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), 'postgresql'), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_recovery_code_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_code'))
    )
    with op.batch_alter_table('recovery_code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recovery_code_person_id'), ['person_id'], unique=False)

    op.create_table('report_blank',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ref', sa.String(length=12), nullable=False),
    sa.Column('edition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('filename', sa.String(length=200), nullable=False),
    sa.Column('places', sa.Text(), nullable=False),
    sa.Column('added_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('added_at', sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), 'postgresql'), nullable=False),
    sa.Column('removed_at', sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), 'postgresql'), nullable=True),
    sa.ForeignKeyConstraint(['added_by_id'], ['person.id'], name=op.f('fk_report_blank_added_by_id_person')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_report_blank_edition_id_edition')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_blank')),
    sa.UniqueConstraint('ref', name=op.f('uq_report_blank_ref'))
    )
    with op.batch_alter_table('report_blank', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_report_blank_edition_id'), ['edition_id'], unique=False)

    op.create_table('time_code',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('key_name', sa.String(length=16), nullable=False),
    sa.Column('made_at', sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), 'postgresql'), nullable=False),
    sa.Column('confirmed_at', sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), 'postgresql'), nullable=True),
    sa.Column('last_step', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_time_code_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_time_code'))
    )
    with op.batch_alter_table('local_activity', schema=None) as batch_op:
        batch_op.add_column(sa.Column('women', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('men', sa.Integer(), nullable=True))

    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.add_column(sa.Column('edition_slug', sa.String(length=40), nullable=True))

    with op.batch_alter_table('web_session', schema=None) as batch_op:
        batch_op.add_column(sa.Column('awaits', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('proved_at', sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), 'postgresql'), nullable=True))
        batch_op.add_column(sa.Column('challenge', sa.String(length=100), nullable=True))



def downgrade() -> None:
    with op.batch_alter_table('web_session', schema=None) as batch_op:
        batch_op.drop_column('challenge')
        batch_op.drop_column('proved_at')
        batch_op.drop_column('awaits')

    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.drop_column('edition_slug')

    with op.batch_alter_table('local_activity', schema=None) as batch_op:
        batch_op.drop_column('men')
        batch_op.drop_column('women')

    op.drop_table('time_code')
    with op.batch_alter_table('report_blank', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_report_blank_edition_id'))

    op.drop_table('report_blank')
    with op.batch_alter_table('recovery_code', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recovery_code_person_id'))

    op.drop_table('recovery_code')
    with op.batch_alter_table('passkey', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_passkey_person_id'))

    op.drop_table('passkey')
    with op.batch_alter_table('door_letter', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_door_letter_person_id'))
        batch_op.drop_index(batch_op.f('ix_door_letter_mail_at'))

    op.drop_table('door_letter')
    op.drop_table('audit_seal')
