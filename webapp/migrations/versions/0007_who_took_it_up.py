"""who took it up

Revision: 0007, after 0006
"""

import sqlalchemy as sa
from alembic import op


revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evidence_file",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("thumbnail_sha256", sa.String(length=64), nullable=False),
        sa.Column("original_hash", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("added_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "added_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_evidence_file_added_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_file")),
        sa.UniqueConstraint("ref", name=op.f("uq_evidence_file_ref")),
    )
    op.create_index(op.f("ix_evidence_file_original_hash"), "evidence_file", ["original_hash"], unique=False)
    op.create_index(op.f("ix_evidence_file_sha256"), "evidence_file", ["sha256"], unique=False)

    op.create_table(
        "matching_threshold",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("set_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "set_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["person.id"], name=op.f("fk_matching_threshold_set_by_id_person")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_matching_threshold")),
    )
    op.create_table(
        "account_seek",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "read_until", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column(
            "next_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column(
            "lease_until",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "looked_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("said_code", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_seek_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_seek")),
    )
    op.create_index(op.f("ix_account_seek_next_at"), "account_seek", ["next_at"], unique=False)

    op.create_table(
        "followers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_followers_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_followers")),
        sa.UniqueConstraint("account_id", "on", name=op.f("uq_followers_account_id_on")),
    )
    op.create_table(
        "entry_picture",
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("url", sa.String(length=2048), nullable=False),
        sa.Column("picture", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("grey", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column(
            "next_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "looked_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column(
            "matched_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_entry_picture_entry_id_entry")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_entry_picture")),
    )
    op.create_index(
        "ix_entry_picture_unmatched",
        "entry_picture",
        ["entry_id"],
        unique=False,
        sqlite_where=sa.text("matched_at IS NULL"),
        postgresql_where=sa.text("matched_at IS NULL"),
    )
    op.create_index(
        "ix_entry_picture_waiting",
        "entry_picture",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("looked_at IS NULL"),
        postgresql_where=sa.text("looked_at IS NULL"),
    )

    op.create_table(
        "picture_look",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asset_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("picture", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("grey", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_picture_look_asset_id_asset")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture_look")),
        sa.UniqueConstraint("asset_id", "picture", name=op.f("uq_picture_look_asset_id_picture")),
    )
    op.create_index(op.f("ix_picture_look_picture"), "picture_look", ["picture"], unique=False)

    op.create_table(
        "correction",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("right", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "made_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column("told_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "called_off_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_correction_made_by_id_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_correction_post_id_post")),
        sa.ForeignKeyConstraint(["told_by_id"], ["post.id"], name=op.f("fk_correction_told_by_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint("ref", name=op.f("uq_correction_ref")),
    )
    op.create_index(op.f("ix_correction_post_id"), "correction", ["post_id"], unique=False)
    op.create_index(op.f("ix_correction_told_by_id"), "correction", ["told_by_id"], unique=False)

    op.create_table(
        "barrido_look",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("body_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=True),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("replication_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("found_as", sa.String(length=10), nullable=False),
        sa.Column("batch", sa.String(length=12), nullable=False),
        sa.Column("replaced", sa.Text(), nullable=True),
        sa.Column(
            "looked_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column("looked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_barrido_look_body_id_body")),
        sa.ForeignKeyConstraint(
            ["looked_by_id"], ["person.id"], name=op.f("fk_barrido_look_looked_by_id_person")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_barrido_look_post_id_post")),
        sa.ForeignKeyConstraint(
            ["replication_id"], ["replication.id"], name=op.f("fk_barrido_look_replication_id_replication")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_barrido_look")),
        sa.UniqueConstraint("week", "body_id", "post_id", name=op.f("uq_barrido_look_week_body_id_post_id")),
    )
    op.create_index(op.f("ix_barrido_look_batch"), "barrido_look", ["batch"], unique=False)
    op.create_index(op.f("ix_barrido_look_body_id"), "barrido_look", ["body_id"], unique=False)
    op.create_index(op.f("ix_barrido_look_post_id"), "barrido_look", ["post_id"], unique=False)
    op.create_index(op.f("ix_barrido_look_replication_id"), "barrido_look", ["replication_id"], unique=False)

    op.create_table(
        "correction_task",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("correction_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("body_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("doubtful", sa.Boolean(), nullable=False),
        sa.Column(
            "asked_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column("answer", sa.String(length=40), nullable=True),
        sa.Column("answer_link", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
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
        sa.Column(
            "mail_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column(
            "mailed_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("mail_code", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_correction_task_answered_by_id_person")
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_correction_task_body_id_body")),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["correction.id"], name=op.f("fk_correction_task_correction_id_correction")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_task")),
        sa.UniqueConstraint(
            "correction_id", "body_id", name=op.f("uq_correction_task_correction_id_body_id")
        ),
        sa.UniqueConstraint("ref", name=op.f("uq_correction_task_ref")),
    )
    op.create_index(op.f("ix_correction_task_body_id"), "correction_task", ["body_id"], unique=False)
    op.create_index(
        "ix_correction_task_mail",
        "correction_task",
        ["mail_at"],
        unique=False,
        sqlite_where=sa.text("mail_at IS NOT NULL"),
        postgresql_where=sa.text("mail_at IS NOT NULL"),
    )

    op.create_table(
        "local_text",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("body_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kept_against_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "changed_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("changed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_local_text_body_id_body")),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_local_text_changed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["kept_against_id"], ["post_version.id"], name=op.f("fk_local_text_kept_against_id_post_version")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_local_text_post_id_post")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["post_version.id"], name=op.f("fk_local_text_version_id_post_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_text")),
        sa.UniqueConstraint("post_id", "body_id", name=op.f("uq_local_text_post_id_body_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_local_text_ref")),
    )
    op.create_index(op.f("ix_local_text_body_id"), "local_text", ["body_id"], unique=False)

    op.create_table(
        "offline_echo",
        sa.Column("replication_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("reach", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["replication_id"], ["replication.id"], name=op.f("fk_offline_echo_replication_id_replication")
        ),
        sa.PrimaryKeyConstraint("replication_id", name=op.f("pk_offline_echo")),
    )
    op.create_index("ix_offline_echo_form", "offline_echo", ["form"], unique=False)

    op.create_table(
        "replication_evidence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("replication_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sort", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("picture_hash", sa.String(length=100), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "seen_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["evidence_file.id"], name=op.f("fk_replication_evidence_file_id_evidence_file")
        ),
        sa.ForeignKeyConstraint(
            ["replication_id"],
            ["replication.id"],
            name=op.f("fk_replication_evidence_replication_id_replication"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replication_evidence")),
        sa.UniqueConstraint("ref", name=op.f("uq_replication_evidence_ref")),
        sa.UniqueConstraint(
            "replication_id", "digest", name=op.f("uq_replication_evidence_replication_id_digest")
        ),
    )
    op.create_index(
        op.f("ix_replication_evidence_file_id"), "replication_evidence", ["file_id"], unique=False
    )

    op.create_table(
        "correction_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "made_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "expires_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["correction_task.id"], name=op.f("fk_correction_link_task_id_correction_task")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_correction_link")),
    )
    op.create_index(op.f("ix_correction_link_expires_at"), "correction_link", ["expires_at"], unique=False)
    op.create_index(op.f("ix_correction_link_task_id"), "correction_link", ["task_id"], unique=False)

    op.create_table(
        "local_text_save",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("local_text_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "saved_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column("saved_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["local_text_id"], ["local_text.id"], name=op.f("fk_local_text_save_local_text_id_local_text")
        ),
        sa.ForeignKeyConstraint(
            ["saved_by_id"], ["person.id"], name=op.f("fk_local_text_save_saved_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["post_version.id"], name=op.f("fk_local_text_save_version_id_post_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_text_save")),
        sa.UniqueConstraint("local_text_id", "n", name=op.f("uq_local_text_save_local_text_id_n")),
    )
    op.create_table(
        "publication_seek",
        sa.Column("publication_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "next_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column(
            "lease_until",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "looked_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("said_code", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_publication_seek_publication_id_publication"),
        ),
        sa.PrimaryKeyConstraint("publication_id", name=op.f("pk_publication_seek")),
    )
    op.create_index(op.f("ix_publication_seek_next_at"), "publication_seek", ["next_at"], unique=False)

    op.create_table(
        "result",
        sa.Column("publication_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("window", sa.String(length=8), nullable=False),
        sa.Column("views", sa.BigInteger(), nullable=True),
        sa.Column("engagements", sa.BigInteger(), nullable=True),
        sa.Column("clicks", sa.BigInteger(), nullable=True),
        sa.Column(
            "taken_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_result_publication_id_publication")
        ),
        sa.PrimaryKeyConstraint("publication_id", "window", name=op.f("pk_result")),
    )
    op.add_column("feed", sa.Column("items_seen", sa.Text(), nullable=False, server_default=""))

    op.create_index(
        "ix_publication_out",
        "publication",
        ["published_at"],
        unique=False,
        sqlite_where=sa.text("state = 'published'"),
        postgresql_where=sa.text("state = 'published'"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_publication_out",
        "publication",
        sqlite_where=sa.text("state = 'published'"),
        postgresql_where=sa.text("state = 'published'"),
    )

    op.drop_column("feed", "items_seen")

    op.drop_table("result")
    op.drop_index(op.f("ix_publication_seek_next_at"), "publication_seek")

    op.drop_table("publication_seek")
    op.drop_table("local_text_save")
    op.drop_index(op.f("ix_correction_link_task_id"), "correction_link")
    op.drop_index(op.f("ix_correction_link_expires_at"), "correction_link")

    op.drop_table("correction_link")
    op.drop_index(op.f("ix_replication_evidence_file_id"), "replication_evidence")

    op.drop_table("replication_evidence")
    op.drop_index("ix_offline_echo_form", "offline_echo")

    op.drop_table("offline_echo")
    op.drop_index(op.f("ix_local_text_body_id"), "local_text")

    op.drop_table("local_text")
    op.drop_index(
        "ix_correction_task_mail",
        "correction_task",
        sqlite_where=sa.text("mail_at IS NOT NULL"),
        postgresql_where=sa.text("mail_at IS NOT NULL"),
    )
    op.drop_index(op.f("ix_correction_task_body_id"), "correction_task")

    op.drop_table("correction_task")
    op.drop_index(op.f("ix_barrido_look_replication_id"), "barrido_look")
    op.drop_index(op.f("ix_barrido_look_post_id"), "barrido_look")
    op.drop_index(op.f("ix_barrido_look_body_id"), "barrido_look")
    op.drop_index(op.f("ix_barrido_look_batch"), "barrido_look")

    op.drop_table("barrido_look")
    op.drop_index(op.f("ix_correction_told_by_id"), "correction")
    op.drop_index(op.f("ix_correction_post_id"), "correction")

    op.drop_table("correction")
    op.drop_index(op.f("ix_picture_look_picture"), "picture_look")

    op.drop_table("picture_look")
    op.drop_index(
        "ix_entry_picture_waiting",
        "entry_picture",
        sqlite_where=sa.text("looked_at IS NULL"),
        postgresql_where=sa.text("looked_at IS NULL"),
    )
    op.drop_index(
        "ix_entry_picture_unmatched",
        "entry_picture",
        sqlite_where=sa.text("matched_at IS NULL"),
        postgresql_where=sa.text("matched_at IS NULL"),
    )

    op.drop_table("entry_picture")
    op.drop_table("followers")
    op.drop_index(op.f("ix_account_seek_next_at"), "account_seek")

    op.drop_table("account_seek")
    op.drop_table("matching_threshold")
    op.drop_index(op.f("ix_evidence_file_sha256"), "evidence_file")
    op.drop_index(op.f("ix_evidence_file_original_hash"), "evidence_file")

    op.drop_table("evidence_file")
