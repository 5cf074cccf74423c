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
        "feed_search",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_url", sa.String(length=1000), nullable=False),
        sa.Column("site_key", sa.String(length=64), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "asked_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column("lease_owner", sa.String(length=80), nullable=False),
        sa.Column(
            "lease_until",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "ended_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("said_code", sa.String(length=60), nullable=False),
        sa.Column("said_params", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_feed_search_asked_by_id_person")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_feed_search_owner_id_owner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_search")),
        sa.UniqueConstraint("owner_id", "site_key", name=op.f("uq_feed_search_owner_id_site_key")),
        sa.UniqueConstraint("ref", name=op.f("uq_feed_search_ref")),
    )
    op.create_index("ix_feed_search_due", "feed_search", ["stage", "id"], unique=False)

    op.create_table(
        "feed_offer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("search_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column(
            "last_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.Column(
            "dismissed_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["search_id"], ["feed_search.id"], name=op.f("fk_feed_offer_search_id_feed_search")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_offer")),
        sa.UniqueConstraint("ref", name=op.f("uq_feed_offer_ref")),
        sa.UniqueConstraint("search_id", "url", name=op.f("uq_feed_offer_search_id_url")),
    )
    op.create_index(op.f("ix_feed_offer_search_id"), "feed_offer", ["search_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_feed_offer_search_id"), "feed_offer")

    op.drop_table("feed_offer")
    op.drop_index("ix_feed_search_due", "feed_search")

    op.drop_table("feed_search")
