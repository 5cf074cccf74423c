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
        "rendition",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_sha256", sa.String(length=64), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("framing", sa.String(length=20), nullable=False),
        sa.Column("recipe", sa.String(length=16), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("preview_sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("contrast", sa.Integer(), nullable=False),
        sa.Column("plate", sa.Boolean(), nullable=False),
        sa.Column(
            "created_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rendition")),
        sa.UniqueConstraint(
            "source_sha256",
            "format",
            "mark",
            "framing",
            "recipe",
            name=op.f("uq_rendition_source_sha256_format_mark_framing_recipe"),
        ),
    )
    op.create_index(op.f("ix_rendition_preview_sha256"), "rendition", ["preview_sha256"], unique=False)
    op.create_index(op.f("ix_rendition_sha256"), "rendition", ["sha256"], unique=False)

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
        "body_view",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("thing", sa.String(length=40), nullable=False),
        sa.Column("thing_id", sa.BigInteger(), nullable=False),
        sa.Column("body_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_body_view_body_id_body")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body_view")),
        sa.UniqueConstraint(
            "thing",
            "thing_id",
            "body_id",
            "seen_on",
            name=op.f("uq_body_view_thing_thing_id_body_id_seen_on"),
        ),
    )
    op.create_index(op.f("ix_body_view_body_id"), "body_view", ["body_id"], unique=False)

    op.create_table(
        "share_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("of", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=12), nullable=False),
        sa.Column("body_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
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
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_share_link_body_id_body")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_share_link_made_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_link")),
        sa.UniqueConstraint("ref", name=op.f("uq_share_link_ref")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_share_link_token_hash")),
    )
    op.create_index(op.f("ix_share_link_body_id"), "share_link", ["body_id"], unique=False)
    op.create_index("ix_share_link_subject", "share_link", ["of", "subject"], unique=False)

    op.create_table(
        "toolbox_key",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("body_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scopes", sa.String(length=120), nullable=False),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "made_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "last_used_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "revoked_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_toolbox_key_body_id_body")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_toolbox_key_made_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_toolbox_key")),
        sa.UniqueConstraint("ref", name=op.f("uq_toolbox_key_ref")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_toolbox_key_token_hash")),
    )
    op.create_index(op.f("ix_toolbox_key_body_id"), "toolbox_key", ["body_id"], unique=False)

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

    op.create_table(
        "fingerprint",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asset_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("picture", sa.String(length=64), nullable=False),
        sa.Column("bits", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_fingerprint_asset_id_asset")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fingerprint")),
        sa.UniqueConstraint("asset_id", "picture", name=op.f("uq_fingerprint_asset_id_picture")),
    )
    op.create_index(op.f("ix_fingerprint_picture"), "fingerprint", ["picture"], unique=False)

    op.create_table(
        "share_link_day",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("link_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("pulled", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["share_link.id"], name=op.f("fk_share_link_day_link_id_share_link")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_link_day")),
        sa.UniqueConstraint("link_id", "on", name=op.f("uq_share_link_day_link_id_on")),
    )
    op.create_table(
        "asset_framing",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cut", sa.String(length=40), nullable=False),
        sa.Column("across", sa.Integer(), nullable=True),
        sa.Column("down", sa.Integer(), nullable=True),
        sa.Column("set_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "set_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(["set_by_id"], ["person.id"], name=op.f("fk_asset_framing_set_by_id_person")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["asset_version.id"], name=op.f("fk_asset_framing_version_id_asset_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_framing")),
        sa.UniqueConstraint("version_id", name=op.f("uq_asset_framing_version_id")),
    )
    op.create_table(
        "takedown",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("asset_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("consent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("used_as", sa.String(length=40), nullable=False),
        sa.Column("used_key", sa.String(length=100), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("publication_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column(
            "asked_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column("answer", sa.String(length=40), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column(
            "answered_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
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
        sa.Column(
            "closed_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_takedown_answered_by_id_person")
        ),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_takedown_asset_id_asset")),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name=op.f("fk_takedown_consent_id_consent")),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_takedown_owner_id_owner")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_takedown_post_id_post")),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_takedown_publication_id_publication")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takedown")),
        sa.UniqueConstraint("consent_id", "used_key", name=op.f("uq_takedown_consent_id_used_key")),
        sa.UniqueConstraint("ref", name=op.f("uq_takedown_ref")),
    )
    op.create_index(op.f("ix_takedown_asset_id"), "takedown", ["asset_id"], unique=False)
    op.create_index(
        "ix_takedown_open",
        "takedown",
        ["owner_id"],
        unique=False,
        sqlite_where=sa.text("answered_at IS NULL AND closed_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL AND closed_at IS NULL"),
    )
    op.create_index(op.f("ix_takedown_post_id"), "takedown", ["post_id"], unique=False)
    op.create_index(op.f("ix_takedown_publication_id"), "takedown", ["publication_id"], unique=False)

    op.add_column("asset", sa.Column("text", sa.String(), nullable=False, server_default=""))

    op.add_column("asset_use", sa.Column("format", sa.String(length=40), nullable=False, server_default=""))

    op.add_column("asset_version", sa.Column("duration_ms", sa.Integer(), nullable=True))

    op.add_column(
        "consent", sa.Column("for_networks", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.add_column("consent", sa.Column("for_print", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("consent", sa.Column("for_radio", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column(
        "consent",
        sa.Column(
            "erased_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
    )


def downgrade() -> None:
    op.drop_column("consent", "erased_at")
    op.drop_column("consent", "for_radio")
    op.drop_column("consent", "for_print")
    op.drop_column("consent", "for_networks")

    op.drop_column("asset_version", "duration_ms")

    op.drop_column("asset_use", "format")

    op.drop_column("asset", "text")

    op.drop_index(op.f("ix_takedown_publication_id"), "takedown")
    op.drop_index(op.f("ix_takedown_post_id"), "takedown")
    op.drop_index(
        "ix_takedown_open",
        "takedown",
        sqlite_where=sa.text("answered_at IS NULL AND closed_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL AND closed_at IS NULL"),
    )
    op.drop_index(op.f("ix_takedown_asset_id"), "takedown")

    op.drop_table("takedown")
    op.drop_table("asset_framing")
    op.drop_table("share_link_day")
    op.drop_index(op.f("ix_fingerprint_picture"), "fingerprint")

    op.drop_table("fingerprint")
    op.drop_index(op.f("ix_asset_upload_touched_at"), "asset_upload")
    op.drop_index(op.f("ix_asset_upload_batch_id"), "asset_upload")

    op.drop_table("asset_upload")
    op.drop_index(op.f("ix_asset_collection_item_asset_id"), "asset_collection_item")

    op.drop_table("asset_collection_item")
    op.drop_table("asset_captions")
    op.drop_index(op.f("ix_toolbox_key_body_id"), "toolbox_key")

    op.drop_table("toolbox_key")
    op.drop_index("ix_share_link_subject", "share_link")
    op.drop_index(op.f("ix_share_link_body_id"), "share_link")

    op.drop_table("share_link")
    op.drop_index(op.f("ix_body_view_body_id"), "body_view")

    op.drop_table("body_view")
    op.drop_index(op.f("ix_asset_upload_batch_person_id"), "asset_upload_batch")

    op.drop_table("asset_upload_batch")
    op.drop_index(op.f("ix_rendition_sha256"), "rendition")
    op.drop_index(op.f("ix_rendition_preview_sha256"), "rendition")

    op.drop_table("rendition")
    op.drop_table("asset_collection")
