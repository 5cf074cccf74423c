"""the tool-box

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asset_collection",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("planted_as", sa.String(length=60), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column(
            "created_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "archived_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_collection")),
        sa.UniqueConstraint("planted_as", name=op.f("uq_asset_collection_planted_as")),
        sa.UniqueConstraint("ref", name=op.f("uq_asset_collection_ref")),
    )
    op.create_table(
        "asset_upload_batch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_asset_upload_batch_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_upload_batch")),
        sa.UniqueConstraint("ref", name=op.f("uq_asset_upload_batch_ref")),
    )
    op.create_index(
        op.f("ix_asset_upload_batch_person_id"), "asset_upload_batch", ["person_id"], unique=False
    )

    op.create_table(
        "asset_captions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asset_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("vtt", sa.String(), nullable=False),
        sa.Column("cues", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "created_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_asset_captions_added_by_id_person")
        ),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_asset_captions_asset_id_asset")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_captions")),
        sa.UniqueConstraint("asset_id", "language", name=op.f("uq_asset_captions_asset_id_language")),
    )
    op.create_table(
        "asset_collection_item",
        sa.Column("collection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asset_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("added_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "added_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_asset_collection_item_added_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["asset.id"], name=op.f("fk_asset_collection_item_asset_id_asset")
        ),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["asset_collection.id"],
            name=op.f("fk_asset_collection_item_collection_id_asset_collection"),
        ),
        sa.PrimaryKeyConstraint("collection_id", "asset_id", name=op.f("pk_asset_collection_item")),
    )
    op.create_index(
        op.f("ix_asset_collection_item_asset_id"), "asset_collection_item", ["asset_id"], unique=False
    )

    op.create_table(
        "asset_upload",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("alt_text", sa.String(), nullable=False),
        sa.Column("refused", sa.String(length=60), nullable=False),
        sa.Column("refused_params", sa.Text(), nullable=False),
        sa.Column("duplicate", sa.Boolean(), nullable=False),
        sa.Column("asset_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "touched_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_asset_upload_asset_id_asset")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["asset_upload_batch.id"], name=op.f("fk_asset_upload_batch_id_asset_upload_batch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_upload")),
        sa.UniqueConstraint("ref", name=op.f("uq_asset_upload_ref")),
    )
    op.create_index(op.f("ix_asset_upload_batch_id"), "asset_upload", ["batch_id"], unique=False)
    op.create_index(op.f("ix_asset_upload_touched_at"), "asset_upload", ["touched_at"], unique=False)

    op.add_column("asset", sa.Column("text", sa.String(), nullable=False, server_default=""))

    op.add_column("asset_version", sa.Column("duration_ms", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("asset_version", "duration_ms")

    op.drop_column("asset", "text")

    op.drop_index(op.f("ix_asset_upload_touched_at"), "asset_upload")
    op.drop_index(op.f("ix_asset_upload_batch_id"), "asset_upload")

    op.drop_table("asset_upload")
    op.drop_index(op.f("ix_asset_collection_item_asset_id"), "asset_collection_item")

    op.drop_table("asset_collection_item")
    op.drop_table("asset_captions")
    op.drop_index(op.f("ix_asset_upload_batch_person_id"), "asset_upload_batch")

    op.drop_table("asset_upload_batch")
    op.drop_table("asset_collection")
