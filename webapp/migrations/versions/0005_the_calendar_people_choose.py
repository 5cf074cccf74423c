"""the calendar people choose

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("of", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "made_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "revoked_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column(
            "last_used_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column(
            "changed_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("ref", name=op.f("uq_calendar_feed_ref")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    op.create_index(op.f("ix_calendar_feed_person_id"), "calendar_feed", ["person_id"], unique=False)

    op.create_table(
        "sheet_import",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("unread", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column(
            "made_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "expires_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "done_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column(
            "undone_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sheet_import_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_import")),
        sa.UniqueConstraint("ref", name=op.f("uq_sheet_import_ref")),
    )
    op.create_index(op.f("ix_sheet_import_expires_at"), "sheet_import", ["expires_at"], unique=False)
    op.create_index(op.f("ix_sheet_import_person_id"), "sheet_import", ["person_id"], unique=False)

    op.create_table(
        "import_act",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("theme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("span_ref", sa.String(length=12), nullable=False),
        sa.Column("was_on", sa.Date(), nullable=True),
        sa.Column("was_until", sa.Date(), nullable=True),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["sheet_import.id"], name=op.f("fk_import_act_import_id_sheet_import")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_import_act_post_id_post")),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_import_act_theme_id_theme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_act")),
    )
    op.create_index(op.f("ix_import_act_import_id"), "import_act", ["import_id"], unique=False)

    op.create_table(
        "sheet_key",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_sheet_key_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_key")),
        sa.UniqueConstraint("key", name=op.f("uq_sheet_key_key")),
    )
    op.create_index(op.f("ix_sheet_key_post_id"), "sheet_key", ["post_id"], unique=False)

    op.create_table(
        "sheet_note",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_sheet_note_post_id_post")),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_sheet_note")),
    )


def downgrade() -> None:
    op.drop_table("sheet_note")
    op.drop_index(op.f("ix_sheet_key_post_id"), "sheet_key")

    op.drop_table("sheet_key")
    op.drop_index(op.f("ix_import_act_import_id"), "import_act")

    op.drop_table("import_act")
    op.drop_index(op.f("ix_sheet_import_person_id"), "sheet_import")
    op.drop_index(op.f("ix_sheet_import_expires_at"), "sheet_import")

    op.drop_table("sheet_import")
    op.drop_index(op.f("ix_calendar_feed_person_id"), "calendar_feed")

    op.drop_table("calendar_feed")
