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
        "certification_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_refs", sa.Text(), nullable=False),
        sa.Column(
            "made_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "expires_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "used_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["owner.id"], name=op.f("fk_certification_link_owner_id_owner")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_certification_link_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certification_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_certification_link_token_hash")),
    )
    op.create_index(op.f("ix_certification_link_owner_id"), "certification_link", ["owner_id"], unique=False)
    op.create_index(
        op.f("ix_certification_link_person_id"), "certification_link", ["person_id"], unique=False
    )

    op.create_table(
        "account_look",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "next_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "looked_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("result", sa.String(length=40), nullable=True),
        sa.Column("found_id", sa.String(length=200), nullable=False),
        sa.Column("found_handle", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_look_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_look")),
    )
    op.create_index(op.f("ix_account_look_next_at"), "account_look", ["next_at"], unique=False)

    op.create_table(
        "certification_watch",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "until", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "told_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column(
            "reminded_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "escalated_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_certification_watch_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_certification_watch")),
    )
    op.create_table(
        "certification_yes",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "given_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column("remote_id", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_certification_yes_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_certification_yes_person_id_person")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_certification_yes")),
    )
    op.create_table(
        "directory_proposal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("fold_key", sa.String(length=600), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("proposed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "proposed_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "decided_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("answer", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_directory_proposal_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_directory_proposal_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["owner.id"], name=op.f("fk_directory_proposal_owner_id_owner")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_directory_proposal_proposed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_proposal")),
        sa.UniqueConstraint("ref", name=op.f("uq_directory_proposal_ref")),
    )
    op.create_index(
        op.f("ix_directory_proposal_account_id"), "directory_proposal", ["account_id"], unique=False
    )
    op.create_index(op.f("ix_directory_proposal_owner_id"), "directory_proposal", ["owner_id"], unique=False)
    op.create_index(
        op.f("ix_directory_proposal_proposed_by_id"), "directory_proposal", ["proposed_by_id"], unique=False
    )
    op.create_index(
        "uq_directory_proposal_waiting",
        "directory_proposal",
        ["owner_id", "fold_key"],
        unique=True,
        sqlite_where=sa.text("stage = 'waiting'"),
        postgresql_where=sa.text("stage = 'waiting'"),
    )

    op.create_table(
        "former_handle",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("network", sa.String(length=40), nullable=False),
        sa.Column("handle", sa.String(length=200), nullable=False),
        sa.Column("handle_folded", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_former_handle_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_handle")),
    )
    op.create_index(op.f("ix_former_handle_account_id"), "former_handle", ["account_id"], unique=False)
    op.create_index("ix_former_handle_handle", "former_handle", ["handle_folded", "network"], unique=False)

    op.create_table(
        "link_back",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("found", sa.Boolean(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column(
            "checked_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "found_since",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("said_code", sa.String(length=60), nullable=False),
        sa.Column("said_params", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_link_back_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_link_back")),
    )
    op.add_column(
        "account",
        sa.Column(
            "certified_until",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
    )
    op.create_index(op.f("ix_account_certified_until"), "account", ["certified_until"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_account_certified_until"), "account")
    op.drop_column("account", "certified_until")

    op.drop_table("link_back")
    op.drop_index("ix_former_handle_handle", "former_handle")
    op.drop_index(op.f("ix_former_handle_account_id"), "former_handle")

    op.drop_table("former_handle")
    op.drop_index(
        "uq_directory_proposal_waiting",
        "directory_proposal",
        sqlite_where=sa.text("stage = 'waiting'"),
        postgresql_where=sa.text("stage = 'waiting'"),
    )
    op.drop_index(op.f("ix_directory_proposal_proposed_by_id"), "directory_proposal")
    op.drop_index(op.f("ix_directory_proposal_owner_id"), "directory_proposal")
    op.drop_index(op.f("ix_directory_proposal_account_id"), "directory_proposal")

    op.drop_table("directory_proposal")
    op.drop_table("certification_yes")
    op.drop_table("certification_watch")
    op.drop_index(op.f("ix_account_look_next_at"), "account_look")

    op.drop_table("account_look")
    op.drop_index(op.f("ix_certification_link_person_id"), "certification_link")
    op.drop_index(op.f("ix_certification_link_owner_id"), "certification_link")

    op.drop_table("certification_link")
