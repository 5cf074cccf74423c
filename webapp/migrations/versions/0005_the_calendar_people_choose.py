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
        "glossary_term",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("term", sa.String(length=80), nullable=False),
        sa.Column("advice", sa.String(length=200), nullable=False),
        sa.Column(
            "changed_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_glossary_term")),
        sa.UniqueConstraint("kind", "term", name=op.f("uq_glossary_term_kind_term")),
    )
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
        "saved_text",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "changed_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_saved_text_author_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_text")),
        sa.UniqueConstraint("name", name=op.f("uq_saved_text_name")),
        sa.UniqueConstraint("ref", name=op.f("uq_saved_text_ref")),
    )
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
        "campaign_reviewer",
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_reviewer_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_campaign_reviewer_person_id_person")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "step", "person_id", name=op.f("pk_campaign_reviewer")),
    )
    op.create_table(
        "theme_audience",
        sa.Column("theme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_theme_audience_theme_id_theme")),
        sa.PrimaryKeyConstraint("theme_id", "audience", name=op.f("pk_theme_audience")),
    )
    op.create_table(
        "contribution_file",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contribution_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asset_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("known_before", sa.Boolean(), nullable=False),
        sa.Column("added_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "added_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "removed_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_contribution_file_added_by_id_person")
        ),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_contribution_file_asset_id_asset")),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_contribution_file_contribution_id_contribution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution_file")),
        sa.UniqueConstraint(
            "contribution_id", "asset_id", name=op.f("uq_contribution_file_contribution_id_asset_id")
        ),
    )
    op.create_index(op.f("ix_contribution_file_asset_id"), "contribution_file", ["asset_id"], unique=False)

    op.create_table(
        "deputy",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("membership_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("named_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "named_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "ended_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("until_before", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_deputy_membership_id_membership")
        ),
        sa.ForeignKeyConstraint(["named_by_id"], ["person.id"], name=op.f("fk_deputy_named_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputy")),
        sa.UniqueConstraint("membership_id", name=op.f("uq_deputy_membership_id")),
    )
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
        "post_audience",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_audience_post_id_post")),
        sa.PrimaryKeyConstraint("post_id", "audience", name=op.f("pk_post_audience")),
    )
    op.create_table(
        "post_text_key",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_text_key_post_id_post")),
        sa.PrimaryKeyConstraint("post_id", "key", name=op.f("pk_post_text_key")),
    )
    op.create_index(op.f("ix_post_text_key_key"), "post_text_key", ["key"], unique=False)

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
    op.create_table(
        "sitting",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "started_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "seen_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.Column("typed", sa.Text(), nullable=True),
        sa.Column(
            "typed_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sitting_person_id_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_sitting_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting")),
        sa.UniqueConstraint("person_id", "token", name=op.f("uq_sitting_person_id_token")),
    )
    op.create_index("ix_sitting_post_seen", "sitting", ["post_id", "seen_at"], unique=False)

    op.create_table(
        "review_comment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("review_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column(
            "said_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "settled_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("settled_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_review_comment_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_review_comment_review_id_review")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["person.id"], name=op.f("fk_review_comment_settled_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_comment")),
        sa.UniqueConstraint("ref", name=op.f("uq_review_comment_ref")),
    )
    op.create_index(op.f("ix_review_comment_review_id"), "review_comment", ["review_id"], unique=False)

    op.create_table(
        "review_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("review_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
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
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_review_link_person_id_person")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_review_link_review_id_review")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_review_link_token_hash")),
    )
    op.create_index(op.f("ix_review_link_person_id"), "review_link", ["person_id"], unique=False)
    op.create_index(op.f("ix_review_link_review_id"), "review_link", ["review_id"], unique=False)

    op.create_table(
        "review_signature",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("review_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column(
            "signed_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_review_signature_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_review_signature_review_id_review")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_signature")),
        sa.UniqueConstraint("review_id", "person_id", name=op.f("uq_review_signature_review_id_person_id")),
    )
    op.create_table(
        "review_view",
        sa.Column("review_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "seen_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_review_view_person_id_person")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_review_view_review_id_review")),
        sa.PrimaryKeyConstraint("review_id", "person_id", name=op.f("pk_review_view")),
    )
    op.add_column(
        "campaign", sa.Column("any_reviewer", sa.Boolean(), nullable=False, server_default=sa.true())
    )

    op.add_column("contribution", sa.Column("reminders", sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "contribution",
        sa.Column(
            "reminded_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
    )
    op.add_column(
        "contribution",
        sa.Column(
            "escalated_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
    )


def downgrade() -> None:
    op.drop_column("contribution", "escalated_at")
    op.drop_column("contribution", "reminded_at")
    op.drop_column("contribution", "reminders")

    op.drop_column("campaign", "any_reviewer")

    op.drop_table("review_view")
    op.drop_table("review_signature")
    op.drop_index(op.f("ix_review_link_review_id"), "review_link")
    op.drop_index(op.f("ix_review_link_person_id"), "review_link")

    op.drop_table("review_link")
    op.drop_index(op.f("ix_review_comment_review_id"), "review_comment")

    op.drop_table("review_comment")
    op.drop_index("ix_sitting_post_seen", "sitting")

    op.drop_table("sitting")
    op.drop_table("sheet_note")
    op.drop_index(op.f("ix_sheet_key_post_id"), "sheet_key")

    op.drop_table("sheet_key")
    op.drop_index(op.f("ix_post_text_key_key"), "post_text_key")

    op.drop_table("post_text_key")
    op.drop_table("post_audience")
    op.drop_index(op.f("ix_import_act_import_id"), "import_act")

    op.drop_table("import_act")
    op.drop_table("deputy")
    op.drop_index(op.f("ix_contribution_file_asset_id"), "contribution_file")

    op.drop_table("contribution_file")
    op.drop_table("theme_audience")
    op.drop_table("campaign_reviewer")
    op.drop_index(op.f("ix_sheet_import_person_id"), "sheet_import")
    op.drop_index(op.f("ix_sheet_import_expires_at"), "sheet_import")

    op.drop_table("sheet_import")
    op.drop_table("saved_text")
    op.drop_index(op.f("ix_rearrangement_made_at"), "rearrangement")

    op.drop_table("rearrangement")
    op.drop_index(op.f("ix_calendar_feed_person_id"), "calendar_feed")

    op.drop_table("calendar_feed")
    op.drop_table("glossary_term")
