"""the directory anybody can trust

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ally_refusal",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column(
            "at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_ally_refusal")),
    )
    op.create_table(
        "ally",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("contact_name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("identity", sa.String(length=300), nullable=True),
        sa.Column("state_iso", sa.String(length=8), nullable=False),
        sa.Column("sector", sa.String(length=40), nullable=True),
        sa.Column("links", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("consent", sa.String(length=40), nullable=False),
        sa.Column(
            "consent_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("registered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "registered_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("batch_ref", sa.String(length=12), nullable=False),
        sa.Column(
            "erased_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["registered_by_id"], ["person.id"], name=op.f("fk_ally_registered_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ally")),
        sa.UniqueConstraint("identity", name=op.f("uq_ally_identity")),
        sa.UniqueConstraint("ref", name=op.f("uq_ally_ref")),
    )
    op.create_index(op.f("ix_ally_batch_ref"), "ally", ["batch_ref"], unique=False)
    op.create_index(op.f("ix_ally_state_iso"), "ally", ["state_iso"], unique=False)

    op.create_table(
        "ally_week",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=600), nullable=False),
        sa.Column(
            "prepared_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "sent_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("sent_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["sent_by_id"], ["person.id"], name=op.f("fk_ally_week_sent_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ally_week")),
        sa.UniqueConstraint("ref", name=op.f("uq_ally_week_ref")),
        sa.UniqueConstraint("starts_on", name=op.f("uq_ally_week_starts_on")),
    )
    op.create_table(
        "ally_consent",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("ally_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(length=500), nullable=False),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=False),
        sa.Column("notice", sa.String(length=20), nullable=False),
        sa.Column("noted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "noted_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(["ally_id"], ["ally.id"], name=op.f("fk_ally_consent_ally_id_ally")),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["person.id"], name=op.f("fk_ally_consent_noted_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ally_consent")),
        sa.UniqueConstraint("ref", name=op.f("uq_ally_consent_ref")),
    )
    op.create_index(op.f("ix_ally_consent_ally_id"), "ally_consent", ["ally_id"], unique=False)

    op.create_table(
        "ally_contribution",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("ally_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("said_key", sa.String(length=64), nullable=False),
        sa.Column(
            "given_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(["ally_id"], ["ally.id"], name=op.f("fk_ally_contribution_ally_id_ally")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ally_contribution")),
        sa.UniqueConstraint("ally_id", "said_key", name=op.f("uq_ally_contribution_ally_id_said_key")),
        sa.UniqueConstraint("ref", name=op.f("uq_ally_contribution_ref")),
    )
    op.create_index(op.f("ix_ally_contribution_given_at"), "ally_contribution", ["given_at"], unique=False)

    op.create_table(
        "ally_letter",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("ally_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("occasion", sa.String(length=20), nullable=False),
        sa.Column("week_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column(
            "made_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "mail_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "sending_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column(
            "sent_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("said_code", sa.String(length=60), nullable=False),
        sa.Column("said_params", sa.Text(), nullable=False),
        sa.Column(
            "opened_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column(
            "received_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "pulled_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("pulled", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ally_id"], ["ally.id"], name=op.f("fk_ally_letter_ally_id_ally")),
        sa.ForeignKeyConstraint(["week_id"], ["ally_week.id"], name=op.f("fk_ally_letter_week_id_ally_week")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ally_letter")),
        sa.UniqueConstraint("ally_id", "kind", "occasion", name=op.f("uq_ally_letter_ally_id_kind_occasion")),
        sa.UniqueConstraint("ref", name=op.f("uq_ally_letter_ref")),
    )
    op.create_index(
        "ix_ally_letter_open",
        "ally_letter",
        ["mail_at"],
        unique=False,
        sqlite_where=sa.text("stage IN ('waiting', 'sending')"),
        postgresql_where=sa.text("stage IN ('waiting', 'sending')"),
    )
    op.create_index(op.f("ix_ally_letter_week_id"), "ally_letter", ["week_id"], unique=False)

    op.create_table(
        "ally_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("letter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "made_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "expires_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "revoked_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["ally_letter.id"], name=op.f("fk_ally_link_letter_id_ally_letter")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ally_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_ally_link_token_hash")),
    )
    op.create_index(op.f("ix_ally_link_letter_id"), "ally_link", ["letter_id"], unique=False)

    op.create_table(
        "ally_echo",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("ally_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("letter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("medium", sa.String(length=40), nullable=False),
        sa.Column("network", sa.String(length=40), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("evidence_key", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("reach", sa.Integer(), nullable=True),
        sa.Column(
            "occurred_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("dated", sa.Boolean(), nullable=False),
        sa.Column(
            "declared_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("declared_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("standing", sa.String(length=40), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "decided_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(["ally_id"], ["ally.id"], name=op.f("fk_ally_echo_ally_id_ally")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_ally_echo_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["declared_by_id"], ["person.id"], name=op.f("fk_ally_echo_declared_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["ally_letter.id"], name=op.f("fk_ally_echo_letter_id_ally_letter")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_ally_echo_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ally_echo")),
        sa.UniqueConstraint("ally_id", "evidence_key", name=op.f("uq_ally_echo_ally_id_evidence_key")),
        sa.UniqueConstraint("ref", name=op.f("uq_ally_echo_ref")),
    )
    op.create_index(op.f("ix_ally_echo_letter_id"), "ally_echo", ["letter_id"], unique=False)
    op.create_index(op.f("ix_ally_echo_occurred_at"), "ally_echo", ["occurred_at"], unique=False)
    op.create_index(op.f("ix_ally_echo_post_id"), "ally_echo", ["post_id"], unique=False)

    op.create_table(
        "ally_week_post",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("week_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "left_out_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_ally_week_post_post_id_post")),
        sa.ForeignKeyConstraint(
            ["week_id"], ["ally_week.id"], name=op.f("fk_ally_week_post_week_id_ally_week")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ally_week_post")),
        sa.UniqueConstraint("week_id", "post_id", name=op.f("uq_ally_week_post_week_id_post_id")),
    )
    op.create_index(op.f("ix_ally_week_post_post_id"), "ally_week_post", ["post_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_ally_week_post_post_id"), "ally_week_post")

    op.drop_table("ally_week_post")
    op.drop_index(op.f("ix_ally_echo_post_id"), "ally_echo")
    op.drop_index(op.f("ix_ally_echo_occurred_at"), "ally_echo")
    op.drop_index(op.f("ix_ally_echo_letter_id"), "ally_echo")

    op.drop_table("ally_echo")
    op.drop_index(op.f("ix_ally_link_letter_id"), "ally_link")

    op.drop_table("ally_link")
    op.drop_index(op.f("ix_ally_letter_week_id"), "ally_letter")
    op.drop_index(
        "ix_ally_letter_open",
        "ally_letter",
        sqlite_where=sa.text("stage IN ('waiting', 'sending')"),
        postgresql_where=sa.text("stage IN ('waiting', 'sending')"),
    )

    op.drop_table("ally_letter")
    op.drop_index(op.f("ix_ally_contribution_given_at"), "ally_contribution")

    op.drop_table("ally_contribution")
    op.drop_index(op.f("ix_ally_consent_ally_id"), "ally_consent")

    op.drop_table("ally_consent")
    op.drop_table("ally_week")
    op.drop_index(op.f("ix_ally_state_iso"), "ally")
    op.drop_index(op.f("ix_ally_batch_ref"), "ally")

    op.drop_table("ally")
    op.drop_table("ally_refusal")
