"""what a session takes home

Revision: 0008, after 0007
"""

import sqlalchemy as sa
from alembic import op


revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "indicator",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("seed_key", sa.String(length=80), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("horizon", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("ref", name=op.f("uq_indicator_ref")),
        sa.UniqueConstraint("seed_key", name=op.f("uq_indicator_seed_key")),
    )
    op.create_table(
        "post_tally",
        sa.Column(
            "post_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("publications", sa.LargeBinary(), nullable=False),
        sa.Column("at_1h", sa.LargeBinary(), nullable=False),
        sa.Column("at_24h", sa.LargeBinary(), nullable=False),
        sa.Column("at_72h", sa.LargeBinary(), nullable=False),
        sa.Column("at_7d", sa.LargeBinary(), nullable=False),
        sa.Column("at_28d", sa.LargeBinary(), nullable=False),
        sa.Column("echoes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_post_tally")),
    )
    op.create_index(op.f("ix_post_tally_last_at"), "post_tally", ["last_at"], unique=False)

    op.create_table(
        "tally_stale",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally_stale")),
    )
    op.create_index(op.f("ix_tally_stale_post_id"), "tally_stale", ["post_id"], unique=False)

    op.create_table(
        "asked_once",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("asked_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("location", sa.String(length=500), nullable=False),
        sa.Column("etag", sa.String(length=80), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column(
            "at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_asked_once_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_once")),
        sa.UniqueConstraint("person_id", "key", name=op.f("uq_asked_once_person_id_key")),
    )
    op.create_index("ix_asked_once_at", "asked_once", ["at"], unique=False)

    op.create_table(
        "closed_part",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("closed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "closed_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["person.id"], name=op.f("fk_closed_part_closed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_closed_part")),
    )
    op.create_table(
        "figure_import",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("window", sa.String(length=8), nullable=False),
        sa.Column("headings", sa.Text(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
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
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_figure_import_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_import")),
        sa.UniqueConstraint("ref", name=op.f("uq_figure_import_ref")),
    )
    op.create_index(op.f("ix_figure_import_expires_at"), "figure_import", ["expires_at"], unique=False)
    op.create_index(op.f("ix_figure_import_person_id"), "figure_import", ["person_id"], unique=False)

    op.create_table(
        "indicator_value",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("indicator_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(length=20), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("ranked", sa.Integer(), nullable=True),
        sa.Column("base", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("said_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "said_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "taken_back_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.id"], name=op.f("fk_indicator_value_indicator_id_indicator")
        ),
        sa.ForeignKeyConstraint(
            ["said_by_id"], ["person.id"], name=op.f("fk_indicator_value_said_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_value")),
        sa.UniqueConstraint("ref", name=op.f("uq_indicator_value_ref")),
    )
    op.create_index("ix_indicator_value_year", "indicator_value", ["indicator_id", "year"], unique=False)

    op.create_table(
        "person_token",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column(
            "made_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "expires_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "last_used_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "revoked_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_token_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_token")),
        sa.UniqueConstraint("ref", name=op.f("uq_person_token_ref")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_person_token_token_hash")),
    )
    op.create_index(op.f("ix_person_token_person_id"), "person_token", ["person_id"], unique=False)

    op.create_table(
        "follower_look",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "next_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "looked_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("said_code", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_follower_look_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_follower_look")),
    )
    op.create_index(op.f("ix_follower_look_next_at"), "follower_look", ["next_at"], unique=False)

    op.create_table(
        "line_adoption",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("body_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("said_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "said_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_line_adoption_body_id_body")),
        sa.ForeignKeyConstraint(
            ["line_id"], ["line_of_action.id"], name=op.f("fk_line_adoption_line_id_line_of_action")
        ),
        sa.ForeignKeyConstraint(
            ["said_by_id"], ["person.id"], name=op.f("fk_line_adoption_said_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_adoption")),
        sa.UniqueConstraint("line_id", "body_id", name=op.f("uq_line_adoption_line_id_body_id")),
    )
    op.create_index(op.f("ix_line_adoption_body_id"), "line_adoption", ["body_id"], unique=False)

    op.create_table(
        "line_task",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("body_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sort", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("target", sa.Integer(), nullable=True),
        sa.Column("reached", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("added_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "added_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "changed_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "removed_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_line_task_added_by_id_person")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_line_task_body_id_body")),
        sa.ForeignKeyConstraint(
            ["line_id"], ["line_of_action.id"], name=op.f("fk_line_task_line_id_line_of_action")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_task")),
        sa.UniqueConstraint("ref", name=op.f("uq_line_task_ref")),
    )
    op.create_index(op.f("ix_line_task_body_id"), "line_task", ["body_id"], unique=False)
    op.create_index(op.f("ix_line_task_line_id"), "line_task", ["line_id"], unique=False)

    op.create_table(
        "report",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("body_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("formats", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "asked_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "cut_off", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("source_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_report_asked_by_id_person")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_report_body_id_body")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_report_job_id_job")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("job_id", name=op.f("uq_report_job_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_report_ref")),
    )
    op.create_index("ix_report_asked", "report", ["asked_at", "id"], unique=False)
    op.create_index(op.f("ix_report_body_id"), "report", ["body_id"], unique=False)

    op.create_table(
        "story",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("sort", sa.String(length=40), nullable=False),
        sa.Column("body_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("edition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("written_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "written_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "removed_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_story_body_id_body")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_story_edition_id_edition")),
        sa.ForeignKeyConstraint(["written_by_id"], ["person.id"], name=op.f("fk_story_written_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
        sa.UniqueConstraint("ref", name=op.f("uq_story_ref")),
    )
    op.create_index(op.f("ix_story_body_id"), "story", ["body_id"], unique=False)
    op.create_index(op.f("ix_story_edition_id"), "story", ["edition_id"], unique=False)

    op.create_table(
        "webhook",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("body_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("kinds", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_name", sa.String(length=40), nullable=False),
        sa.Column(
            "previous_until",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "made_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "removed_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column(
            "failing_since",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "off_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("off_code", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_webhook_body_id_body")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_webhook_made_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
        sa.UniqueConstraint("ref", name=op.f("uq_webhook_ref")),
    )
    op.create_index(op.f("ix_webhook_body_id"), "webhook", ["body_id"], unique=False)

    op.create_table(
        "line_word",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("said_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "said_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "taken_back_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_line_word_event_id_event")),
        sa.ForeignKeyConstraint(
            ["line_id"], ["line_of_action.id"], name=op.f("fk_line_word_line_id_line_of_action")
        ),
        sa.ForeignKeyConstraint(["said_by_id"], ["person.id"], name=op.f("fk_line_word_said_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_word")),
        sa.UniqueConstraint("ref", name=op.f("uq_line_word_ref")),
    )
    op.create_index(op.f("ix_line_word_event_id"), "line_word", ["event_id"], unique=False)
    op.create_index("ix_line_word_line", "line_word", ["line_id", "id"], unique=False)

    op.create_table(
        "local_activity",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("participation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("added_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "added_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "removed_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_local_activity_added_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["participation.id"],
            name=op.f("fk_local_activity_participation_id_participation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_activity")),
        sa.UniqueConstraint("ref", name=op.f("uq_local_activity_ref")),
    )
    op.create_index("ix_local_activity_day", "local_activity", ["participation_id", "held_on"], unique=False)

    op.create_table(
        "local_plan",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("participation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("modality", sa.String(length=40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("liaison_name", sa.String(length=200), nullable=False),
        sa.Column("liaison_post", sa.String(length=200), nullable=False),
        sa.Column("liaison_contact", sa.String(length=254), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "changed_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_local_plan_changed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["participation.id"],
            name=op.f("fk_local_plan_participation_id_participation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_plan")),
        sa.UniqueConstraint("participation_id", name=op.f("uq_local_plan_participation_id")),
    )
    op.create_table(
        "milestone_claim",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("participation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("said_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "said_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "decided_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["action_id"], ["action.id"], name=op.f("fk_milestone_claim_action_id_action")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_milestone_claim_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["participation.id"],
            name=op.f("fk_milestone_claim_participation_id_participation"),
        ),
        sa.ForeignKeyConstraint(
            ["said_by_id"], ["person.id"], name=op.f("fk_milestone_claim_said_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone_claim")),
        sa.UniqueConstraint("ref", name=op.f("uq_milestone_claim_ref")),
    )
    op.create_index(
        "ix_milestone_claim_cell", "milestone_claim", ["participation_id", "action_id"], unique=False
    )

    op.create_table(
        "network_member",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("participation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sector", sa.String(length=40), nullable=False),
        sa.Column("institution", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("added_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "added_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "left_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_network_member_added_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["participation.id"],
            name=op.f("fk_network_member_participation_id_participation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_member")),
        sa.UniqueConstraint("ref", name=op.f("uq_network_member_ref")),
    )
    op.create_index(
        op.f("ix_network_member_participation_id"), "network_member", ["participation_id"], unique=False
    )

    op.create_table(
        "partial_report",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("participation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("delivered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "delivered_at",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "decided_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_partial_report_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["delivered_by_id"], ["person.id"], name=op.f("fk_partial_report_delivered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["participation_id"],
            ["participation.id"],
            name=op.f("fk_partial_report_participation_id_participation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partial_report")),
        sa.UniqueConstraint(
            "participation_id", "year", "number", name=op.f("uq_partial_report_participation_id_year_number")
        ),
        sa.UniqueConstraint("ref", name=op.f("uq_partial_report_ref")),
    )
    op.create_table(
        "report_file",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_file_report_id_report")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_file")),
        sa.UniqueConstraint("report_id", "format", name=op.f("uq_report_file_report_id_format")),
    )
    op.create_table(
        "webhook_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("happening", sa.String(length=120), nullable=False),
        sa.Column("subject_ref", sa.String(length=60), nullable=False),
        sa.Column(
            "at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column("webhook_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column(
            "spread_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhook.id"], name=op.f("fk_webhook_event_webhook_id_webhook")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_event")),
        sa.UniqueConstraint("kind", "happening", name=op.f("uq_webhook_event_kind_happening")),
        sa.UniqueConstraint("ref", name=op.f("uq_webhook_event_ref")),
    )
    op.create_index("ix_webhook_event_at", "webhook_event", ["at"], unique=False)
    op.create_index(
        "ix_webhook_event_unspread",
        "webhook_event",
        ["id"],
        unique=False,
        sqlite_where=sa.text("spread_at IS NULL"),
        postgresql_where=sa.text("spread_at IS NULL"),
    )
    op.create_index(op.f("ix_webhook_event_webhook_id"), "webhook_event", ["webhook_id"], unique=False)

    op.create_table(
        "proof",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("participation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("activity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sort", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("file_ref", sa.String(length=12), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("original_digest", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("added_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "added_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "removed_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("erase_on", sa.Date(), nullable=True),
        sa.Column(
            "erased_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["local_activity.id"], name=op.f("fk_proof_activity_id_local_activity")
        ),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_proof_added_by_id_person")),
        sa.ForeignKeyConstraint(
            ["line_id"], ["line_of_action.id"], name=op.f("fk_proof_line_id_line_of_action")
        ),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participation.id"], name=op.f("fk_proof_participation_id_participation")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["partial_report.id"], name=op.f("fk_proof_report_id_partial_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof")),
        sa.UniqueConstraint("ref", name=op.f("uq_proof_ref")),
    )
    op.create_index(op.f("ix_proof_activity_id"), "proof", ["activity_id"], unique=False)
    op.create_index("ix_proof_cell", "proof", ["participation_id", "position"], unique=False)
    op.create_index(op.f("ix_proof_erase_on"), "proof", ["erase_on"], unique=False)
    op.create_index(op.f("ix_proof_file_ref"), "proof", ["file_ref"], unique=False)
    op.create_index(op.f("ix_proof_line_id"), "proof", ["line_id"], unique=False)
    op.create_index(op.f("ix_proof_report_id"), "proof", ["report_id"], unique=False)

    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("webhook_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column(
            "next_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.Column(
            "lease_until",
            sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "tried_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answered", sa.String(length=500), nullable=False),
        sa.Column("said_code", sa.String(length=60), nullable=False),
        sa.Column("said_params", sa.Text(), nullable=False),
        sa.Column(
            "ended_at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["webhook_event.id"], name=op.f("fk_webhook_delivery_event_id_webhook_event")
        ),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhook.id"], name=op.f("fk_webhook_delivery_webhook_id_webhook")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint("ref", name=op.f("uq_webhook_delivery_ref")),
        sa.UniqueConstraint("webhook_id", "event_id", name=op.f("uq_webhook_delivery_webhook_id_event_id")),
    )
    op.create_index(
        "ix_webhook_delivery_due",
        "webhook_delivery",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("stage = 'waiting'"),
        postgresql_where=sa.text("stage = 'waiting'"),
    )
    op.create_index(op.f("ix_webhook_delivery_event_id"), "webhook_delivery", ["event_id"], unique=False)

    op.create_table(
        "custody_reading",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proof_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "at", sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_custody_reading_person_id_person")
        ),
        sa.ForeignKeyConstraint(["proof_id"], ["proof.id"], name=op.f("fk_custody_reading_proof_id_proof")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custody_reading")),
    )
    op.create_index(op.f("ix_custody_reading_proof_id"), "custody_reading", ["proof_id"], unique=False)

    op.add_column("edition", sa.Column("followed_since", sa.Date(), nullable=True))

    op.add_column("replication", sa.Column("dated", sa.Boolean(), nullable=False, server_default=sa.true()))
    # What was written before: a note without a date, or what a network told no moment of.
    op.execute(
        "UPDATE replication SET dated = false WHERE why_code LIKE '%_undated' "
        "OR entry_id IN (SELECT id FROM entry WHERE NOT dated)"
    )
    op.create_index("ix_replication_stage", "replication", ["stage", "body_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_replication_stage", "replication")
    op.drop_column("replication", "dated")

    op.drop_column("edition", "followed_since")

    op.drop_index(op.f("ix_custody_reading_proof_id"), "custody_reading")

    op.drop_table("custody_reading")
    op.drop_index(op.f("ix_webhook_delivery_event_id"), "webhook_delivery")
    op.drop_index(
        "ix_webhook_delivery_due",
        "webhook_delivery",
        sqlite_where=sa.text("stage = 'waiting'"),
        postgresql_where=sa.text("stage = 'waiting'"),
    )

    op.drop_table("webhook_delivery")
    op.drop_index(op.f("ix_proof_report_id"), "proof")
    op.drop_index(op.f("ix_proof_line_id"), "proof")
    op.drop_index(op.f("ix_proof_file_ref"), "proof")
    op.drop_index(op.f("ix_proof_erase_on"), "proof")
    op.drop_index("ix_proof_cell", "proof")
    op.drop_index(op.f("ix_proof_activity_id"), "proof")

    op.drop_table("proof")
    op.drop_index(op.f("ix_webhook_event_webhook_id"), "webhook_event")
    op.drop_index(
        "ix_webhook_event_unspread",
        "webhook_event",
        sqlite_where=sa.text("spread_at IS NULL"),
        postgresql_where=sa.text("spread_at IS NULL"),
    )
    op.drop_index("ix_webhook_event_at", "webhook_event")

    op.drop_table("webhook_event")
    op.drop_table("report_file")
    op.drop_table("partial_report")
    op.drop_index(op.f("ix_network_member_participation_id"), "network_member")

    op.drop_table("network_member")
    op.drop_index("ix_milestone_claim_cell", "milestone_claim")

    op.drop_table("milestone_claim")
    op.drop_table("local_plan")
    op.drop_index("ix_local_activity_day", "local_activity")

    op.drop_table("local_activity")
    op.drop_index("ix_line_word_line", "line_word")
    op.drop_index(op.f("ix_line_word_event_id"), "line_word")

    op.drop_table("line_word")
    op.drop_index(op.f("ix_webhook_body_id"), "webhook")

    op.drop_table("webhook")
    op.drop_index(op.f("ix_story_edition_id"), "story")
    op.drop_index(op.f("ix_story_body_id"), "story")

    op.drop_table("story")
    op.drop_index(op.f("ix_report_body_id"), "report")
    op.drop_index("ix_report_asked", "report")

    op.drop_table("report")
    op.drop_index(op.f("ix_line_task_line_id"), "line_task")
    op.drop_index(op.f("ix_line_task_body_id"), "line_task")

    op.drop_table("line_task")
    op.drop_index(op.f("ix_line_adoption_body_id"), "line_adoption")

    op.drop_table("line_adoption")
    op.drop_index(op.f("ix_follower_look_next_at"), "follower_look")

    op.drop_table("follower_look")
    op.drop_index(op.f("ix_person_token_person_id"), "person_token")

    op.drop_table("person_token")
    op.drop_index("ix_indicator_value_year", "indicator_value")

    op.drop_table("indicator_value")
    op.drop_index(op.f("ix_figure_import_person_id"), "figure_import")
    op.drop_index(op.f("ix_figure_import_expires_at"), "figure_import")

    op.drop_table("figure_import")
    op.drop_table("closed_part")
    op.drop_index("ix_asked_once_at", "asked_once")

    op.drop_table("asked_once")
    op.drop_index(op.f("ix_tally_stale_post_id"), "tally_stale")

    op.drop_table("tally_stale")
    op.drop_index(op.f("ix_post_tally_last_at"), "post_tally")

    op.drop_table("post_tally")
    op.drop_table("indicator")
