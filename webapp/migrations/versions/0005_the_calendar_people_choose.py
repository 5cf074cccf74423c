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
        "rearrangement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("posts", sa.Text(), nullable=False),
        sa.Column(
            "made_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "undone_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_rearrangement_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rearrangement")),
        sa.UniqueConstraint("ref", name=op.f("uq_rearrangement_ref")),
    )
    op.create_index(op.f("ix_rearrangement_made_at"), "rearrangement", ["made_at"], unique=False)

    op.create_table(
        "theme_audience",
        sa.Column("theme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_theme_audience_theme_id_theme")),
        sa.PrimaryKeyConstraint("theme_id", "audience", name=op.f("pk_theme_audience")),
    )
    op.create_table(
        "post_audience",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_audience_post_id_post")),
        sa.PrimaryKeyConstraint("post_id", "audience", name=op.f("pk_post_audience")),
    )


def downgrade() -> None:
    op.drop_table("post_audience")
    op.drop_table("theme_audience")
    op.drop_index(op.f("ix_rearrangement_made_at"), "rearrangement")

    op.drop_table("rearrangement")
