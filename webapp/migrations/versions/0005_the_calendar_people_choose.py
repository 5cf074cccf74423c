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
        "series",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("tag", sa.String(length=60), nullable=False),
        sa.Column("tag_folded", sa.String(length=60), nullable=False),
        sa.Column("first_number", sa.Integer(), nullable=False),
        sa.Column("next_number", sa.Integer(), nullable=False),
        sa.Column(
            "created_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("ref", name=op.f("uq_series_ref")),
        sa.UniqueConstraint("tag_folded", name=op.f("uq_series_tag_folded")),
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
        "reply",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("series_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("network", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("link_key", sa.String(length=64), nullable=True),
        sa.Column("handle", sa.String(length=120), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column(
            "said_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "found_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column("pasted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column(
            "settled_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("settled_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answer_url", sa.String(), nullable=False),
        sa.Column("answer_post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column(
            "reopened_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "deleted_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(["answer_post_id"], ["post.id"], name=op.f("fk_reply_answer_post_id_post")),
        sa.ForeignKeyConstraint(["pasted_by_id"], ["person.id"], name=op.f("fk_reply_pasted_by_id_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_reply_post_id_post")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_reply_series_id_series")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["person.id"], name=op.f("fk_reply_settled_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
        sa.UniqueConstraint("key", name=op.f("uq_reply_key")),
        sa.UniqueConstraint("link_key", name=op.f("uq_reply_link_key")),
        sa.UniqueConstraint("ref", name=op.f("uq_reply_ref")),
    )
    op.create_index("ix_reply_listed", "reply", ["series_id", "stage", "said_at"], unique=False)
    op.create_index(op.f("ix_reply_post_id"), "reply", ["post_id"], unique=False)
    op.create_index(
        "ix_reply_waiting",
        "reply",
        ["series_id", "said_at"],
        unique=False,
        sqlite_where=sa.text("stage = 'unanswered' AND deleted_at IS NULL"),
        postgresql_where=sa.text("stage = 'unanswered' AND deleted_at IS NULL"),
    )

    op.create_table(
        "series_number",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("series_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "given_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "out_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_series_number_post_id_post")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_series_number_series_id_series")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series_number")),
        sa.UniqueConstraint("series_id", "n", name=op.f("uq_series_number_series_id_n")),
        sa.UniqueConstraint("series_id", "post_id", name=op.f("uq_series_number_series_id_post_id")),
    )
    op.create_index(
        "ix_series_number_post",
        "series_number",
        ["post_id"],
        unique=True,
        sqlite_where=sa.text("out_at IS NULL"),
        postgresql_where=sa.text("out_at IS NULL"),
    )

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
        "reply_look",
        sa.Column("publication_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "next_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column(
            "looked_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("said_code", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_reply_look_publication_id_publication")
        ),
        sa.PrimaryKeyConstraint("publication_id", name=op.f("pk_reply_look")),
    )
    op.create_index(op.f("ix_reply_look_next_at"), "reply_look", ["next_at"], unique=False)

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
    op.drop_index(op.f("ix_review_comment_review_id"), "review_comment")

    op.drop_table("review_comment")
    op.drop_index(op.f("ix_reply_look_next_at"), "reply_look")

    op.drop_table("reply_look")
    op.drop_index("ix_sitting_post_seen", "sitting")

    op.drop_table("sitting")
    op.drop_table("sheet_note")
    op.drop_index(op.f("ix_sheet_key_post_id"), "sheet_key")

    op.drop_table("sheet_key")
    op.drop_index(
        "ix_series_number_post",
        "series_number",
        sqlite_where=sa.text("out_at IS NULL"),
        postgresql_where=sa.text("out_at IS NULL"),
    )

    op.drop_table("series_number")
    op.drop_index(
        "ix_reply_waiting",
        "reply",
        sqlite_where=sa.text("stage = 'unanswered' AND deleted_at IS NULL"),
        postgresql_where=sa.text("stage = 'unanswered' AND deleted_at IS NULL"),
    )
    op.drop_index(op.f("ix_reply_post_id"), "reply")
    op.drop_index("ix_reply_listed", "reply")

    op.drop_table("reply")
    op.drop_index(op.f("ix_post_text_key_key"), "post_text_key")

    op.drop_table("post_text_key")
    op.drop_table("post_audience")
    op.drop_index(op.f("ix_import_act_import_id"), "import_act")

    op.drop_table("import_act")
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
    op.drop_table("series")
    op.drop_table("glossary_term")
