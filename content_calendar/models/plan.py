"""What is said when: bimesters, themes, lines of action, contributions, campaigns, observances."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Column, ForeignKey, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.db import Base, Id, Json, Moment, Word, new_ref
from content_calendar.models.directory import Body, Confidence


class Bimester(Base):
    """Two months of the commission's calendar; 1 is January and February."""

    __tablename__ = "bimester"
    __table_args__ = (UniqueConstraint("year", "number"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    year: Mapped[int]
    number: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    goal: Mapped[str] = mapped_column(default="")


theme_line = Table(
    "theme_line",
    Base.metadata,
    Column("theme_id", ForeignKey("theme.id"), primary_key=True),
    Column("line_id", ForeignKey("line_of_action.id"), primary_key=True, index=True),
)


class Theme(Base):
    """A subject of the commission's plans, with its source and the dates the source gives."""

    __tablename__ = "theme"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    # What makes planting safe to repeat; empty for a theme that a person made.
    seed_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    description: Mapped[str] = mapped_column(default="")
    colour: Mapped[str] = mapped_column(String(7), default="#5b2a86")
    commission_id: Mapped[int | None] = mapped_column(ForeignKey("owner.id"), index=True)
    area: Mapped[str] = mapped_column(String(80), default="")
    kind: Mapped[str] = mapped_column(String(40), default="")
    # The source's own words for when, and what they give as dates.
    timing: Mapped[str] = mapped_column(String(200), default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    recurrence: Mapped[str] = mapped_column(String(60), default="")
    section: Mapped[str] = mapped_column(String(80), default="")
    source: Mapped[str] = mapped_column(default="")
    confidence: Mapped[Confidence] = mapped_column(Word(Confidence), default=Confidence.HIGH)
    note: Mapped[str] = mapped_column(default="")
    archived_at: Mapped[datetime | None] = mapped_column(Moment)

    lines: Mapped[list["LineOfAction"]] = relationship(secondary=theme_line, lazy="raise_on_sql")


class ThemeSpan(Base):
    """A theme placed on a bimester: the band one sees in the calendar."""

    __tablename__ = "theme_span"
    __table_args__ = (UniqueConstraint("bimester_id", "theme_id", "starts_on"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    bimester_id: Mapped[int] = mapped_column(ForeignKey("bimester.id"), index=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    note: Mapped[str] = mapped_column(default="")

    theme: Mapped[Theme] = relationship(lazy="raise_on_sql")


class LineOfAction(Base):
    """A line of a national programme or of the commission's plan; one without a known code is a place."""

    __tablename__ = "line_of_action"
    __table_args__ = (UniqueConstraint("programme", "position"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    programme: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(20), default="")
    title: Mapped[str] = mapped_column(default="")
    # The plan's term: green 0-3 months, yellow 3-6, orange 6-9, red 9-12, blue permanent.
    term: Mapped[str] = mapped_column(String(20), default="")
    transversal: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(default="")
    confidence: Mapped[Confidence] = mapped_column(Word(Confidence), default=Confidence.UNCONFIRMED)
    note: Mapped[str] = mapped_column(default="")


class ContributionStage(StrEnum):
    """Where a contribution stands."""

    ASKED = "asked"
    SENT = "sent"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    DROPPED = "dropped"


class Contribution(Base):
    """What a body gives, or owes, to a theme of a bimester."""

    __tablename__ = "contribution"
    __table_args__ = (UniqueConstraint("bimester_id", "theme_id", "body_id"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    bimester_id: Mapped[int] = mapped_column(ForeignKey("bimester.id"), index=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"), index=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    stage: Mapped[ContributionStage] = mapped_column(Word(ContributionStage), default=ContributionStage.ASKED)
    owed: Mapped[bool] = mapped_column(default=True)
    request: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date | None]
    text: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment, default=now)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    # How often its body was reminded, and when the commission was told that it does not answer.
    reminders: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None] = mapped_column(Moment)
    escalated_at: Mapped[datetime | None] = mapped_column(Moment)

    theme: Mapped[Theme] = relationship(lazy="raise_on_sql")
    body: Mapped[Body] = relationship(lazy="raise_on_sql")


class Campaign(Base):
    """A campaign: the tags, mentions and rules that its posts carry."""

    __tablename__ = "campaign"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(default="")
    # Kept as the plan writes them, with their accents and capitals.
    tags: Mapped[list[str]] = mapped_column(Json, default=list)
    # Whom its posts mention: the account of this owner, or of its successor, where one is certified.
    mentions_id: Mapped[int | None] = mapped_column(ForeignKey("owner.id"))
    review_steps: Mapped[int] = mapped_column(default=1)
    # Of the reviewers that a step names: whether one of them is enough.
    any_reviewer: Mapped[bool] = mapped_column(default=True)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")


class Observance(Base):
    """A day or week worth remembering; its dates are computed from ``rule`` for any year."""

    __tablename__ = "observance"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    rule: Mapped[str] = mapped_column(String(120))
    rule_text: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(default="")
    confidence: Mapped[Confidence] = mapped_column(Word(Confidence))
    note: Mapped[str] = mapped_column(default="")


class ObservanceDate(Base):
    """The dates of an observance that somebody fixes each year, or that a year moved."""

    __tablename__ = "observance_date"
    __table_args__ = (UniqueConstraint("observance_id", "year"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    observance_id: Mapped[int] = mapped_column(ForeignKey("observance.id"))
    year: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    source: Mapped[str] = mapped_column(default="")
