"""PlanDAI in one participating state: its local plan and network, what it did, its reports, and what proves them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.db import Base, Id, Moment, Word, new_ref
from content_calendar.models.people import Person


class Modality(StrEnum):
    """How a state takes part; ``oversight`` is "contraloría y vigilancia ciudadana", beside the rest."""

    GENERAL = "general"
    OVERSIGHT = "oversight"


class Sector(StrEnum):
    """Whom a member of the local network stands for (PlanDAI 2021, B.1)."""

    GUARANTOR = "guarantor"
    EXECUTIVE = "executive"
    UNIVERSITY = "university"
    CIVIL_SOCIETY = "civil_society"
    MUNICIPAL = "municipal"
    STATE_CONTROL = "state_control"
    ADVISER = "adviser"
    OTHER = "other"


class ActivityKind(StrEnum):
    """What a state did for PlanDAI; what ``people`` counts depends on it.

    training: facilitators formed. certification: of them, certified by EC-1477. session: who came to a citizens'
    session. impact: requests and consultations made. monitors: citizen controllers formed. project: how many people
    a project of theirs involves. communication: none.
    """

    TRAINING = "training"
    CERTIFICATION = "certification"
    SESSION = "session"
    IMPACT = "impact"
    MONITORS = "monitors"
    PROJECT = "project"
    COMMUNICATION = "communication"


class ReportStage(StrEnum):
    """What became of a partial report that was handed in."""

    DELIVERED = "delivered"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class ProofSort(StrEnum):
    """What a proof is. Attendance lists name people: only who has the right to them opens one."""

    MINUTES = "minutes"
    PLAN = "plan"
    ATTENDANCE = "attendance"
    PHOTO = "photo"
    RECEIPT = "receipt"
    REPORT = "report"
    MATERIAL = "material"
    OTHER = "other"


class CustodyAct(StrEnum):
    """What happened to a proof. intact, altered: its file was read again and compared with its hash."""

    RECEIVED = "received"
    OPENED = "opened"
    INTACT = "intact"
    ALTERED = "altered"
    REMOVED = "removed"
    RESTORED = "restored"
    ERASED = "erased"


class LocalPlan(Base):
    """A state's local plan: its liaison, its modality, its twelve months and where it is published."""

    __tablename__ = "local_plan"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"), unique=True)
    modality: Mapped[Modality] = mapped_column(Word(Modality), default=Modality.GENERAL)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    # Where it is published; empty while it is not.
    link: Mapped[str] = mapped_column(default="")
    # Who answers for PlanDAI there: shown to those who work with them, never in public.
    liaison_name: Mapped[str] = mapped_column(String(200), default="")
    liaison_post: Mapped[str] = mapped_column(String(200), default="")
    liaison_contact: Mapped[str] = mapped_column(String(254), default="")
    note: Mapped[str] = mapped_column(default="")
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)

    changed_by: Mapped[Person] = relationship(lazy="raise_on_sql")


class NetworkMember(Base):
    """A member of a state's local network; their name is for those who work with them, never in public."""

    __tablename__ = "network_member"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"), index=True)
    sector: Mapped[Sector] = mapped_column(Word(Sector))
    institution: Mapped[str] = mapped_column(String(200), default="")
    name: Mapped[str] = mapped_column(String(200), default="")
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(Moment, default=now)
    left_at: Mapped[datetime | None] = mapped_column(Moment)


class MilestoneClaim(Base):
    """What somebody said that a state did of an action, and what the coordination answered. Never changed after that.

    ``accepted`` is None while nobody has answered.
    """

    __tablename__ = "milestone_claim"
    __table_args__ = (Index("ix_milestone_claim_cell", "participation_id", "action_id"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"))
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    # None: that it is not done after all.
    done_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    said_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    said_at: Mapped[datetime] = mapped_column(Moment, default=now)
    accepted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)

    said_by: Mapped[Person] = relationship(foreign_keys=[said_by_id], lazy="raise_on_sql")
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id], lazy="raise_on_sql")


class LocalActivity(Base):
    """Something that a state did for PlanDAI on a day. A number that nobody counted is None, never zero."""

    __tablename__ = "local_activity"
    __table_args__ = (Index("ix_local_activity_day", "participation_id", "held_on"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"))
    kind: Mapped[ActivityKind] = mapped_column(Word(ActivityKind))
    held_on: Mapped[date]
    title: Mapped[str] = mapped_column(String(200))
    people: Mapped[int | None]
    # Of those people, the women and the men that somebody counted apart; the rest is not told.
    women: Mapped[int | None]
    men: Mapped[int | None]
    link: Mapped[str] = mapped_column(default="")
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(Moment, default=now)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)


class PartialReport(Base):
    """A state's report of a bimester, once it was handed in; one that is owed has no row."""

    __tablename__ = "partial_report"
    __table_args__ = (UniqueConstraint("participation_id", "year", "number"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"))
    year: Mapped[int]
    number: Mapped[int]
    stage: Mapped[ReportStage] = mapped_column(Word(ReportStage))
    summary: Mapped[str] = mapped_column(default="")
    delivered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    delivered_at: Mapped[datetime] = mapped_column(Moment, default=now)
    answer: Mapped[str] = mapped_column(default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)


class Proof(Base):
    """What shows that something was done: a file kept apart and private, or a link.

    Of a file, ``digest`` is the SHA-256 of what is kept and ``original_digest`` of the bytes as they came. They are
    not called sha256, because this row keeps no file from being swept: the file's own row does.
    """

    __tablename__ = "proof"
    __table_args__ = (Index("ix_proof_cell", "participation_id", "position"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    # What it proves: of a state an action by its position, one of its activities or reports; or a line of action.
    participation_id: Mapped[int | None] = mapped_column(ForeignKey("participation.id"))
    position: Mapped[int | None]
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("local_activity.id"), index=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("partial_report.id"), index=True)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("line_of_action.id"), index=True)
    sort: Mapped[ProofSort] = mapped_column(Word(ProofSort))
    title: Mapped[str] = mapped_column(String(200))
    link: Mapped[str] = mapped_column(default="")
    # The file's public reference; empty for a link, and once the file was erased.
    file_ref: Mapped[str] = mapped_column(String(12), default="", index=True)
    digest: Mapped[str] = mapped_column(String(64), default="")
    original_digest: Mapped[str] = mapped_column(String(64), default="")
    media_type: Mapped[str] = mapped_column(String(60), default="")
    size: Mapped[int] = mapped_column(default=0)
    filename: Mapped[str] = mapped_column(String(200), default="")
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(Moment, default=now)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
    # When its file is erased because it names people; None for one that names nobody.
    erase_on: Mapped[date | None] = mapped_column(index=True)
    erased_at: Mapped[datetime | None] = mapped_column(Moment)

    added_by: Mapped[Person] = relationship(lazy="raise_on_sql")


class CustodyReading(Base):
    """One thing that happened to a proof, by whom and when; appended and never changed."""

    __tablename__ = "custody_reading"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    proof_id: Mapped[int] = mapped_column(ForeignKey("proof.id"), index=True)
    act: Mapped[CustodyAct] = mapped_column(Word(CustodyAct))
    # The SHA-256 that was found, where the file was read.
    digest: Mapped[str] = mapped_column(String(64), default="")
    # None: the software did it by itself.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)

    person: Mapped[Person | None] = relationship(lazy="raise_on_sql")
