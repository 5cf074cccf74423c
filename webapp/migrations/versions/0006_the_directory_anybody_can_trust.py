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
        "turn_skip",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("skipped_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("skipped_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "skipped_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_turn_skip_owner_id_owner")),
        sa.ForeignKeyConstraint(
            ["skipped_by_id"], ["person.id"], name=op.f("fk_turn_skip_skipped_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn_skip")),
        sa.UniqueConstraint("owner_id", "skipped_on", name=op.f("uq_turn_skip_owner_id_skipped_on")),
    )
    op.create_index(op.f("ix_turn_skip_skipped_on"), "turn_skip", ["skipped_on"], unique=False)

    op.create_table(
        "declared_relay",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("network", sa.String(length=40), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("link_key", sa.String(length=64), nullable=False),
        sa.Column("declared_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "declared_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "withdrawn_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["declared_by_id"], ["person.id"], name=op.f("fk_declared_relay_declared_by_id_person")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_declared_relay_entry_id_entry")),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_declared_relay_owner_id_owner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declared_relay")),
        sa.UniqueConstraint("ref", name=op.f("uq_declared_relay_ref")),
    )
    op.create_index(op.f("ix_declared_relay_done_on"), "declared_relay", ["done_on"], unique=False)
    op.create_index(op.f("ix_declared_relay_entry_id"), "declared_relay", ["entry_id"], unique=False)
    op.create_index(
        "uq_declared_relay_link",
        "declared_relay",
        ["owner_id", "link_key"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )

    op.create_table(
        "entry_theme",
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("theme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("judged_by", sa.String(length=32), nullable=False),
        sa.Column(
            "decided_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_entry_theme_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_entry_theme_entry_id_entry")),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_entry_theme_theme_id_theme")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_entry_theme")),
    )
    op.create_index(op.f("ix_entry_theme_theme_id"), "entry_theme", ["theme_id"], unique=False)

    op.create_table(
        "relay",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column(
            "made_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "released_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_relay_entry_id_entry")),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_relay_owner_id_owner")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_relay_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relay")),
        sa.UniqueConstraint("post_id", name=op.f("uq_relay_post_id")),
    )
    op.create_index(op.f("ix_relay_entry_id"), "relay", ["entry_id"], unique=False)
    op.create_index(op.f("ix_relay_made_at"), "relay", ["made_at"], unique=False)
    op.create_index(op.f("ix_relay_owner_id"), "relay", ["owner_id"], unique=False)
    op.create_index(
        "uq_relay_standing",
        "relay",
        ["entry_id", "kind"],
        unique=True,
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )

    op.add_column("entry", sa.Column("searched", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("entry", "searched")

    op.drop_index(
        "uq_relay_standing",
        "relay",
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.drop_index(op.f("ix_relay_owner_id"), "relay")
    op.drop_index(op.f("ix_relay_made_at"), "relay")
    op.drop_index(op.f("ix_relay_entry_id"), "relay")

    op.drop_table("relay")
    op.drop_index(op.f("ix_entry_theme_theme_id"), "entry_theme")

    op.drop_table("entry_theme")
    op.drop_index(
        "uq_declared_relay_link",
        "declared_relay",
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.drop_index(op.f("ix_declared_relay_entry_id"), "declared_relay")
    op.drop_index(op.f("ix_declared_relay_done_on"), "declared_relay")

    op.drop_table("declared_relay")
    op.drop_index(op.f("ix_turn_skip_skipped_on"), "turn_skip")

    op.drop_table("turn_skip")
