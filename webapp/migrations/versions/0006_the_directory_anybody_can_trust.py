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
        "ally_refusal",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column(
            "at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_ally_refusal")),
    )
    op.create_table(
        "ally",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("contact_name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("identity", sa.String(length=300), nullable=True),
        sa.Column("state_iso", sa.String(length=8), nullable=False),
        sa.Column("sector", sa.String(length=40), nullable=True),
        sa.Column("links", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("consent", sa.String(length=40), nullable=False),
        sa.Column(
            "consent_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("registered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "registered_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("batch_ref", sa.String(length=12), nullable=False),
        sa.Column(
            "erased_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["registered_by_id"], ["person.id"], name=op.f("fk_ally_registered_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ally")),
        sa.UniqueConstraint("identity", name=op.f("uq_ally_identity")),
        sa.UniqueConstraint("ref", name=op.f("uq_ally_ref")),
    )
    op.create_index(op.f("ix_ally_batch_ref"), "ally", ["batch_ref"], unique=False)
    op.create_index(op.f("ix_ally_state_iso"), "ally", ["state_iso"], unique=False)

    op.create_table(
        "ally_week",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=600), nullable=False),
        sa.Column(
            "prepared_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "sent_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("sent_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["sent_by_id"], ["person.id"], name=op.f("fk_ally_week_sent_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ally_week")),
        sa.UniqueConstraint("ref", name=op.f("uq_ally_week_ref")),
        sa.UniqueConstraint("starts_on", name=op.f("uq_ally_week_starts_on")),
    )
    op.create_table(
        "sweep",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("started_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "started_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "ended_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(["started_by_id"], ["person.id"], name=op.f("fk_sweep_started_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sweep")),
        sa.UniqueConstraint("ref", name=op.f("uq_sweep_ref")),
    )
    op.create_table(
        "ally_consent",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("ally_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(length=500), nullable=False),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=False),
        sa.Column("notice", sa.String(length=20), nullable=False),
        sa.Column("noted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "noted_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(["ally_id"], ["ally.id"], name=op.f("fk_ally_consent_ally_id_ally")),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["person.id"], name=op.f("fk_ally_consent_noted_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ally_consent")),
        sa.UniqueConstraint("ref", name=op.f("uq_ally_consent_ref")),
    )
    op.create_index(op.f("ix_ally_consent_ally_id"), "ally_consent", ["ally_id"], unique=False)

    op.create_table(
        "ally_contribution",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("ally_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("said_key", sa.String(length=64), nullable=False),
        sa.Column(
            "given_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(["ally_id"], ["ally.id"], name=op.f("fk_ally_contribution_ally_id_ally")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ally_contribution")),
        sa.UniqueConstraint("ally_id", "said_key", name=op.f("uq_ally_contribution_ally_id_said_key")),
        sa.UniqueConstraint("ref", name=op.f("uq_ally_contribution_ref")),
    )
    op.create_index(op.f("ix_ally_contribution_given_at"), "ally_contribution", ["given_at"], unique=False)

    op.create_table(
        "ally_letter",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("ally_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("occasion", sa.String(length=20), nullable=False),
        sa.Column("week_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column(
            "made_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "mail_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "sending_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column(
            "sent_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("said_code", sa.String(length=60), nullable=False),
        sa.Column("said_params", sa.Text(), nullable=False),
        sa.Column(
            "opened_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column(
            "received_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "pulled_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("pulled", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ally_id"], ["ally.id"], name=op.f("fk_ally_letter_ally_id_ally")),
        sa.ForeignKeyConstraint(["week_id"], ["ally_week.id"], name=op.f("fk_ally_letter_week_id_ally_week")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ally_letter")),
        sa.UniqueConstraint("ally_id", "kind", "occasion", name=op.f("uq_ally_letter_ally_id_kind_occasion")),
        sa.UniqueConstraint("ref", name=op.f("uq_ally_letter_ref")),
    )
    op.create_index(
        "ix_ally_letter_open",
        "ally_letter",
        ["mail_at"],
        unique=False,
        sqlite_where=sa.text("stage IN ('waiting', 'sending')"),
        postgresql_where=sa.text("stage IN ('waiting', 'sending')"),
    )
    op.create_index(op.f("ix_ally_letter_week_id"), "ally_letter", ["week_id"], unique=False)

    op.create_table(
        "certification_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_refs", sa.Text(), nullable=False),
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
        sa.ForeignKeyConstraint(
            ["owner_id"], ["owner.id"], name=op.f("fk_certification_link_owner_id_owner")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_certification_link_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certification_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_certification_link_token_hash")),
    )
    op.create_index(op.f("ix_certification_link_owner_id"), "certification_link", ["owner_id"], unique=False)
    op.create_index(
        op.f("ix_certification_link_person_id"), "certification_link", ["person_id"], unique=False
    )

    op.create_table(
        "feed_search",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_url", sa.String(length=1000), nullable=False),
        sa.Column("site_key", sa.String(length=64), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("listen", sa.Boolean(), nullable=False),
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
        "watched_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("health", sa.String(length=40), nullable=False),
        sa.Column("etag", sa.String(length=500), nullable=False),
        sa.Column(
            "check_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column(
            "checked_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column(
            "failing_since",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("said_code", sa.String(length=60), nullable=False),
        sa.Column("said_params", sa.Text(), nullable=False),
        sa.Column(
            "told_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column(
            "let_be_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column(
            "created_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name=op.f("fk_watched_link_owner_id_owner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watched_link")),
        sa.UniqueConstraint("kind", "subject", name=op.f("uq_watched_link_kind_subject")),
        sa.UniqueConstraint("ref", name=op.f("uq_watched_link_ref")),
    )
    op.create_index("ix_watched_link_due", "watched_link", ["check_at"], unique=False)
    op.create_index(op.f("ix_watched_link_health"), "watched_link", ["health"], unique=False)
    op.create_index(op.f("ix_watched_link_owner_id"), "watched_link", ["owner_id"], unique=False)

    op.create_table(
        "account_look",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "next_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "looked_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("result", sa.String(length=40), nullable=True),
        sa.Column("found_id", sa.String(length=200), nullable=False),
        sa.Column("found_handle", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_look_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_look")),
    )
    op.create_index(op.f("ix_account_look_next_at"), "account_look", ["next_at"], unique=False)

    op.create_table(
        "ally_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("letter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
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
        sa.ForeignKeyConstraint(
            ["letter_id"], ["ally_letter.id"], name=op.f("fk_ally_link_letter_id_ally_letter")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ally_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_ally_link_token_hash")),
    )
    op.create_index(op.f("ix_ally_link_letter_id"), "ally_link", ["letter_id"], unique=False)

    op.create_table(
        "certification_watch",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "until", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "told_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
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
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_certification_watch_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_certification_watch")),
    )
    op.create_table(
        "certification_yes",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "given_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column("remote_id", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_certification_yes_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_certification_yes_person_id_person")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_certification_yes")),
    )
    op.create_table(
        "directory_proposal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("fold_key", sa.String(length=600), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("proposed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "proposed_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "decided_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("answer", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_directory_proposal_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_directory_proposal_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["owner.id"], name=op.f("fk_directory_proposal_owner_id_owner")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_directory_proposal_proposed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_proposal")),
        sa.UniqueConstraint("ref", name=op.f("uq_directory_proposal_ref")),
    )
    op.create_index(
        op.f("ix_directory_proposal_account_id"), "directory_proposal", ["account_id"], unique=False
    )
    op.create_index(op.f("ix_directory_proposal_owner_id"), "directory_proposal", ["owner_id"], unique=False)
    op.create_index(
        op.f("ix_directory_proposal_proposed_by_id"), "directory_proposal", ["proposed_by_id"], unique=False
    )
    op.create_index(
        "uq_directory_proposal_waiting",
        "directory_proposal",
        ["owner_id", "fold_key"],
        unique=True,
        sqlite_where=sa.text("stage = 'waiting'"),
        postgresql_where=sa.text("stage = 'waiting'"),
    )

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

    op.create_table(
        "former_handle",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("network", sa.String(length=40), nullable=False),
        sa.Column("handle", sa.String(length=200), nullable=False),
        sa.Column("handle_folded", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_former_handle_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_handle")),
    )
    op.create_index(op.f("ix_former_handle_account_id"), "former_handle", ["account_id"], unique=False)
    op.create_index("ix_former_handle_handle", "former_handle", ["handle_folded", "network"], unique=False)

    op.create_table(
        "link_back",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("found", sa.Boolean(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column(
            "checked_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "found_since",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("said_code", sa.String(length=60), nullable=False),
        sa.Column("said_params", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_link_back_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_link_back")),
    )
    op.create_table(
        "sweep_ask",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("sweep_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("body_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column(
            "mail_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column(
            "written_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column(
            "reminded_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "copied_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("said_code", sa.String(length=60), nullable=False),
        sa.Column(
            "answered_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("answer_name", sa.String(length=200), nullable=False),
        sa.Column("answer_post", sa.String(length=200), nullable=False),
        sa.Column("accounts_text", sa.Text(), nullable=False),
        sa.Column("sites_text", sa.Text(), nullable=False),
        sa.Column("feeds_text", sa.Text(), nullable=False),
        sa.Column("feeds_unknown", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_sweep_ask_body_id_body")),
        sa.ForeignKeyConstraint(["sweep_id"], ["sweep.id"], name=op.f("fk_sweep_ask_sweep_id_sweep")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sweep_ask")),
        sa.UniqueConstraint("ref", name=op.f("uq_sweep_ask_ref")),
        sa.UniqueConstraint("sweep_id", "body_id", name=op.f("uq_sweep_ask_sweep_id_body_id")),
    )
    op.create_index(op.f("ix_sweep_ask_body_id"), "sweep_ask", ["body_id"], unique=False)
    op.create_index(op.f("ix_sweep_ask_mail_at"), "sweep_ask", ["mail_at"], unique=False)

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
        "sweep_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("ask_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("given", sa.String(length=500), nullable=False),
        sa.Column("network", sa.String(length=40), nullable=False),
        sa.Column("handle", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column("about", sa.String(length=1000), nullable=False),
        sa.Column("said_code", sa.String(length=60), nullable=False),
        sa.Column(
            "decided_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["ask_id"], ["sweep_ask.id"], name=op.f("fk_sweep_line_ask_id_sweep_ask")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_sweep_line_decided_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sweep_line")),
        sa.UniqueConstraint("ref", name=op.f("uq_sweep_line_ref")),
    )
    op.create_index(op.f("ix_sweep_line_ask_id"), "sweep_line", ["ask_id"], unique=False)

    op.create_table(
        "sweep_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("ask_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "made_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "expires_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["ask_id"], ["sweep_ask.id"], name=op.f("fk_sweep_link_ask_id_sweep_ask")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sweep_link")),
    )
    op.create_index(op.f("ix_sweep_link_ask_id"), "sweep_link", ["ask_id"], unique=False)

    op.create_table(
        "ally_echo",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("ally_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("letter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("medium", sa.String(length=40), nullable=False),
        sa.Column("network", sa.String(length=40), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("evidence_key", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("reach", sa.Integer(), nullable=True),
        sa.Column(
            "occurred_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("dated", sa.Boolean(), nullable=False),
        sa.Column(
            "declared_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("declared_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("standing", sa.String(length=40), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "decided_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(["ally_id"], ["ally.id"], name=op.f("fk_ally_echo_ally_id_ally")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_ally_echo_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["declared_by_id"], ["person.id"], name=op.f("fk_ally_echo_declared_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["ally_letter.id"], name=op.f("fk_ally_echo_letter_id_ally_letter")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_ally_echo_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ally_echo")),
        sa.UniqueConstraint("ally_id", "evidence_key", name=op.f("uq_ally_echo_ally_id_evidence_key")),
        sa.UniqueConstraint("ref", name=op.f("uq_ally_echo_ref")),
    )
    op.create_index(op.f("ix_ally_echo_letter_id"), "ally_echo", ["letter_id"], unique=False)
    op.create_index(op.f("ix_ally_echo_occurred_at"), "ally_echo", ["occurred_at"], unique=False)
    op.create_index(op.f("ix_ally_echo_post_id"), "ally_echo", ["post_id"], unique=False)

    op.create_table(
        "ally_week_post",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("week_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "left_out_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_ally_week_post_post_id_post")),
        sa.ForeignKeyConstraint(
            ["week_id"], ["ally_week.id"], name=op.f("fk_ally_week_post_week_id_ally_week")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ally_week_post")),
        sa.UniqueConstraint("week_id", "post_id", name=op.f("uq_ally_week_post_week_id_post_id")),
    )
    op.create_index(op.f("ix_ally_week_post_post_id"), "ally_week_post", ["post_id"], unique=False)

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

    op.add_column(
        "account",
        sa.Column(
            "certified_until",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
    )
    op.create_index(op.f("ix_account_certified_until"), "account", ["certified_until"], unique=False)

    op.add_column("entry", sa.Column("searched", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("entry", "searched")

    op.drop_index(op.f("ix_account_certified_until"), "account")
    op.drop_column("account", "certified_until")

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
    op.drop_index(op.f("ix_ally_week_post_post_id"), "ally_week_post")

    op.drop_table("ally_week_post")
    op.drop_index(op.f("ix_ally_echo_post_id"), "ally_echo")
    op.drop_index(op.f("ix_ally_echo_occurred_at"), "ally_echo")
    op.drop_index(op.f("ix_ally_echo_letter_id"), "ally_echo")

    op.drop_table("ally_echo")
    op.drop_index(op.f("ix_sweep_link_ask_id"), "sweep_link")

    op.drop_table("sweep_link")
    op.drop_index(op.f("ix_sweep_line_ask_id"), "sweep_line")

    op.drop_table("sweep_line")
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
    op.drop_index(op.f("ix_sweep_ask_mail_at"), "sweep_ask")
    op.drop_index(op.f("ix_sweep_ask_body_id"), "sweep_ask")

    op.drop_table("sweep_ask")
    op.drop_table("link_back")
    op.drop_index("ix_former_handle_handle", "former_handle")
    op.drop_index(op.f("ix_former_handle_account_id"), "former_handle")

    op.drop_table("former_handle")
    op.drop_index(op.f("ix_feed_offer_search_id"), "feed_offer")

    op.drop_table("feed_offer")
    op.drop_index(
        "uq_directory_proposal_waiting",
        "directory_proposal",
        sqlite_where=sa.text("stage = 'waiting'"),
        postgresql_where=sa.text("stage = 'waiting'"),
    )
    op.drop_index(op.f("ix_directory_proposal_proposed_by_id"), "directory_proposal")
    op.drop_index(op.f("ix_directory_proposal_owner_id"), "directory_proposal")
    op.drop_index(op.f("ix_directory_proposal_account_id"), "directory_proposal")

    op.drop_table("directory_proposal")
    op.drop_table("certification_yes")
    op.drop_table("certification_watch")
    op.drop_index(op.f("ix_ally_link_letter_id"), "ally_link")

    op.drop_table("ally_link")
    op.drop_index(op.f("ix_account_look_next_at"), "account_look")

    op.drop_table("account_look")
    op.drop_index(op.f("ix_watched_link_owner_id"), "watched_link")
    op.drop_index(op.f("ix_watched_link_health"), "watched_link")
    op.drop_index("ix_watched_link_due", "watched_link")

    op.drop_table("watched_link")
    op.drop_index(op.f("ix_turn_skip_skipped_on"), "turn_skip")

    op.drop_table("turn_skip")
    op.drop_index("ix_feed_search_due", "feed_search")

    op.drop_table("feed_search")
    op.drop_index(op.f("ix_certification_link_person_id"), "certification_link")
    op.drop_index(op.f("ix_certification_link_owner_id"), "certification_link")

    op.drop_table("certification_link")
    op.drop_index(op.f("ix_ally_letter_week_id"), "ally_letter")
    op.drop_index(
        "ix_ally_letter_open",
        "ally_letter",
        sqlite_where=sa.text("stage IN ('waiting', 'sending')"),
        postgresql_where=sa.text("stage IN ('waiting', 'sending')"),
    )

    op.drop_table("ally_letter")
    op.drop_index(op.f("ix_ally_contribution_given_at"), "ally_contribution")

    op.drop_table("ally_contribution")
    op.drop_index(op.f("ix_ally_consent_ally_id"), "ally_consent")

    op.drop_table("ally_consent")
    op.drop_table("sweep")
    op.drop_table("ally_week")
    op.drop_index(op.f("ix_ally_state_iso"), "ally")
    op.drop_index(op.f("ix_ally_batch_ref"), "ally")

    op.drop_table("ally")
    op.drop_table("ally_refusal")
