"""publishing that can be trusted

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "app_registration",
        sa.Column("network", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_name", sa.String(length=40), nullable=False),
        sa.Column(
            "stored_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.PrimaryKeyConstraint("network", name=op.f("pk_app_registration")),
    )
    op.create_table(
        "ceiling",
        sa.Column("network", sa.String(length=40), nullable=False),
        sa.Column("mills", sa.BigInteger(), nullable=False),
        sa.Column("set_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "set_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(["set_by_id"], ["person.id"], name=op.f("fk_ceiling_set_by_id_person")),
        sa.PrimaryKeyConstraint("network", name=op.f("pk_ceiling")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("happening", sa.String(length=120), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_ref", sa.String(length=60), nullable=False),
        sa.Column(
            "created_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "read_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column(
            "over_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("over_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column(
            "mail_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column(
            "mailed_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("mail_failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["over_by_id"], ["person.id"], name=op.f("fk_notice_over_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("person_id", "happening", name=op.f("uq_notice_person_id_happening")),
        sa.UniqueConstraint("ref", name=op.f("uq_notice_ref")),
    )
    op.create_index(op.f("ix_notice_created_at"), "notice", ["created_at"], unique=False)
    op.create_index(
        "ix_notice_open",
        "notice",
        ["subject_ref"],
        unique=False,
        sqlite_where=sa.text("over_at IS NULL"),
        postgresql_where=sa.text("over_at IS NULL"),
    )
    op.create_index("ix_notice_person", "notice", ["person_id", "id"], unique=False)
    op.create_index(
        "ix_notice_unmailed",
        "notice",
        ["mail_at"],
        unique=False,
        sqlite_where=sa.text("mail_at IS NOT NULL AND mailed_at IS NULL"),
        postgresql_where=sa.text("mail_at IS NOT NULL AND mailed_at IS NULL"),
    )
    op.create_index(
        "ix_notice_unread",
        "notice",
        ["person_id"],
        unique=False,
        sqlite_where=sa.text("read_at IS NULL AND over_at IS NULL"),
        postgresql_where=sa.text("read_at IS NULL AND over_at IS NULL"),
    )

    op.create_table(
        "connect_attempt",
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_name", sa.String(length=40), nullable=False),
        sa.Column(
            "created_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "used_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_connect_attempt_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_connect_attempt_person_id_person")
        ),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_connect_attempt")),
    )
    op.create_index(op.f("ix_connect_attempt_account_id"), "connect_attempt", ["account_id"], unique=False)

    op.create_table(
        "consent",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("asset_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("whom", sa.String(length=200), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column(
            "withdrawn_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("added_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "created_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_consent_added_by_id_person")),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_consent_asset_id_asset")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint("ref", name=op.f("uq_consent_ref")),
    )
    op.create_index(op.f("ix_consent_asset_id"), "consent", ["asset_id"], unique=False)

    op.create_table(
        "charge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("network", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("publication_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("mills", sa.BigInteger(), nullable=False),
        sa.Column(
            "at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_charge_account_id_account")),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_charge_publication_id_publication")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge")),
    )
    op.create_index(op.f("ix_charge_account_id"), "charge", ["account_id"], unique=False)
    op.create_index("ix_charge_network_at", "charge", ["network", "at"], unique=False)
    op.create_index(op.f("ix_charge_publication_id"), "charge", ["publication_id"], unique=False)

    op.create_table(
        "reading_round",
        sa.Column("publication_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("window", sa.String(length=8), nullable=False),
        sa.Column(
            "due_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "taken_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column(
            "lease_until",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("said_code", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_reading_round_publication_id_publication")
        ),
        sa.PrimaryKeyConstraint("publication_id", "window", name=op.f("pk_reading_round")),
    )
    op.create_index(
        "ix_reading_round_due",
        "reading_round",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("taken_at IS NULL"),
        postgresql_where=sa.text("taken_at IS NULL"),
    )

    op.create_table(
        "text_key",
        sa.Column("publication_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("network", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_text_key_account_id_account")),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_text_key_publication_id_publication")
        ),
        sa.PrimaryKeyConstraint("publication_id", "key", name=op.f("pk_text_key")),
    )
    op.create_index("ix_text_key_network_key", "text_key", ["network", "key"], unique=False)

    op.add_column(
        "account",
        sa.Column(
            "free_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
    )
    op.add_column("account", sa.Column("limits", sa.Text(), nullable=False, server_default="{}"))

    op.add_column(
        "credential", sa.Column("method", sa.String(length=40), nullable=False, server_default="keys")
    )
    op.add_column(
        "credential",
        sa.Column(
            "expires_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
    )
    op.add_column(
        "credential",
        sa.Column(
            "renewed_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
    )
    op.add_column(
        "credential", sa.Column("lease_owner", sa.String(length=80), nullable=False, server_default="")
    )
    op.add_column("credential", sa.Column("lease_gen", sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "credential",
        sa.Column(
            "lease_until",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
    )
    op.add_column(
        "credential", sa.Column("said_code", sa.String(length=60), nullable=False, server_default="")
    )

    op.add_column("person", sa.Column("wants_mail", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column(
        "person",
        sa.Column(
            "mail_free_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
    )

    op.add_column("post", sa.Column("target_url", sa.String(), nullable=False, server_default=""))

    op.create_index(
        "ix_publication_missed",
        "publication",
        ["late_after"],
        unique=False,
        sqlite_where=sa.text("state = 'scheduled'"),
        postgresql_where=sa.text("state = 'scheduled'"),
    )
    op.create_index(
        "ix_publication_needing",
        "publication",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('held', 'failed')"),
        postgresql_where=sa.text("state IN ('held', 'failed')"),
    )
    op.create_index("ix_publication_sent", "publication", ["account_id", "sent_at"], unique=False)
    op.drop_column("publication", "prepared")

    op.add_column("publication_part", sa.Column("prepared", sa.Text(), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("publication_part", "prepared")

    op.add_column("publication", sa.Column("prepared", sa.TEXT(), nullable=False, server_default="{}"))
    op.drop_index("ix_publication_sent", "publication")
    op.drop_index(
        "ix_publication_needing",
        "publication",
        sqlite_where=sa.text("state IN ('held', 'failed')"),
        postgresql_where=sa.text("state IN ('held', 'failed')"),
    )
    op.drop_index(
        "ix_publication_missed",
        "publication",
        sqlite_where=sa.text("state = 'scheduled'"),
        postgresql_where=sa.text("state = 'scheduled'"),
    )

    op.drop_column("post", "target_url")

    op.drop_column("person", "mail_free_at")
    op.drop_column("person", "wants_mail")

    op.drop_column("credential", "said_code")
    op.drop_column("credential", "lease_until")
    op.drop_column("credential", "lease_gen")
    op.drop_column("credential", "lease_owner")
    op.drop_column("credential", "renewed_at")
    op.drop_column("credential", "expires_at")
    op.drop_column("credential", "method")

    op.drop_column("account", "limits")
    op.drop_column("account", "free_at")

    op.drop_index("ix_text_key_network_key", "text_key")

    op.drop_table("text_key")
    op.drop_index(
        "ix_reading_round_due",
        "reading_round",
        sqlite_where=sa.text("taken_at IS NULL"),
        postgresql_where=sa.text("taken_at IS NULL"),
    )

    op.drop_table("reading_round")
    op.drop_index(op.f("ix_charge_publication_id"), "charge")
    op.drop_index("ix_charge_network_at", "charge")
    op.drop_index(op.f("ix_charge_account_id"), "charge")

    op.drop_table("charge")
    op.drop_index(op.f("ix_consent_asset_id"), "consent")

    op.drop_table("consent")
    op.drop_index(op.f("ix_connect_attempt_account_id"), "connect_attempt")

    op.drop_table("connect_attempt")
    op.drop_index(
        "ix_notice_unread",
        "notice",
        sqlite_where=sa.text("read_at IS NULL AND over_at IS NULL"),
        postgresql_where=sa.text("read_at IS NULL AND over_at IS NULL"),
    )
    op.drop_index(
        "ix_notice_unmailed",
        "notice",
        sqlite_where=sa.text("mail_at IS NOT NULL AND mailed_at IS NULL"),
        postgresql_where=sa.text("mail_at IS NOT NULL AND mailed_at IS NULL"),
    )
    op.drop_index("ix_notice_person", "notice")
    op.drop_index(
        "ix_notice_open",
        "notice",
        sqlite_where=sa.text("over_at IS NULL"),
        postgresql_where=sa.text("over_at IS NULL"),
    )
    op.drop_index(op.f("ix_notice_created_at"), "notice")

    op.drop_table("notice")
    op.drop_table("ceiling")
    op.drop_table("app_registration")
