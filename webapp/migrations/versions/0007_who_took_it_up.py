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

    op.add_column("feed", sa.Column("items_seen", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("feed", "items_seen")

    op.drop_index(op.f("ix_publication_seek_next_at"), "publication_seek")

    op.drop_table("publication_seek")
    op.drop_index(op.f("ix_replication_evidence_file_id"), "replication_evidence")

    op.drop_table("replication_evidence")
    op.drop_index("ix_offline_echo_form", "offline_echo")

    op.drop_table("offline_echo")
    op.drop_index(op.f("ix_account_seek_next_at"), "account_seek")

    op.drop_table("account_seek")
    op.drop_index(op.f("ix_evidence_file_sha256"), "evidence_file")
    op.drop_index(op.f("ix_evidence_file_original_hash"), "evidence_file")

    op.drop_table("evidence_file")
